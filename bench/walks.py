"""How long a customer is on the way with answers at hand: a slow phone and network as measured, and fingers as counted.

Nothing waits for the fingers. What they would take is added: keys, taps and thought by published figures.
"""

import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from playwright.sync_api import Page

from bench.paints import LIGHTHOUSE, slow_down
from bench.results import Figures, Missed, Missing
from tests.form.site import Site, a_site
from tests.journeys.browser import SEND, Person, a_browser
from tests.journeys.world import a_quote, brochure_only
from tests.judges.window import a_window

PHONE: Final = {"width": 360, "height": 640}
KEYS_A_SECOND: Final = 3.0
"""36.2 words of five letters a minute: the mean of 37,370 people on their own phones (Palin et al., MobileHCI 2019)."""
KEYS_A_JAPANESE_LETTER: Final = 2
"""A kanji has two kana, of which each is one flick, or one kana and one choice."""
TAP_S: Final = 1.1
"""To point at something (Card, Moran and Newell, 1980)."""
THOUGHT_S: Final = 1.35
"""To decide, where there is something to choose (the same); nobody thinks about their own name."""
COMPANY: Final = "見本"
"""How the name of the customer begins: enough to find it in the list of companies."""


@dataclass(slots=True)
class Walk:
    """A customer on the way: what their fingers did."""

    page: Page
    site: Site
    answers: Mapping[str, Any]
    answered: set[str] = field(default_factory=set)
    taps: int = 0
    choices: int = 0
    keys: int = 0

    @property
    def fingers_s(self) -> float:
        """Seconds that they would take."""
        return self.taps * TAP_S + self.choices * THOUGHT_S + self.keys / KEYS_A_SECOND

    def begin(self, button: str = "入力をはじめる") -> None:
        """To the first page of the form."""
        self.page.goto(self.site.url)
        self.press(button)

    def press(self, name: str) -> None:
        """One button, by its name."""
        self.taps += 1
        Person(self.page, self.answers).press(name)

    def answer(self) -> None:
        """Everything on this page that is not answered yet."""
        before = self._filled()
        if "company" in self.answers and "company" in before:
            self._find_company()
            before = self._filled()
        rest = {name: value for name, value in self.answers.items() if before.get(name) in (None, "")}
        Person(self.page, rest).answer()
        for name, value in self._filled().items():
            if value and value != before.get(name):
                self._count(name, value)

    def go_on(self) -> None:
        """To the next page."""
        self.taps += 1
        Person(self.page, self.answers).go_on()

    def send(self) -> None:
        """Agree and send."""
        self._count("privacy_consent", None)
        self.page.locator("input[name=privacy_consent]").check()
        self.press(SEND)

    def _find_company(self) -> None:
        self.page.locator("[name=company]").fill(COMPANY)
        self._count("company", COMPANY)
        self.press("企業名・法人番号から住所を入力")
        self.taps += 1
        with self.page.expect_navigation():
            self.page.locator("button[name=_action][value^='company:']").first.click()

    def _count(self, name: str, typed: str | None) -> None:
        self.answered.add(name)
        self.taps += 1
        how = self.page.locator(f"form [name={name}]").first.evaluate(
            "field => [...(field.list?.options ?? [])].some(({value}) => value === field.value) ? 'list' : field.type"
        )
        if how in {"radio", "checkbox", "select-one"}:
            self.choices += 1
        elif how == "list":
            self.taps += 1
            self.choices += 1
        elif typed:
            self.keys += sum(1 if letter.isascii() else KEYS_A_JAPANESE_LETTER for letter in typed)

    def _filled(self) -> dict[str, str]:
        """The fields of this page by name; of choices, those that were made."""
        found: dict[str, str] = self.page.evaluate(
            """() => Object.fromEntries([...document.querySelectorAll(
              "form :is(input:not([type=hidden]), select, textarea)[name]")].map((field) => [field.name,
                ["radio", "checkbox"].includes(field.type)
                  ? (document.querySelector(`form [name="${field.name}"]:checked`)?.value ?? "") : field.value]))"""
        )
        return found


def report() -> Figures:
    """Three walks. Raises `Missing` without Chromium, `Missed` when a walk is too long."""
    if not shutil.which("chromium"):
        raise Missing("Chromium is missing (Debian: apt install chromium)")
    figures: dict[str, float] = {}
    missed = []
    with a_site() as site, a_browser() as browser:
        for name, goal_s, answers, way in WALKS:
            with a_window(browser, viewport=PHONE) as page:
                page.set_default_timeout(60_000)
                slow_down(page.context.new_cdp_session(page), LIGHTHOUSE)
                walk = Walk(page, site, answers)
                began = time.perf_counter()
                way(walk)
                machine_s = time.perf_counter() - began
            took_s = machine_s + walk.fingers_s
            print(
                f"walks: {name} {took_s:.0f} s (goal {goal_s}): pages {machine_s:.0f} s, fingers {walk.fingers_s:.0f} s"
                f" ({len(walk.answered)} answers, {walk.taps} taps, {walk.keys} keys)"
            )
            figures |= {f"{name} s": took_s, f"{name} answers": len(walk.answered)}
            if took_s > goal_s:
                missed.append(name)
    if missed:
        raise Missed(f"too long: {', '.join(missed)}", figures)
    return figures


def _documents(walk: Walk) -> None:
    walk.begin("資料だけをメールで受け取る")
    _to_the_end(walk)


def _quote(walk: Walk) -> None:
    walk.begin()
    _to_the_end(walk)


def _to_the_end(walk: Walk) -> None:
    while not walk.page.url.endswith("/confirm"):
        walk.answer()
        walk.go_on()
    walk.send()


def _until_told(walk: Walk) -> None:
    """That this industry cannot be insured here, on the page that asks for it."""
    walk.begin()
    while not walk.page.url.partition("?")[0].endswith("/cover"):
        walk.answer()
        walk.go_on()
    walk.answer()
    walk.page.locator(".told").wait_for()


WALKS: Final[tuple[tuple[str, int, Mapping[str, Any], Callable[[Walk], None]], ...]] = (
    ("documents", 45, brochure_only(), _documents),
    ("quote", 360, a_quote(), _quote),
    ("excluded industry", 20, {"brochure": "none", "quote": "yes", "industry": "consumer_loan"}, _until_told),
)
