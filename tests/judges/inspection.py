"""One visit to a page, at which everything about it is noted down: a browser takes longer to come than to look."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Generic, Protocol, TypeVar

from playwright.sync_api import Page, Response

from tests.judges.look import (
    Colours,
    bring_axe,
    bring_paint,
    look,
    narrow,
    shifted,
    sticks_out_at,
    sticks_out_when_zoomed,
    violations,
    widen,
)
from tests.judges.traffic import Traffic, watch

Notes = Mapping[str, list[str]]
"""What was found wrong, by where it was looked for."""
_COLOURS: Final[tuple[Colours, ...]] = ("light", "dark", "forced")


class Stop(Protocol):
    """A page that somebody may come to see."""

    @property
    def name(self) -> str: ...


_Stop = TypeVar("_Stop", bound=Stop)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """A page as it was served, what it fetched, and what was found wrong in it."""

    html: str
    sent_bytes: Mapping[str, int]
    from_elsewhere: list[str]
    console: list[str]
    shifted: float
    inaccessible: Notes
    sticks_out: Notes
    small: list[str]
    clipped: list[str]
    unseen_focus: list[str]
    ids_twice: list[str]


@dataclass
class Inspector(Generic[_Stop]):
    """Visits each stop once, however many tests ask about it; all in one window, since opening one takes longest.

    `bring` has the window show a stop. `widths` are looked at besides those of a desk and a phone.
    """

    page: Page
    bring: Callable[[Page, _Stop], Response]
    url: str
    widths: Sequence[int] = ()
    _traffic: Traffic = field(init=False)
    _done: dict[str, Inspection] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._traffic = watch(self.page)
        bring_axe(self.page)
        bring_paint(self.page)

    def __call__(self, stop: _Stop) -> Inspection:
        """What there is to say of *stop*."""
        if stop.name not in self._done:
            self._done[stop.name] = self._inspect(stop)
        return self._done[stop.name]

    def _inspect(self, stop: _Stop) -> Inspection:
        page, traffic = self.page, self._traffic
        widen(page)
        html = self.bring(page, stop).text()
        sent, elsewhere, console = traffic.sent_bytes, traffic.from_elsewhere(self.url), [*traffic.console]
        moved = shifted(page)
        look(page, "unfold")
        on_a_desk = {colours: violations(page, colours) for colours in _COLOURS}
        sticks_out = {"at 200 %": sticks_out_when_zoomed(page)}
        sticks_out |= {f"at {width} px": sticks_out_at(page, width) for width in self.widths}
        narrow(page)
        return Inspection(
            html=html,
            sent_bytes=sent,
            from_elsewhere=elsewhere,
            console=console,
            shifted=moved,
            inaccessible={
                **{f"on a desk, {colours}": found for colours, found in on_a_desk.items()},
                **{f"on a phone, {colours}": violations(page, colours) for colours in _COLOURS},
            },
            sticks_out=sticks_out | {"on a phone": look(page, "sticks_out")},
            small=look(page, "small_targets"),
            clipped=look(page, "clipped"),
            unseen_focus=_unseen_focus(page),
            ids_twice=look(page, "ids_twice"),
        )


def _unseen_focus(page: Page) -> list[str]:
    # Only after a key do browsers draw the focus wherever a script puts it.
    page.keyboard.press("Tab")
    found: list[str] = look(page, "unseen_focus")
    return found
