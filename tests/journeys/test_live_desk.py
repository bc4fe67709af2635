"""The desk in two real browsers on a whole system: a request comes by itself, and people see each other."""

import asyncio
import secrets
import time

from playwright.sync_api import Browser, Page, expect

from local.staff import add_staff
from tests.journeys.browser import a_browser
from tests.journeys.world import CANARY_COMPANY, World, brochure_only

PATIENCE_MS = 20_000


def logged_in(world: World, browser: Browser, password: str, name: str = "journey") -> Page:
    page = browser.new_context(locale="ja-JP").new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(world.system.dashboard_url)
    page.fill("#name", name)
    page.fill("#password", password)
    with page.expect_navigation():
        page.click("main button")
    return page


def test_a_case_appears_without_reload_and_what_is_typed_survives_a_restart(world: World, staff_password: str) -> None:
    their_password = asyncio.run(add_staff(world.system.mongo, "colleague", secrets.token_urlsafe(15)))
    with a_browser() as browser:
        page, other = logged_in(world, browser, staff_password), logged_in(world, browser, staff_password)
        page.evaluate("window.isTheSame = true")
        expect(page.locator("#live[data-htmx-powered]")).to_be_attached()

        request = world.submit(brochure_only())
        row = page.locator(f"#case-{request.request_id}")
        began = time.monotonic()
        row.wait_for()
        took_s = time.monotonic() - began
        shown, is_the_same = row.inner_text(), page.evaluate("isTheSame")

        other.goto(f"{world.system.dashboard_url}cases/{request.request_id}")
        other.keyboard.press("n")
        other.locator("#note-text").press_sequentially("折り返し")
        expect(other.locator("#note-saved")).to_contain_text("保存しました")
        theirs = logged_in(world, browser, their_password, "colleague")
        theirs.goto(other.url)
        began = time.monotonic()
        expect(other.locator("#others")).to_contain_text("colleague がこのご依頼を見ています")
        expect(theirs.locator("#others")).to_contain_text("journey が入力中です")
        seen_after_s = time.monotonic() - began

        world.system.components["dashboard"].child.kill()
        world.system.restart("dashboard")
        world.system.components["dashboard"].wait_until_ready()
        other.locator("#note-text").press_sequentially("15時")
        expect(other.locator("#note-saved")).to_contain_text("保存しました")
        other.reload()

        expect(other.locator("#note-text")).to_have_value("折り返し15時")
        again = world.submit(brochure_only())
        page.locator(f"#case-{again.request_id}").wait_for()

    assert CANARY_COMPANY in shown
    assert is_the_same
    assert took_s < 1.0
    assert seen_after_s < 2.0
