"""Answers are saved as they are given: what the page has said to be saved is there, whatever happens then."""

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.form.guide import Guide
from tests.form.site import Site
from tests.form.stops import QUESTIONS
from tests.journeys.world import until
from tests.judges.window import a_window

ABOUT_COMPANY = next(stop for stop in QUESTIONS if "[name=company]" in stop.shows)
_SAVED = "[data-saved]:has-text('保存しました')"


@pytest.fixture
def guide(site: Site) -> Guide:
    """A visit of its own for each test."""
    return Guide(site)


def typed(page: Page) -> str:
    return page.locator("[name=company]").input_value()


def test_what_is_said_to_be_saved_is_there_after_a_reload(guide: Guide, page: Page) -> None:
    guide.bring(page, ABOUT_COMPANY)
    page.locator("[name=company]").press_sequentially("見本商会")

    page.locator(_SAVED).wait_for()
    page.reload()

    assert typed(page) == "見本商会"


def test_what_was_typed_last_is_saved_when_the_tab_is_closed(guide: Guide, page: Page, site: Site) -> None:
    """Nobody waits a second before closing a tab."""
    guide.bring(page, ABOUT_COMPANY)
    page.locator("[name=company]").press_sequentially("見本商会")

    page.close(run_before_unload=True)

    assert until(lambda: _found(page.context, site))


def _found(context: BrowserContext, site: Site) -> bool:
    with context.new_page() as other:
        other.goto(f"{site.url}{ABOUT_COMPANY.name}")
        return typed(other) == "見本商会"


def test_while_the_service_is_gone_the_page_says_so_and_saves_when_it_is_back(
    guide: Guide, page: Page, site: Site
) -> None:
    page.clock.install()
    guide.bring(page, ABOUT_COMPANY)
    site.service.child.kill()
    page.locator("[name=company]").press_sequentially("見本商会")
    page.clock.run_for(1_500)
    page.locator("[data-said]:has-text('まだ保存できていません')").wait_for(state="attached")

    site.service.spawn()
    site.service.wait_until_ready()
    page.clock.run_for(10_000)

    page.locator(_SAVED).wait_for()
    page.reload()
    assert typed(page) == "見本商会"


def test_a_restart_loses_nothing_that_was_said_to_be_saved(guide: Guide, page: Page, site: Site) -> None:
    guide.bring(page, ABOUT_COMPANY)
    page.locator("[name=company]").press_sequentially("見本商会")
    page.locator(_SAVED).wait_for()

    site.service.child.kill()
    site.service.spawn()
    site.service.wait_until_ready()
    page.reload()

    assert typed(page) == "見本商会"


def test_two_windows_of_one_page_save_side_by_side(guide: Guide, page: Page) -> None:
    guide.bring(page, ABOUT_COMPANY)
    with page.context.new_page() as other:
        other.goto(page.url)
        page.locator("[name=company]").press_sequentially("見本商会")
        other.locator("[name=person]").press_sequentially("見本 花子")
        for window in (page, other):
            window.locator(_SAVED).wait_for()

        other.reload()

        assert (typed(other), other.locator("[name=person]").input_value()) == ("見本商会", "見本 花子")


def test_a_window_is_told_of_the_other_and_never_of_itself(guide: Guide, page: Page) -> None:
    """Each window has only its own marks: what it has saved must not come back as somebody else's."""
    guide.bring(page, ABOUT_COMPANY)
    with page.context.new_page() as other:
        other.goto(page.url)
        for text in ("はじめの", "見本商会"):
            with page.expect_response("**/keep"):
                page.locator("[name=company]").press_sequentially(text)
        alone = page.locator("[data-saved]").inner_text()

        other.locator("[name=company]").press_sequentially("あとの見本商会")

        other.locator("[data-saved]:has-text('別の画面で')").wait_for()
    assert "別の画面" not in alone


def test_nothing_is_said_to_be_saved_once_the_form_is_gone(guide: Guide, page: Page) -> None:
    guide.bring(page, ABOUT_COMPANY)
    page.context.clear_cookies()

    page.locator("[name=company]").press_sequentially("見本商会")

    page.locator("[data-saved]:has-text('まだ保存されていません')").wait_for()


def test_without_a_script_back_and_forth_lose_nothing(guide: Guide, site: Site, browser: Browser) -> None:
    with a_window(browser, java_script_enabled=False) as page:
        guide.bring(page, ABOUT_COMPANY)
        page.locator("[name=company]").fill("見本商会")

        page.get_by_role("button", name="戻る").click()
        page.goto(f"{site.url}{ABOUT_COMPANY.name}")

        assert typed(page) == "見本商会"
