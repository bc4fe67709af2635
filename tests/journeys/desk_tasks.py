"""The desk's day: what its staff do, one task a function. What only shows later is asked after the `yield`."""

import csv
import io
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from playwright.sync_api import expect

from local.maildir import Mail, Maildir
from tests.journeys.staff import (
    BULK,
    EXPORT,
    FIGURE,
    LIVE,
    NOTE,
    NOTE_SAVED,
    OTHERS,
    TAKE,
    VIEW,
    Staff,
)
from tests.journeys.world import (
    CANARY_COMPANY,
    CANARY_DOMAIN,
    CANARY_PHONE,
    Accepted,
    World,
    a_referral,
    brochure_only,
    until,
)

Task = Callable[["Day"], Iterator[None]]
REASON: Final = "長いお取引のため"


@dataclass
class Day:
    """One window of the desk, with three colleagues in it, and the requests that came in this morning."""

    world: World
    clerk: Staff
    underwriter: Staff
    manager: Staff
    label: str
    """In whatever is written, so that what one window did is not found by another."""
    quoted: list[Accepted] = field(default_factory=list)
    referred: list[Accepted] = field(default_factory=list)
    postal: list[Accepted] = field(default_factory=list)

    def a_quote(self) -> Accepted:
        """One that was quoted and that nobody has touched."""
        return self.quoted.pop()

    def a_referral(self) -> Accepted:
        """One that nobody has touched."""
        return self.referred.pop()

    def mailbox(self, name: str) -> str:
        """An address of this window's own."""
        return f"{name}.{self.label}@{CANARY_DOMAIN}"

    def mails_to(self, address: str) -> list[Mail]:
        """All that arrived there."""
        box = Maildir(self.world.folder / "maildir")
        mails = (Mail(box.folder / "new" / name) for name in box.names())
        return [mail for mail in mails if address in str(mail.message["to"])]

    def quotes_to_customer(self, request: Accepted) -> list[Mail]:
        """The mails with a 見積書 that this customer has got, oldest first."""
        mails = [mail for mail in self.world.mails(request) if CANARY_DOMAIN in str(mail.message["to"])]
        return [mail for mail in mails if any(one.content_type == "application/pdf" for one in mail.attachments)]

    def case_says(self, who: Staff, request: Accepted, *words: str) -> None:
        """Once *who* looks at it again."""
        who.open_case(request.request_id)
        said = who.source()
        assert not [word for word in words if word not in said], (words, said)


def appears(day: Day) -> Iterator[None]:
    """A referral appears without reload."""
    day.clerk.open_list()
    expect(day.clerk.page.locator(LIVE)).to_be_attached()
    day.clerk.page.evaluate("window.isTheSame = true")
    request = day.world.submit(a_referral())
    day.clerk.row(request.request_id).wait_for()
    expect(day.clerk.row(request.request_id).locator(".chip--referred")).to_be_visible()
    assert day.clerk.page.evaluate("isTheSame")
    yield


def open_from_list(day: Day) -> Iterator[None]:
    """A case is opened from the list."""
    request = day.referred[-1]
    day.clerk.open_list(q=request.reception_no)
    day.clerk.press(day.clerk.row(request.request_id).get_by_role("link").first)
    assert request.reception_no in day.clerk.text()
    assert CANARY_COMPANY in day.clerk.text()
    yield


def take(day: Day) -> Iterator[None]:
    """Somebody takes a case."""
    request = day.a_referral()
    day.clerk.open_case(request.request_id)
    day.clerk.take()
    assert day.clerk.page.locator(TAKE).count() == 0
    day.clerk.open_list(tab="mine", q=request.reception_no)
    assert day.clerk.shown() == [request.request_id]
    yield


def write_note(day: Day) -> Iterator[None]:
    """A note is written."""
    request = day.a_quote()
    day.clerk.open_case(request.request_id)
    day.clerk.note(f"折り返し希望 {day.label}")
    day.case_says(day.manager, request, f"折り返し希望 {day.label}", day.clerk.name)
    yield


def no_answer(day: Day) -> Iterator[None]:
    """Nobody answers the telephone."""
    request = day.a_quote()
    day.clerk.open_case(request.request_id)
    day.clerk.work("contact", outcome="no-answer", text="留守番電話")
    day.case_says(day.clerk, request, "留守番電話")
    yield


def call_again(day: Day) -> Iterator[None]:
    """The customer wants to be called again at a time."""
    request = day.a_quote()
    day.clerk.open_case(request.request_id)
    day.clerk.work("contact", outcome="no-answer", again_at="2027-01-15T10:30", text="担当者が不在")
    day.case_says(day.clerk, request, "10:30", "担当者が不在")
    yield


def reached(day: Day) -> Iterator[None]:
    """The customer was reached."""
    request = day.a_quote()
    day.clerk.open_case(request.request_id)
    day.clerk.work("contact", outcome="reached", text="ご説明済み")
    day.case_says(day.clerk, request, "ご説明済み")
    yield


def price_referral(day: Day) -> Iterator[None]:
    """A referral is priced by hand, and its 見積書 reaches the customer."""
    request = day.a_referral()
    day.underwriter.open_case(request.request_id)
    day.underwriter.set_premium("１２３,４００円", REASON)
    yield
    until(lambda: day.quotes_to_customer(request))
    [mail] = day.quotes_to_customer(request)
    assert "123,400" in mail.text
    day.case_says(day.underwriter, request, "123,400", REASON)


def other_cover(day: Day) -> Iterator[None]:
    """A quote is priced again with other cover, and the revision reaches the customer."""
    request = day.a_quote()
    day.underwriter.open_case(request.request_id)
    day.underwriter.change_terms("免責を上げてほしいとのこと", liability_deductible="1000000")
    yield
    until(lambda: len(day.quotes_to_customer(request)) > 1 or None)
    assert len(day.quotes_to_customer(request)) == 2
    day.case_says(day.underwriter, request, "免責を上げてほしいとのこと")


def let_go(day: Day) -> Iterator[None]:
    """A held request's mails are let go after a look."""
    address = day.mailbox("held")
    requests = [day.world.submit(brochure_only(email=address, company=f"{CANARY_COMPANY}{n}")) for n in range(3)]
    held = requests[-1]
    day.clerk.open_list(suspicious="1", q=held.reception_no)
    day.clerk.row(held.request_id).wait_for() if day.clerk.shown() else until(lambda: _listed(day, held))
    day.clerk.open_case(held.request_id)
    day.clerk.let_mails_go()
    yield
    until(lambda: [mail for mail in day.mails_to(address) if held.reception_no in mail.text])


def _listed(day: Day, request: Accepted) -> bool:
    day.clerk.open_list(q=request.reception_no)
    return request.request_id in day.clerk.shown()


def post_brochures(day: Day) -> Iterator[None]:
    """Brochures are in the post."""
    request = day.postal.pop()
    day.clerk.open_list(tab="post", q=request.reception_no)
    before = day.clerk.shown()
    day.clerk.open_case(request.request_id)
    day.clerk.work("post")
    day.clerk.open_list(tab="post", q=request.reception_no)
    assert (before, day.clerk.shown()) == ([request.request_id], [])
    yield


def resend(day: Day) -> Iterator[None]:
    """What went to a wrong address is sent to the right one, once."""
    request, right = day.a_quote(), day.mailbox("right")
    day.clerk.open_case(request.request_id)
    day.clerk.correct_address(right)
    yield
    until(lambda: len(day.mails_to(right)) >= 2 or None)
    kinds = [str(mail.message["subject"]) for mail in day.mails_to(right)]
    assert len(kinds) == len(set(kinds)) == 2, kinds


def take_back(day: Day) -> Iterator[None]:
    """What was decided is taken back in time, and nothing is mailed."""
    request, wrong = day.a_quote(), day.mailbox("wrong")
    day.clerk.open_case(request.request_id)
    day.clerk.correct_address(wrong)
    day.clerk.take_back()
    taken_back_at = time.monotonic()
    yield
    until(lambda: time.monotonic() > taken_back_at + 12 or None)
    assert day.mails_to(wrong) == []
    assert day.clerk.form("take-back").count() == 0
    day.case_says(day.clerk, request, "取り消し")


def four_eyes(day: Day) -> Iterator[None]:
    """One asks for more than they may decide, and another approves."""
    request = day.a_quote()
    day.underwriter.open_case(request.request_id)
    day.underwriter.set_premium(_premium_apart(day.underwriter, percent=-20), REASON)
    assert day.underwriter.form("approve").count() == 0
    day.manager.open_case(request.request_id)
    assert REASON in day.manager.source()
    day.manager.answer_approval("approve")
    yield
    until(lambda: len(day.quotes_to_customer(request)) > 1 or None)
    day.case_says(day.manager, request, "承認")


def refuse_approval(day: Day) -> Iterator[None]:
    """One asks for more than they may decide, and another says no."""
    request = day.a_quote()
    day.underwriter.open_case(request.request_id)
    day.underwriter.set_premium(_premium_apart(day.underwriter, percent=-25), REASON)
    day.manager.open_case(request.request_id)
    day.manager.answer_approval("refuse", reason="根拠が足りません")
    day.case_says(day.underwriter, request, "根拠が足りません")
    yield
    assert len(day.quotes_to_customer(request)) == 1


def _premium_apart(who: Staff, percent: int) -> str:
    """The premium of the tariff that the page shows, changed by so many per cent."""
    form = who.unfolded(who.form("decide", "premium"))
    shown = int(re.sub(r"\D", "", form.locator("strong").first.inner_text()))
    return str(shown * (100 + percent) // 1000 * 10)


def not_taken_up(day: Day) -> Iterator[None]:
    """The customer does not take it up, and says why."""
    request = day.a_quote()
    day.clerk.open_case(request.request_id)
    day.clerk.work("close", outcome="not-taken-up", reason="not-taken-up:price", text="他社より高い")
    day.clerk.open_list(outcome="not-taken-up", reason="price", q=request.reception_no)
    assert day.clerk.shown() == [request.request_id]
    yield


def decline(day: Day) -> Iterator[None]:
    """The agency does not offer it."""
    request = day.a_referral()
    day.underwriter.open_case(request.request_id)
    day.underwriter.work("close", outcome="declined", reason="declined:incidents", text="事故が多い")
    day.underwriter.open_list(ended="closed", outcome="declined", q=request.reception_no)
    assert day.underwriter.shown() == [request.request_id]
    yield


def hand_over(day: Day) -> Iterator[None]:
    """It goes on to the insurer's application."""
    request = day.a_quote()
    day.clerk.open_case(request.request_id)
    day.clerk.work("close", outcome="handed-over")
    day.clerk.open_list(outcome="handed-over", q=request.reception_no)
    assert day.clerk.shown() == [request.request_id]
    yield


def merge(day: Day) -> Iterator[None]:
    """The same request twice: one of them goes on."""
    first, again = day.a_quote(), day.a_quote()
    day.clerk.open_case(again.request_id)
    day.clerk.work("close", outcome="duplicate", same_as=first.reception_no)
    day.clerk.open_list(outcome="duplicate", q=again.reception_no)
    assert day.clerk.shown() == [again.request_id]
    yield


def reopen(day: Day) -> Iterator[None]:
    """A closed case is opened again."""
    request = day.a_quote()
    day.clerk.open_case(request.request_id)
    day.clerk.work("close", outcome="finished")
    day.clerk.work("reopen")
    assert day.clerk.form("work", "close").count() == 1
    yield


def assign(day: Day) -> Iterator[None]:
    """A case is given to a colleague, who finds it among their own."""
    request = day.a_referral()
    day.clerk.open_case(request.request_id)
    day.clerk.assign(day.underwriter.name)
    day.underwriter.open_list(tab="mine", q=request.reception_no)
    assert day.underwriter.shown() == [request.request_id]
    yield


def unassign(day: Day) -> Iterator[None]:
    """Nobody is responsible any more."""
    request = day.a_quote()
    day.clerk.open_case(request.request_id)
    day.clerk.take()
    day.clerk.unassign()
    day.clerk.open_list(assignee="-", q=request.reception_no)
    assert day.clerk.shown() == [request.request_id]
    yield


def bulk_assign(day: Day) -> Iterator[None]:
    """A whole list is given to somebody."""
    company = f"一括商会{day.label}"
    requests = {day.world.submit(brochure_only(company=company, brochure="post")).request_id for _ in range(3)}
    until(lambda: _found(day.manager, company) == requests)
    day.manager.press(day.manager.page.locator(BULK).first)
    form = day.manager.page.locator("form[action='/bulk']:has([value=assign]):has([name=to])").first
    day.manager.send(form, to=day.clerk.name)
    day.manager.press(day.manager.page.locator("main form[method=post] button").first)
    yield
    until(lambda: _found(day.clerk, company, tab="mine") == requests)


def bulk_post(day: Day) -> Iterator[None]:
    """A whole list is in the post."""
    company = f"郵送商会{day.label}"
    requests = {day.world.submit(brochure_only(company=company, brochure="post")).request_id for _ in range(3)}
    until(lambda: _found(day.clerk, company, tab="post") == requests)
    day.clerk.press(day.clerk.page.locator(BULK).first)
    day.clerk.send(day.clerk.page.locator("form[action='/bulk']:has([value=post])").first)
    day.clerk.press(day.clerk.page.locator("main form[method=post] button").first)
    yield
    until(lambda: not _found(day.clerk, company, tab="post"))


def _found(who: Staff, text: str, **more: str) -> set[str]:
    who.open_list(q=text, **more)
    return set(who.shown())


def share_filter(day: Day) -> Iterator[None]:
    """A filter is an address that a colleague opens."""
    request = day.referred[-1]
    day.clerk.open_list(q=request.reception_no)
    day.clerk.filter_by(state="referred")
    address = urlsplit(day.clerk.page.url)
    day.manager.page.goto(f"{day.manager.address}?{address.query}")
    assert "state=referred" in address.query
    assert day.manager.shown() == day.clerk.shown() == [request.request_id]
    yield


def share_view(day: Day) -> Iterator[None]:
    """A list is saved under a name for everybody."""
    name = f"朝の確認{day.label}"
    day.clerk.open_list(tab="check", state="referred")
    day.clerk.save_view(name, is_shared=True)
    day.manager.open_list()
    day.manager.press(day.manager.page.locator(VIEW, has_text=name).first)
    assert "state=referred" in day.manager.page.url
    yield


def find_by_telephone(day: Day) -> Iterator[None]:
    """A caller is found by their number, in whatever writing."""
    number = f"045-{int(day.label):03}7-{int(day.label) % 10_000:04}"
    request = day.world.submit(brochure_only(phone=number))
    until(lambda: _found(day.clerk, number.replace("-", "")))
    for typed in (number, number.replace("-", "－").translate(_FULL_WIDTH), number.replace("-", "")):
        day.clerk.search(typed)
        assert day.clerk.shown() == [request.request_id], typed
    yield


_FULL_WIDTH: Final = str.maketrans("0123456789", "０１２３４５６７８９")


def find_by_company(day: Day) -> Iterator[None]:
    """A customer is found by a part of their name, however it is written."""
    request = day.world.submit(brochure_only(company=f"株式会社ミホン電機{day.label}"))
    until(lambda: request.request_id in _found(day.clerk, f"電機{day.label}"))
    day.clerk.search(f"㈱ﾐﾎﾝ電機{day.label}")
    assert day.clerk.shown() == [request.request_id]
    yield


def open_figure(day: Day) -> Iterator[None]:
    """Each figure opens the list of exactly its cases."""
    day.manager.page.goto(f"{day.manager.address}figures?days=7")
    figures = [
        (figure.get_attribute("href"), figure.get_attribute("data-count"))
        for figure in day.manager.page.locator(f"#states ~ table {FIGURE}, #outcomes ~ table {FIGURE}").all()
    ]
    counted = [figure for figure in figures if figure[1] != "0"]
    assert counted
    yield
    # Other windows are at work: what is counted is compared with what is counted at the same time.
    day.manager.page.goto(f"{day.manager.address}figures?days=7")
    before = {f.get_attribute("href"): f.get_attribute("data-count") for f in day.manager.page.locator(FIGURE).all()}
    address = counted[0][0]
    day.manager.page.goto(f"{day.manager.address}{(address or '').removeprefix('/')}")
    assert str(day.manager.counted_in_list()) == before[address]


def export(day: Day) -> Iterator[None]:
    """A list is taken along as a file, with its telephone numbers intact."""
    company = f"一覧商会{day.label}"
    request = day.world.submit(brochure_only(company=company))
    until(lambda: _found(day.manager, company))
    with day.manager.page.expect_download() as file:
        day.manager.page.locator(EXPORT).first.click()
    rows = list(csv.DictReader(io.StringIO(file.value.path().read_text("utf-8-sig"))))
    assert [request.reception_no in str(row) and CANARY_PHONE in str(row) for row in rows] == [True], rows
    yield


def keep_text(day: Day) -> Iterator[None]:
    """What was typed when the session ended is sent after logging in again."""
    request, text = day.a_quote(), f"消えてはいけない文章 {day.label}"
    who = day.clerk
    who.open_case(request.request_id)
    form = who.unfolded(who.form("work", "note"))
    form.locator("[name=text]").fill(text)
    who.page.context.clear_cookies(name=re.compile("session"))
    _end_sessions(day, who)
    who.press(form.locator("button"))
    who.log_in()
    who.press(who.page.locator("form[action^='/kept/']:not([action$='/discard']) button").first)
    assert text in who.source()
    yield


def _end_sessions(day: Day, who: Staff) -> None:
    with day.world.mongo() as client:
        client["mitsumori_dashboard"]["sessions"].delete_many({"account": who.name})


def keep_draft(day: Day) -> Iterator[None]:
    """A note that nobody has sent is still there after a reload."""
    request = day.a_quote()
    who = day.clerk
    who.open_case(request.request_id)
    who.unfolded(who.form("work", "note"))
    who.page.locator(NOTE).press_sequentially("途中の文章")
    who.waits_for(NOTE_SAVED, "保存")
    who.page.reload()
    expect(who.page.locator(NOTE)).to_have_value("途中の文章")
    yield


def see_each_other(day: Day) -> Iterator[None]:
    """Two people at one case see each other."""
    request = day.a_quote()
    day.clerk.open_case(request.request_id)
    day.manager.open_case(request.request_id)
    day.clerk.waits_for(OTHERS, day.manager.name)
    day.manager.waits_for(OTHERS, day.clerk.name)
    yield


def nothing_hides(day: Day) -> Iterator[None]:
    """Every accepted request is accounted for."""
    yield
    day.manager.page.goto(f"{day.manager.address}backlog")
    until(lambda: _all_accounted_for(day.manager))


def _all_accounted_for(who: Staff) -> bool:
    who.page.reload()
    return "すべて分かっています" in who.text()


def log_out_elsewhere(day: Day) -> Iterator[None]:
    """A browser that was left open is logged out from here."""
    who = day.manager
    form = {"name": who.name, "password": who.password}
    day.world.http.post(f"{who.address}login", data=form, headers={"Sec-Fetch-Site": "same-origin"})
    who.page.goto(f"{who.address}account")
    with day.world.mongo() as client:
        sessions = client["mitsumori_dashboard"]["sessions"]
        before = sessions.count_documents({"account": who.name})
        buttons = who.page.locator("form[action='/account/sessions'] button")
        while buttons.count():
            who.press(buttons.first)
        assert before > 1
        assert sessions.count_documents({"account": who.name}) == 1
    yield


def log_out(day: Day) -> Iterator[None]:
    """The day ends."""
    yield
    day.clerk.log_out()
    day.clerk.page.goto(day.clerk.address)
    assert "/login" in day.clerk.page.url


LIVE_TASKS: Final[tuple[Task, ...]] = (appears, keep_draft, see_each_other)
"""What needs scripts."""
PLAIN_TASKS: Final[tuple[Task, ...]] = (
    open_from_list,
    take,
    write_note,
    no_answer,
    call_again,
    reached,
    price_referral,
    other_cover,
    let_go,
    post_brochures,
    resend,
    take_back,
    four_eyes,
    refuse_approval,
    not_taken_up,
    decline,
    hand_over,
    merge,
    reopen,
    assign,
    unassign,
    bulk_assign,
    bulk_post,
    share_filter,
    share_view,
    find_by_telephone,
    find_by_company,
    open_figure,
    export,
    keep_text,
    nothing_hides,
    log_out_elsewhere,
    log_out,
)
ON_A_PHONE: Final[tuple[Task, ...]] = (
    appears,
    open_from_list,
    take,
    write_note,
    call_again,
    post_brochures,
    not_taken_up,
    assign,
    find_by_company,
    keep_draft,
)
