"""The list, the figures and the backlog page in a real Chromium: nothing is cut off or scrolls sideways."""

import asyncio
import socket
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page

from services.dashboard.domain.facts import Fact
from tests.journeys.browser import a_browser
from tests.served import served
from tests.services.dashboard.builders import (
    NOON,
    a_closing,
    a_dead_letter,
    a_letter_failed,
    a_letter_sent,
    a_referral,
    a_request,
    an_approval_asked,
    an_assignment,
    an_offer,
)
from tests.services.dashboard.fakes import PASSWORD, InMemoryDashboard

LONG = "株式会社インターナショナルソリューションズホールディングス東日本営業本部第二システム統括部"
WIDTHS = (320, 768, 1024, 1280, 1920)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with a_browser() as found:
        yield found


def the_longest_values() -> list[Fact]:
    last_year = NOON - timedelta(days=400)
    return [
        *(a_request(company=LONG, person="五十嵐ウィリアムズ 龍之介"), an_offer(987_654_320)),
        a_letter_sent("quote", after=timedelta(minutes=8, seconds=33)),
        an_assignment(to="a-clerk-with-a-very-long-name"),
        a_request("held", reception_no="HELD2222", suspicions=("honeypot", "many-to-mailbox"), brochure="post"),
        *(a_referral(request_id="held"), an_approval_asked().model_copy(update={"request_id": "held"})),
        *(a_request("closed", reception_no="CLSD3333", at=last_year), a_closing("closed", "handed-over")),
        *(a_request("failed", reception_no="FAIL4444"), a_letter_failed().model_copy(update={"request_id": "failed"})),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Before the browser, in whose loop nothing else can be run."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        dashboard = InMemoryDashboard(address=f"http://localhost:{listener.getsockname()[1]}")
        for fact in the_longest_values():
            asyncio.run(dashboard.cases.add(fact))
        dashboard.dead_letters.letters["one"] = a_dead_letter("one")
        with served(dashboard.app(), listener):
            yield dashboard.address
            dashboard.is_stopping = True


@pytest.fixture(scope="module")
def page(address: str, browser: Browser) -> Iterator[Page]:
    window = browser.new_context(locale="ja-JP", java_script_enabled=True)
    page = window.new_page()
    page.goto(f"{address}/login")
    page.get_by_label("ログイン名").fill("desk")
    page.get_by_label("パスワード", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="ログインする", exact=True).click()
    page.wait_for_url("**/")
    yield page
    page.goto("about:blank")
    window.close()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(
    "path", ["/", "/?state=quoted&brochure=email&premium_to=999999999999", "/figures", "/backlog", "/bulk"]
)
def test_no_page_scrolls_sideways_with_the_longest_values(page: Page, address: str, path: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})

    page.goto(f"{address}{path}")

    assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("width", [1024, 1280, 1920])
def test_the_name_of_a_company_has_room(page: Page, address: str, width: int) -> None:
    """C1: it had two letters a line, and rows were 160 px high."""
    page.set_viewport_size({"width": width, "height": 800})

    page.goto(f"{address}/")

    company = page.locator("td.company").first
    letter = float(company.evaluate("cell => parseFloat(getComputedStyle(cell).fontSize)"))
    assert company.evaluate("cell => cell.clientWidth") >= 12 * letter


@pytest.mark.parametrize("path", ["/", "/figures"])
def test_no_text_is_smaller_than_twelve_pixels_on_a_telephone(page: Page, address: str, path: str) -> None:
    """C8: the letters of a drawing shrink with it."""
    page.set_viewport_size({"width": 320, "height": 640})

    page.goto(f"{address}{path}")

    small = page.evaluate(
        """() => [...document.querySelectorAll("main *")]
            .filter((one) => one.innerText && parseFloat(getComputedStyle(one).fontSize) < 12).length"""
    )
    assert small == 0
    assert page.locator("svg text").count() == 0


def test_the_active_tab_is_seen_in_forced_colours(page: Page, address: str) -> None:
    """C11: its ground is taken away there, and nothing else told it from the others."""
    page.emulate_media(forced_colors="active")

    page.goto(f"{address}/figures")

    active, other = page.locator(".tabs a[aria-current]"), page.locator(".tabs a:not([aria-current])").first
    widths = [one.evaluate("link => getComputedStyle(link).borderTopWidth") for one in (active, other)]
    page.emulate_media(forced_colors="none")
    assert widths == ["3px", "1px"]
    assert "underline" in active.evaluate("link => getComputedStyle(link).textDecorationLine")
