"""Starts again what has died while nobody asked it to: crash-only services count on it."""

from collections.abc import Callable
from typing import Final, Protocol

from rich.markup import escape

from local.children import CannotStart

_BACK_OFF_S: Final = (1.0, 2.0, 5.0, 10.0, 30.0)
_SOUND_AFTER_S: Final = 60.0


class Supervised(Protocol):
    """What the supervisor looks after."""

    def dead(self) -> list[str]:
        """The parts that are not running."""
        ...

    def revive(self, name: str) -> None:
        """Start one of them again. Raises `CannotStart`."""
        ...


class Supervisor:
    """Looks at a system when told to. A part that keeps dying is started less and less often."""

    def __init__(self, system: Supervised, say: Callable[[str], None]) -> None:
        self._system = system
        self._say = say
        self._due: dict[str, float] = {}
        self._revived: dict[str, float] = {}
        self._deaths: dict[str, int] = {}

    def look(self, now_s: float) -> None:
        """Report new deaths, and revive those whose pause is over. *now_s* only ever grows."""
        for name in self._system.dead():
            if name not in self._due:
                self._mourn(name, now_s)
            elif now_s >= self._due[name]:
                self._revive(name, now_s)

    def _mourn(self, name: str, now_s: float) -> None:
        if now_s - self._revived.get(name, now_s) > _SOUND_AFTER_S:
            self._deaths[name] = 0
        deaths = self._deaths.get(name, 0)
        pause_s = _BACK_OFF_S[min(deaths, len(_BACK_OFF_S) - 1)]
        self._deaths[name] = deaths + 1
        self._due[name] = now_s + pause_s
        self._say(f"[red]{name} が終了しました。[/]{pause_s:.0f} 秒後に再起動します。")

    def _revive(self, name: str, now_s: float) -> None:
        del self._due[name]
        self._revived[name] = now_s
        try:
            self._system.revive(name)
        except CannotStart as reason:
            self._say(f"[red]{escape(str(reason))}[/]")
        else:
            self._say(f"{name} を再起動しました。")
