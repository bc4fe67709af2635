"""How soon a customer sees each page of the form on a slow phone and network, beside this machine's own browser."""

import shutil
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Final

from playwright.sync_api import CDPSession, Page

from bench.results import Figures, Missing
from bench.yardstick import Pace
from tests.form.guide import Guide
from tests.form.site import a_site
from tests.form.stops import BY_NAME, HAPPY_PATH, Stop
from tests.journeys.browser import a_browser
from tests.judges.look import bring_paint, largest_paint
from tests.judges.window import a_window, as_on_a_first_visit

ESTIMATE: Final = BY_NAME["estimate"]
STOPS: Final = (*HAPPY_PATH, ESTIMATE)
VISITS: Final = 3
_SAMPLES: Final = 9
GOAL_MS: Final = 1_500
ESTIMATE_GOAL_MS: Final = 1_200
PHONE_WIDTH: Final = 412
CPU_SLOWDOWN: Final = 4
"""Beside the machine of the budgets: where this one is slower itself, Chromium slows it less."""
SLOW_4G: Final = {
    "offline": False,
    "latency": 562.5,
    "downloadThroughput": 1_440_000 / 8,
    "uploadThroughput": 675_000 / 8,
}
"""In milliseconds, and bytes a second: Chromium's own "Slow 4G"."""
LIGHTHOUSE: Final = {**SLOW_4G, "latency": 150.0, "downloadThroughput": 1_638_400 / 8, "uploadThroughput": 750_000 / 8}
"""What Lighthouse calls a phone ("mobile slow 4G")."""


def report() -> Figures:
    """Largest Contentful Paint of each page, each time as for a first visit: the median of some visits.

    Raises `Missing` without Chromium.
    """
    if not shutil.which("chromium"):
        raise Missing("Chromium is missing (Debian: apt install chromium)")
    with a_site() as site, a_browser() as browser, a_window(browser, width=PHONE_WIDTH) as page:
        guide = Guide(site)
        bring_paint(page)
        devtools = as_on_a_first_visit(page)
        here = _paints(guide, page, STOPS)
        slow_down(devtools, SLOW_4G)
        far = _paints(guide, page, STOPS)
        slow_down(devtools, LIGHTHOUSE)
        [estimate] = _paints(guide, page, [ESTIMATE]).values()
    worst = max(far, key=far.__getitem__)
    print(
        f"paints: the largest of a page at {min(far.values()):.0f} to {far[worst]:.0f} ms, latest on /{worst}"
        f" (goal {GOAL_MS}), on slow 4G with a {CPU_SLOWDOWN} x slower CPU"
        f" = {far[worst] / here[worst]:.1f} x this machine's own ({here[worst]:.0f} ms)"
    )
    print(f"paints: of the estimate at {estimate:.0f} ms on Lighthouse's phone (goal {ESTIMATE_GOAL_MS})")
    return {
        "latest ms": far[worst],
        "x this machine's own": far[worst] / here[worst],
        "estimate ms": estimate,
    }


def slow_down(devtools: CDPSession, network: Mapping[str, object]) -> None:
    """From now on the window is on a slow phone in this network."""
    pace = Pace()
    for _ in range(_SAMPLES):
        pace.sample()
    devtools.send("Network.enable")
    devtools.send("Network.emulateNetworkConditions", dict(network))
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": CPU_SLOWDOWN / pace.factor})


def _paints(guide: Guide, page: Page, stops: Sequence[Stop]) -> dict[str, float]:
    times: dict[str, list[float]] = {stop.name: [] for stop in stops}
    for _ in range(VISITS):
        for stop in stops:
            guide.bring(page, stop)
            times[stop.name].append(largest_paint(page))
    return {name: median(found) for name, found in times.items()}
