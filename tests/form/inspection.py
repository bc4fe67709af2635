"""One visit to a stop, at which everything about it is noted down: a browser takes longer to come than to look."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from playwright.sync_api import Page

from tests.form.look import bring_axe, bring_paint, look, narrow, shifted, sticks_out_when_zoomed, violations, widen
from tests.form.stops import Stop
from tests.form.traffic import Traffic, watch
from tests.form.window import Guide

Notes = Mapping[str, list[str]]
"""What was found wrong, by where it was looked for."""


@dataclass(frozen=True, slots=True)
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


@dataclass
class Inspector:
    """Visits each stop once, however many tests ask about it; all in one window, since opening one takes longest."""

    guide: Guide
    page: Page
    _traffic: Traffic = field(init=False)
    _done: dict[str, Inspection] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._traffic = watch(self.page)
        bring_axe(self.page)
        bring_paint(self.page)

    def __call__(self, stop: Stop) -> Inspection:
        """What there is to say of *stop*."""
        if stop.name not in self._done:
            self._done[stop.name] = self._inspect(stop)
        return self._done[stop.name]

    def _inspect(self, stop: Stop) -> Inspection:
        html = self.guide.bring(self.page, stop).text()
        traffic = self._traffic
        sent, elsewhere, console = traffic.sent_bytes, traffic.from_elsewhere(self.guide.site.url), [*traffic.console]
        return Inspection(html, sent, elsewhere, console, shifted(self.page), *_looks(self.page))


def _looks(page: Page) -> tuple[Notes, Notes, list[str], list[str]]:
    widen(page)
    on_a_desk = violations(page)
    zoomed = sticks_out_when_zoomed(page)
    narrow(page)
    on_a_phone = violations(page)
    inaccessible = {
        "on a desk": on_a_desk,
        "on a phone": on_a_phone,
        "in the dark": violations(page, "dark"),
        "in forced colours": violations(page, "forced"),
    }
    sticks_out = {"at 200 %": zoomed, "on a phone": look(page, "sticks_out")}
    return inaccessible, sticks_out, look(page, "small_targets"), look(page, "clipped")
