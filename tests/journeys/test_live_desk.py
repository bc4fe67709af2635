"""The desk in real browsers on a whole system: requests and letters come by themselves, and people see each other."""

import asyncio
import secrets

from playwright.sync_api import Browser, Page, expect

from local.staff import add_staff
from tests.journeys.browser import a_browser
from tests.journeys.world import CANARIES, CANARY_COMPANY, World, a_quote, brochure_only, until

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
        row.wait_for()
        shown, is_the_same = row.inner_text(), page.evaluate("isTheSame")

        other.goto(f"{world.system.dashboard_url}cases/{request.request_id}")
        other.keyboard.press("n")
        other.locator("#note-text").press_sequentially("折り返し")
        expect(other.locator("#note-saved")).to_contain_text("保存しました")
        theirs = logged_in(world, browser, their_password, "colleague")
        theirs.goto(other.url)
        expect(other.locator("#others")).to_contain_text("colleague がこのご依頼を見ています")
        expect(theirs.locator("#others")).to_contain_text("journey が入力中です")

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


def test_staff_read_a_letter_as_the_customer_got_it_and_nobody_else_does(world: World, staff_password: str) -> None:
    request = world.submit(a_quote())
    world.ends(request, "quoted", {"receipt", "quote", "desk"})
    (mail,) = [mail for mail in world.mails(request) for file in mail.attachments if "御見積書" in file.name]

    with a_browser() as browser:
        page = logged_in(world, browser, staff_password)
        asking = page.locator("section[aria-labelledby=letters] tr", has_text="見積書").get_by_role("button")
        until(lambda: page.goto(f"{world.system.dashboard_url}cases/{request.request_id}") and asking.count())
        asking.click()
        page.locator(".letter__text").wait_for()
        shown = page.locator(".letter").inner_text()
        with page.expect_download() as saved:
            page.locator(".letter__files a").click()
        content = saved.value.path().read_bytes()

    assert str(mail.message["subject"]) in shown
    assert CANARY_COMPANY in shown
    assert content == mail.attachments[0].content
    texts = [canary.encode() for canary in CANARIES]
    assert [name for name, found in world.everything_shown() for text in texts if text in found] == []
