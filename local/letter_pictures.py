"""Pictures of letters, as a phone, a desk and a dark room show them: Chromium draws, and Playwright leads it.

Playwright is among what developers install, not among what the services need; so nothing imports this file at its top.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Literal

from playwright.sync_api import ViewportSize, sync_playwright

_Colours = Literal["light", "dark"]
_HEIGHT: Final = 600
_WINDOWS: Final[dict[str, tuple[int, _Colours]]] = {
    "phone": (320, "light"),
    "desktop": (900, "light"),
    "dark": (420, "dark"),
}
"""Width in pixels and colours, by the end of the picture's name."""
_ARGUMENTS: Final = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@contextmanager
def drawing(chromium: str) -> Iterator[Callable[[Path], list[Path]]]:
    """Makes the pictures of an HTML file beside it, each of the whole letter, in the program *chromium*."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=_ARGUMENTS)

        page = browser.new_page(java_script_enabled=False)

        def draw(file: Path) -> list[Path]:
            page.goto(file.resolve().as_uri())
            pictures = []
            for name, (width, colours) in _WINDOWS.items():
                page.set_viewport_size(ViewportSize(width=width, height=_HEIGHT))
                page.emulate_media(color_scheme=colours)
                pictures.append(file.with_name(f"{file.stem}-{name}.png"))
                page.screenshot(path=pictures[-1], full_page=True)
            return pictures

        yield draw
        browser.close()
