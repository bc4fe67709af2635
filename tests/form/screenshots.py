"""Pictures of every page, for docs/form.md: `python -m tests.form.screenshots docs/images/form`."""

import sys
from base64 import b64decode
from pathlib import Path
from typing import Final

from playwright.sync_api import Page

from tests.form.guide import Guide
from tests.form.site import a_site
from tests.form.stops import STOPS
from tests.journeys.browser import a_browser
from tests.judges.look import narrow, widen
from tests.judges.window import a_window

_SMALLER: Final = 0.5
_QUALITY: Final = 30


def main(folder: Path) -> None:
    """Write `<stop>-desk.webp` and `<stop>-phone.webp` into *folder*."""
    folder.mkdir(parents=True, exist_ok=True)
    with a_site() as site, a_browser() as browser, a_window(browser) as page:
        guide = Guide(site)
        for stop in STOPS:
            widen(page)
            guide.bring(page, stop)
            (folder / f"{stop.name}-desk.webp").write_bytes(_picture(page))
            narrow(page)
            (folder / f"{stop.name}-phone.webp").write_bytes(_picture(page))


def _picture(page: Page) -> bytes:
    """All of the page, also what is below the window."""
    devtools = page.context.new_cdp_session(page)
    size = devtools.send("Page.getLayoutMetrics")["cssContentSize"]
    shot = devtools.send(
        "Page.captureScreenshot",
        {
            "format": "webp",
            "quality": _QUALITY,
            "captureBeyondViewport": True,
            "clip": {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": _SMALLER},
        },
    )
    devtools.detach()
    return b64decode(shot["data"])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
