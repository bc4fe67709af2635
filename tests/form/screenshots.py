"""Pictures of every page, on a desk, on a phone and in the dark: `python -m tests.form.screenshots FOLDER`."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from playwright.sync_api import Page

from deploy.local.mongod import Mongod
from tests.form.look import narrow, widen
from tests.form.site import a_site
from tests.form.stops import STOPS
from tests.form.window import Guide, a_browser, a_window

_SMALLER: Final = 0.75


def main(folder: Path) -> None:
    """Write `<stop>-desk.png`, `<stop>-phone.png` and `<stop>-dark.png` into *folder*."""
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as place:
        mongod = Mongod(Path(place))
        mongod.start()
        try:
            with (
                a_site(Path(place), mongod.port) as site,
                a_browser() as browser,
                a_window(browser, device_scale_factor=_SMALLER) as page,
            ):
                for stop in STOPS:
                    widen(page)
                    Guide(site).bring(page, stop)
                    _take(page, folder / stop.name)
        finally:
            mongod.kill()


def _take(page: Page, path: Path) -> None:
    page.screenshot(path=f"{path}-desk.png", full_page=True)
    narrow(page)
    page.screenshot(path=f"{path}-phone.png", full_page=True)
    page.emulate_media(color_scheme="dark")
    page.screenshot(path=f"{path}-dark.png", full_page=True)
    page.emulate_media(color_scheme="light")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
