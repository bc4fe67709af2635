"""A person in front of a real Chromium: reads what is on the page, answers it, goes on."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Locator, Page, StorageState, sync_playwright

_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
SEND = "この内容で送信する"


def the_chromium() -> str:
    """The path of Chromium, as installed on this machine."""
    chromium = shutil.which("chromium")
    assert chromium, "Chromium is missing: the pages are looked at in a real browser (Debian: apt install chromium)"
    return chromium


@contextmanager
def a_browser() -> Iterator[Browser]:
    """Chromium, as installed on this machine."""
    chromium = the_chromium()
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium, args=_ARGUMENTS)
        yield found
        found.close()


@contextmanager
def a_page(*, width: int = 1200, script: bool = True, state: StorageState | None = None) -> Iterator[Page]:
    """One window of a browser of its own; with *state*, one that was closed before."""
    with a_browser() as browser:
        window = browser.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=script, locale="ja-JP", storage_state=state
        )
        page = window.new_page()
        page.set_default_timeout(60_000)
        yield page


class Person:
    """Fills in the form from *answers*, whichever of its questions a page happens to ask."""

    def __init__(self, page: Page, answers: Mapping[str, Any]) -> None:
        self.page = page
        self.answers = answers
        self.titles: list[str] = []

    def fill_in(self, start: str) -> None:
        """From the first page to the 確認画面."""
        self.page.goto(start)
        self.press("入力をはじめる")
        self.go_through()

    def go_to(self, start: str, slug: str) -> None:
        """From the first page to the page called *slug*."""
        self.page.goto(start)
        self.press("入力をはじめる")
        while f"/{slug}" not in self.page.url:
            self.answer()
            self.go_on()

    def go_through(self) -> None:
        """From this page to the 確認画面."""
        while not self.page.url.endswith("/confirm"):
            self.titles.append(self.page.title())
            self.answer()
            self.go_on()
            assert "check" not in self.page.url, self.page.locator(".summary").inner_text()

    def press(self, name: str) -> None:
        """Press a button and wait for the page that it leads to."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name).click()

    def go_on(self) -> None:
        """The button at the end of the page, whatever it says there."""
        with self.page.expect_navigation():
            self.page.locator("form [data-go]").click()

    def answer(self) -> None:
        """Answer everything that this page shows, again after each answer that brought up more."""
        done: set[str] = set()
        while names := [name for name in self._names() if name not in done]:
            self._answer_one(names[0])
            done.add(names[0])

    def send(self) -> str:
        """Agree and send; the 受付番号."""
        self.page.locator("input[name=privacy_consent]").check()
        self.press(SEND)
        return self.page.locator(".number").inner_text().split()[-1]

    def _names(self) -> list[str]:
        found: list[str] = []
        for field in self.page.locator("form [name]").all():
            name = field.get_attribute("name") or ""
            if name in self.answers and name not in found and self._shown(field):
                found.append(name)
        return found

    def _shown(self, field: Locator) -> bool:
        # A radio button may be drawn by its label.
        return field.is_visible() or field.locator("xpath=ancestor::label").first.is_visible()

    def _answer_one(self, name: str) -> None:
        field = self.page.locator(f"form [name={name}]")
        value = self.answers[name]
        if field.first.evaluate("field => field.tagName") == "SELECT":
            field.select_option(str(value))
        elif field.first.get_attribute("type") in {"radio", "checkbox"}:
            for one in value if isinstance(value, list) else [value]:
                self.page.locator(f"form [name={name}][value='{one}']").check(force=True)
        else:
            field.fill(str(value))
