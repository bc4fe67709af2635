"""Questions to a page, each a script in `looks/` that the browser answers, and the judge of accessibility, axe-core."""

from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from playwright.sync_api import Page

from tests.judges.window import DESK, HEIGHT, PHONE

NODE_MODULES: Final = Path(__file__).parent / "node_modules"
MISSING: Final = (
    "tests/judges/node_modules is missing: the pages are judged by axe-core and the Nu HTML checker. "
    "`make test` installs them where Node is (Debian: apt install npm)."
)
_LOOKS: Final = Path(__file__).parent / "looks"
_RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_COLOURS: Final = ["color-contrast", "link-in-text-block"]
_ZOOMED: Final = {"width": DESK // 2, "height": HEIGHT // 2, "deviceScaleFactor": 2, "mobile": False}
"""A desk's window at 200 %."""

Colours = Literal["light", "dark", "forced"]


def look(page: Page, question: str, *about: object) -> Any:  # noqa: ANN401  # each question has its own kind of answer
    """What *page* answers to the question of this name."""
    return page.evaluate(script(question), *about)


@cache
def script(name: str) -> str:
    """The question of this name."""
    return (_LOOKS / f"{name}.js").read_text("utf-8")


def violations(page: Page, colours: Colours = "light") -> list[str]:
    """What axe-core finds wrong with *page*; other colours than light are judged for what they are read by."""
    page.emulate_media(
        color_scheme="dark" if colours == "dark" else "light", forced_colors="active" if colours == "forced" else "none"
    )
    run_only = {"type": "tag", "values": _RULES} if colours == "light" else {"type": "rule", "values": _COLOURS}
    found: list[str] = look(page, "axe", {"runOnly": run_only, "resultTypes": ["violations"]})
    page.emulate_media(color_scheme="light", forced_colors="none")
    return found


def bring_axe(page: Page) -> None:
    """Have axe-core at hand in whatever *page* shows from now on.

    It is not a script of those pages, so that their Content-Security-Policy stays as customers' browsers apply it.
    """
    path = NODE_MODULES / "axe-core" / "axe.min.js"
    assert path.is_file(), MISSING
    page.add_init_script(path=path)


def bring_paint(page: Page) -> None:
    """Have whatever *page* shows from now on note when it was painted, and how far things jumped about."""
    page.add_init_script(script("paint"))


def shifted(page: Page) -> float:
    """The cumulative layout shift up to the next paint but one: what was painted before has been reported by then."""
    return float(look(page, "painted")["shifted"])


def largest_paint(page: Page) -> float:
    """Milliseconds until the largest of what *page* shows was painted."""
    return float(look(page, "painted")["largest"])


def narrow(page: Page) -> None:
    """As on a small phone."""
    page.set_viewport_size({"width": PHONE, "height": HEIGHT})


def widen(page: Page) -> None:
    """As on a desk."""
    page.set_viewport_size({"width": DESK, "height": HEIGHT})


def sticks_out_at(page: Page, width: int) -> list[str]:
    """What is cut off in a window of this width."""
    page.set_viewport_size({"width": width, "height": HEIGHT})
    found: list[str] = look(page, "sticks_out")
    return found


def sticks_out_when_zoomed(page: Page) -> list[str]:
    """What is cut off at 200 % on an ordinary screen."""
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setDeviceMetricsOverride", _ZOOMED)
    found: list[str] = look(page, "sticks_out")
    session.send("Emulation.clearDeviceMetricsOverride")
    session.detach()
    return found
