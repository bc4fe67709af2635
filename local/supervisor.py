"""Restarts processes that ended although nobody stopped them. Services rely on it: some errors end their process."""

from collections.abc import Callable
from typing import Final, Protocol

from rich.markup import escape

from local.children import CannotStart

_BACK_OFF_S: Final = (1.0, 2.0, 5.0, 10.0, 30.0)
_HEALTHY_AFTER_S: Final = 60.0


class Supervised(Protocol):
    """A system of components that can be restarted."""

    def dead(self) -> list[str]:
        """The names of the components that are not running."""
        ...

    def restart(self, name: str) -> None:
        """Start one of them again. Raises `CannotStart`."""
        ...


class Supervisor:
    """Checks a system each time it is called. The more often a component dies, the longer it waits before a restart."""

    def __init__(self, system: Supervised, report: Callable[[str], None]) -> None:
        self._system = system
        self._report = report
        self._due: dict[str, float] = {}
        self._restarted: dict[str, float] = {}
        self._deaths: dict[str, int] = {}

    def check(self, now_s: float) -> None:
        """Report what has died since, and restart what has waited long enough. *now_s* never goes back."""
        for name in self._system.dead():
            if name not in self._due:
                self._schedule(name, now_s)
            elif now_s >= self._due[name]:
                self._restart(name, now_s)

    def _schedule(self, name: str, now_s: float) -> None:
        if now_s - self._restarted.get(name, now_s) > _HEALTHY_AFTER_S:
            self._deaths[name] = 0
        deaths = self._deaths.get(name, 0)
        pause_s = _BACK_OFF_S[min(deaths, len(_BACK_OFF_S) - 1)]
        self._deaths[name] = deaths + 1
        self._due[name] = now_s + pause_s
        self._report(f"[red]{name} が終了しました。[/]{pause_s:.0f} 秒後に再起動します。")

    def _restart(self, name: str, now_s: float) -> None:
        del self._due[name]
        self._restarted[name] = now_s
        try:
            self._system.restart(name)
        except CannotStart as reason:
            self._report(f"[red]{escape(str(reason))}[/]")
        else:
            self._report(f"{name} を再起動しました。")
