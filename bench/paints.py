"""How soon a customer sees each page of the form on a slow phone and network, beside this machine's own browser."""

import shutil
from statistics import median
from typing import Final

from playwright.sync_api import CDPSession, Page

from bench.results import Figures, Missing
from tests.form.guide import Guide
from tests.form.site import a_site
from tests.form.stops import HAPPY_PATH
from tests.journeys.browser import a_browser
from tests.judges.look import bring_paint, largest_paint
from tests.judges.window import a_window, as_on_a_first_visit

VISITS: Final = 3
GOAL_MS: Final = 1_500
PHONE_WIDTH: Final = 412
CPU_SLOWDOWN: Final = 4
SLOW_4G: Final = {
    "offline": False,
    "latency": 562.5,
    "downloadThroughput": 1_440_000 / 8,
    "uploadThroughput": 675_000 / 8,
}
"""In milliseconds, and bytes a second: Chromium's own "Slow 4G", which is slower than Lighthouse's."""


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
        here = _paints(guide, page)
        _slow_down(devtools)
        far = _paints(guide, page)
    worst = max(far, key=far.__getitem__)
    print(
        f"paints: the largest of a page at {min(far.values()):.0f} to {far[worst]:.0f} ms, latest on /{worst}"
        f" (goal {GOAL_MS}), on slow 4G with a {CPU_SLOWDOWN} x slower CPU"
        f" = {far[worst] / here[worst]:.1f} x this machine's own ({here[worst]:.0f} ms)"
    )
    return {"latest ms": far[worst], "x this machine's own": far[worst] / here[worst]}


def _slow_down(devtools: CDPSession) -> None:
    devtools.send("Network.enable")
    devtools.send("Network.emulateNetworkConditions", SLOW_4G)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": CPU_SLOWDOWN})


def _paints(guide: Guide, page: Page) -> dict[str, float]:
    times: dict[str, list[float]] = {stop.name: [] for stop in HAPPY_PATH}
    for _ in range(VISITS):
        for stop in HAPPY_PATH:
            guide.bring(page, stop)
            times[stop.name].append(largest_paint(page))
    return {name: median(found) for name, found in times.items()}
