"""The pages in a real Chromium, with their scripts: what comes by itself, what is saved while it is typed, the keys."""

import asyncio
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from local.children import LOOPBACK
from services.dashboard.domain.facts import Fact
from services.dashboard.ports.live import Change, Look
from services.dashboard.usecases.log_in import SESSION_IDLE
from shared.events import NoteAdded
from tests.served import served
from tests.services.dashboard.builders import (
    COVER,
    PDF,
    REQUEST,
    a_file,
    a_letter_copied,
    a_letter_sent,
    a_note,
    a_request,
    an_offer,
)
from tests.services.dashboard.entrypoints.test_correct_answers import SENT
from tests.services.dashboard.fakes import ORIGIN, PASSWORD, InMemoryDashboard, InMemoryLooks

CASE: Final = f"{ORIGIN}/cases/{REQUEST}"
PATIENCE_MS: Final = 15_000


@dataclass
class LooksThatTell(InMemoryLooks):
    """As the change stream does: who comes, types and goes is told to the open pages."""

    dashboard: InMemoryDashboard = field(default_factory=InMemoryDashboard)

    async def note(self, look: Look, until: datetime) -> None:
        await super().note(look, until)
        self.dashboard.hub.tell(Change(look.request_id))

    async def end(self, request_id: str, account: str, tab: str) -> None:
        await super().end(request_id, account, tab)
        self.dashboard.hub.tell(Change(request_id))


@dataclass
class Desk:
    """A dashboard that is served, and a Chromium that finds it."""

    dashboard: InMemoryDashboard
    browser: Browser
    loop: asyncio.AbstractEventLoop

    def do(self, act: Callable[[], object]) -> None:
        """In the server's thread, and done when this returns."""
        done = threading.Event()

        def go() -> None:
            act()
            done.set()

        self.loop.call_soon_threadsafe(go)
        assert done.wait(10)

    def comes(self, request_id: str, reception_no: str) -> None:
        """A request, as the change stream tells of it."""
        request = a_request(request_id, reception_no=reception_no, at=self.dashboard.time)
        self.do(lambda: self.dashboard.cases.facts.setdefault(request_id, request))
        self.do(lambda: self.dashboard.hub.tell(Change(request_id, is_new=True)))

    def page(self, name: str = "desk") -> Page:
        """The list, in a browser of its own in which *name* has logged in."""
        page = self.browser.new_context(viewport={"width": 1200, "height": 500}, locale="ja-JP").new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("console", lambda message: self.complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.log_in(page, name)
        return page

    def log_in(self, page: Page, name: str = "desk") -> None:
        page.goto(f"{ORIGIN}/login")
        page.fill("#name", name)
        page.fill("#password", PASSWORD)
        page.click("main button")
        page.wait_for_url(f"{ORIGIN}/")

    complaints: list[str] = field(default_factory=list)
    """What browsers had to say against the pages, such as a script that the policy forbids."""


@pytest.fixture
def desk() -> Iterator[Desk]:
    dashboard = InMemoryDashboard(check_s=1.0)
    dashboard.accounts.hashes["taro"] = f"plain:{PASSWORD}"
    dashboard.looks = LooksThatTell(dashboard=dashboard)
    dashboard.cases.facts[REQUEST] = a_request()
    chromium = shutil.which("chromium")
    assert chromium, "Chromium is missing (Debian: apt install chromium)"
    with (
        socket.create_server((LOOPBACK, 0)) as listener,
        served(dashboard.app(), listener) as loop,
        sync_playwright() as playwright,
    ):
        port = listener.getsockname()[1]
        host = ORIGIN.removeprefix("http://")
        rules = f"--host-resolver-rules=MAP {host}:80 127.0.0.1:{port}"
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--no-proxy-server", rules]
        )
        found = Desk(dashboard, browser, loop)
        yield found
        browser.close()
        dashboard.is_stopping = True
    expected = (
        "401",
        "422",
        "Cross-Origin-Opener-Policy",
    )  # an ended session; a form that is refused; a site without HTTPS
    assert [one for one in found.complaints if not any(words in one for words in expected)] == []


def test_a_new_case_appears_by_itself_and_disturbs_nobody(desk: Desk) -> None:
    for number in range(30):
        desk.comes(f"case-{number}", f"OLD{number:05}")
    page = desk.page()
    page.wait_for_function("document.querySelector('#live')._htmx?.sse")
    page.click("#filter summary")
    page.check("#filter input[value=quoted]")
    page.locator(".list tbody tr a").nth(3).focus()
    page.evaluate("scrollTo(0, 400)")
    page.evaluate("getSelection().selectAllChildren(document.querySelector('#case-case-7 .company'))")
    selected = page.evaluate("getSelection().toString()")
    focused = page.evaluate("document.activeElement.href")
    in_view = page.evaluate("document.activeElement.getBoundingClientRect().top")
    page.evaluate("window.isTheSame = true")

    desk.comes("new", "NEW11111")
    page.wait_for_selector("#case-new", state="attached", timeout=PATIENCE_MS)

    expect(page.locator("#news")).to_have_text("新しいご依頼が1件あります")
    expect(page.locator(".tabs [aria-current] .tabs__count")).to_have_text("32")
    assert page.evaluate("isTheSame")
    assert page.evaluate("document.querySelector('#filter').open")
    assert page.is_checked("#filter input[value=quoted]")
    assert page.evaluate("document.activeElement.href") == focused
    assert page.evaluate("getSelection().toString()") == selected
    assert abs(page.evaluate("document.activeElement.getBoundingClientRect().top") - in_view) < 200


def test_two_people_see_each_other_on_a_case_and_in_the_list(desk: Desk) -> None:
    watching, mine, theirs = desk.page(), desk.page(), desk.page("taro")
    mine.goto(CASE)

    theirs.goto(CASE)
    expect(mine.locator("#others")).to_contain_text("taro がこのご依頼を見ています", timeout=PATIENCE_MS)
    expect(watching.locator(f"#case-{REQUEST}")).to_contain_text("閲覧中：taro")
    theirs.keyboard.press("n")
    theirs.keyboard.type("折り返し")
    expect(mine.locator("#others")).to_contain_text("taro が入力中です")
    expect(watching.locator(f"#case-{REQUEST}")).to_contain_text("入力中：taro")
    theirs.goto(f"{ORIGIN}/")
    expect(mine.locator("#others")).to_have_text("")


def test_what_is_typed_is_saved_while_it_is_typed_and_there_again_after_a_new_log_in(desk: Desk) -> None:
    page = desk.page()
    page.goto(CASE)
    page.keyboard.press("n")
    page.keyboard.type("15時に折り返し")
    expect(page.locator("#note-saved")).to_have_text("下書きを保存しました（11月23日 12:10）。まだ記録していません。")

    desk.do(lambda: setattr(desk.dashboard, "time", desk.dashboard.time + SESSION_IDLE * 2))
    page.locator("#note-text").press_sequentially("、担当は金糸雀さま")
    expect(page.locator("#note-saved")).to_have_text("ログインし直してください。入力した内容はこの画面に残っています")
    other = page.context.new_page()
    desk.log_in(other)
    expect(page.locator("#note-saved")).to_have_text("下書きを保存しました（11月23日 14:10）。まだ記録していません。")
    other.goto(CASE)

    expect(other.locator("#note-text")).to_have_value("15時に折り返し、担当は金糸雀さま")
    other.click("#note button[type=submit]")
    expect(other.locator(".records__text")).to_have_text("15時に折り返し、担当は金糸雀さま")
    expect(other.locator("#note-text")).to_have_value("")
    assert sum(isinstance(fact, NoteAdded) for fact in desk.dashboard.cases.facts.values()) == 1


@pytest.mark.parametrize(
    ("address", "form", "field"),
    [
        (CASE, "hold", "#hold-text"),
        (CASE, "premium", "#premium-reason"),
        (f"{CASE}/answers", "answers", "#answers-reason"),
    ],
)
def test_the_reason_for_a_decision_is_saved_too_and_outlives_the_session(
    desk: Desk, address: str, form: str, field: str
) -> None:
    known: dict[str, Fact] = {REQUEST: a_request(product="by-desk", answers=SENT | COVER), f"{REQUEST}:r1": an_offer()}
    desk.do(lambda: desk.dashboard.cases.facts.update(known))
    page = desk.page()
    page.goto(address)
    for folded in page.locator(f"details:has({field})").all():
        folded.locator("> summary").click()
    page.locator(field).press_sequentially("お電話で照会")
    expect(page.locator(f"#{form}-saved")).to_have_text(
        "下書きを保存しました（11月23日 12:10）。まだ記録していません。"
    )
    desk.do(lambda: setattr(desk.dashboard, "time", desk.dashboard.time + SESSION_IDLE * 2))
    page.reload()
    desk.log_in(page)
    page.goto(address)

    expect(page.locator(field)).to_have_value("お電話で照会")
    expect(page.locator(field)).to_be_visible()


def test_what_was_typed_last_is_saved_when_the_page_is_left(desk: Desk) -> None:
    page = desk.page()
    page.goto(CASE)
    page.click("#note summary")
    page.fill("#note-text", "閉じる直前")
    page.goto(f"{ORIGIN}/account")
    page.goto(CASE)

    expect(page.locator("#note-text")).to_have_value("閉じる直前")


def test_what_was_typed_and_refused_at_once_is_there_when_the_case_is_opened_again(desk: Desk) -> None:
    """Sent before the pause after which it is saved: nothing of it was kept, and the page said that it stays."""
    page = desk.page()
    page.goto(CASE)
    page.click("#close summary")
    page.fill("#close-text", "お電話で確認済")
    page.get_by_role("button", name="対応を終える").click()
    expect(page.locator("#problems")).to_be_focused()
    page.goto(CASE)

    expect(page.locator("#close-text")).to_have_value("お電話で確認済")


def test_texts_of_two_tabs_are_both_shown(desk: Desk) -> None:
    one = desk.page()
    two = one.context.new_page()
    for page in (one, two):
        page.goto(CASE)
        page.click("#note summary")
    for page, text in ((one, "一つ目"), (two, "二つ目")):
        page.fill("#note-text", text)
        expect(page.locator("#note-saved")).to_contain_text("保存しました")
    expect(two.locator("#note-saved")).to_contain_text("別の画面で入力した内容もあります")
    one.goto(CASE)

    assert {one.input_value("#note-text"), one.locator("#note .records__text").inner_text()} == {"一つ目", "二つ目"}
    one.click("#note .alert button")
    expect(one.locator("#note .records__text")).to_have_count(0)


def test_a_letter_that_was_asked_for_appears_by_itself_and_disturbs_nobody(desk: Desk) -> None:
    desk.do(lambda: desk.dashboard.cases.facts.setdefault("sent", a_letter_sent("receipt")))
    page = desk.page()
    page.goto(CASE)
    page.get_by_role("button", name="送信した文面を見る").click()
    page.click("#note summary")
    page.fill("#note-text", "書きかけ")
    page.evaluate("window.isTheSame = true")
    expect(page.locator(".letter")).to_contain_text("文面を取り寄せています")

    copied = a_letter_copied("receipt", attachments=[a_file()])
    desk.do(lambda: desk.dashboard.copies.copied.setdefault(copied.copy_id, copied))

    expect(page.locator(".letter")).to_contain_text("お見積書をお送りします。")
    expect(page.locator("#letter-news")).to_have_text("文面が表示されました：受付のお知らせ（お客さま宛）")
    assert page.evaluate("isTheSame")
    assert page.input_value("#note-text") == "書きかけ"
    with page.expect_download() as saved:
        page.click(".letter__files a")
    assert saved.value.path().read_bytes() == PDF


def test_a_case_is_printed_without_what_one_presses(desk: Desk) -> None:
    page = desk.page()
    page.goto(CASE)
    page.emulate_media(media="print", color_scheme="dark")

    for pressed in ("form", "button", "nav", "summary"):
        expect(page.locator(f"{pressed}:visible")).to_have_count(0)
    expect(page.locator("#answers")).to_be_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_the_last_decision_is_taken_back_with_a_key(desk: Desk) -> None:
    held = a_request(suspicions=("honeypot",))
    desk.do(lambda: desk.dashboard.cases.facts.update({REQUEST: held}))
    page = desk.page()
    page.goto(CASE)
    page.keyboard.press("z")
    page.click("text=メールの送信を許可する")
    page.locator("[data-take-back]").wait_for()
    page.wait_for_load_state()
    page.keyboard.press("z")

    expect(page.locator(".timeline")).to_contain_text("desk がメールの送信の許可を取り消しました（送信していません）")
    expect(page.locator("[data-take-back]")).to_have_count(0)


def test_everything_is_reached_by_keys_that_are_off_while_somebody_types(desk: Desk) -> None:
    desk.comes("second", "SECOND11")
    page = desk.page()
    for key in ("j", "j", "k", "j", "o"):
        page.keyboard.press(key)
    page.wait_for_url(CASE)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="キーボード操作")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_be_hidden()
    page.keyboard.press("n")
    expect(page.locator("#note-text")).to_be_focused()
    page.keyboard.type("a/jko?n")
    expect(page.locator("#note-text")).to_have_value("a/jko?n")
    page.locator("h1").click()
    page.keyboard.press("a")
    expect(page.get_by_role("button", name="自分が対応する")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#done")).to_be_focused()
    expect(page.locator("#done")).to_have_text("記録しました：desk が対応者を desk にしました")
    page.keyboard.press("a")
    expect(page.get_by_text("「a」は、いまは使えません。")).to_have_count(1)
    page.keyboard.press("j")
    expect(page.locator("#next")).to_be_focused()
    page.keyboard.press("j")
    expect(page.locator("#work")).to_be_focused()
    page.keyboard.press("k")
    expect(page.locator("#next")).to_be_focused()
    page.keyboard.press("/")
    page.wait_for_url(f"{ORIGIN}/#search")
    expect(page.locator("#search")).to_be_focused()


def test_an_error_comes_under_the_focus_and_leads_to_its_field(desk: Desk) -> None:
    page = desk.page()
    page.goto(CASE)
    page.click("#close summary")
    page.get_by_role("button", name="対応を終える").click()

    expect(page.locator("#problems")).to_be_focused()
    expect(page.locator("#problems")).to_be_in_viewport()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#close-outcome")).to_be_focused()
    page.click("#note summary")
    page.fill("#note-text", "そのまま続ける")
    expect(page.locator("#note-saved")).to_contain_text("保存しました")


def test_time_to_take_something_back_is_counted_down_and_then_the_button_goes(desk: Desk) -> None:
    desk.dashboard.cases.facts[REQUEST] = a_request(product="by-desk")
    desk.dashboard.cases.facts[f"{REQUEST}:r1"] = an_offer()
    page = desk.page()
    page.clock.install()
    page.goto(CASE)
    page.get_by_role("button", name="お客さまへ送付する").click()

    expect(page.locator("#take-back")).to_be_focused()
    page.wait_for_function("document.querySelector('#live')._htmx?.sse")  # Its ten seconds would pass with the others.
    page.clock.run_for(1_000)
    expect(page.locator("[data-left]")).to_have_text("（あと8秒）")
    page.locator("[data-take-back]").focus()
    page.clock.run_for(9_000)
    expect(page.locator("[data-take-back]")).to_have_count(0)
    expect(page.locator("#take-back")).to_contain_text("取り消せる時間が過ぎました")
    expect(page.locator("#take-back")).to_be_focused()


def test_that_a_case_has_changed_is_seen_by_who_works_further_down(desk: Desk) -> None:
    page = desk.page()
    page.goto(CASE)
    page.wait_for_function("document.querySelector('#live')._htmx?.sse")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    note = a_note()
    desk.do(lambda: desk.dashboard.cases.facts.setdefault(note.decision_id, note))
    desk.do(lambda: desk.dashboard.hub.tell(Change(REQUEST)))

    expect(page.locator("#changed")).to_contain_text("更新されました")
    expect(page.locator("#changed")).to_be_in_viewport()
