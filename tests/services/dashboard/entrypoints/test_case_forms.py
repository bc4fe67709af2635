"""What the page of a case says after each of its forms: at the place where the focus is, also without scripts."""

import re
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from httpx import AsyncClient, Response

from services.dashboard.domain.facts import Fact
from services.dashboard.domain.roles import Role
from services.dashboard.entrypoints.web.contact_links import mail_link, phone_link
from shared.events import ApprovalAsked
from tests.services.dashboard.builders import (
    BY_DESK,
    COVER,
    PRODUCT,
    REQUEST,
    a_contact,
    a_letter_failed,
    a_nearest_offer,
    a_note,
    a_request,
    a_whole_story,
    an_offer,
)
from tests.services.dashboard.fakes import FROM_OWN_PAGE, PASSWORD, InMemoryDashboard, log_in, text

pytestmark = pytest.mark.anyio

CASE = f"/cases/{REQUEST}"


class Ids(HTMLParser):
    """Every `id` of a page, and every place that names one."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.named: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del tag
        told = {name: value or "" for name, value in attrs}
        self.ids += [told["id"]] if "id" in told else []
        for name in ("aria-labelledby", "aria-describedby", "for"):
            self.named += told.get(name, "").split()
        if told.get("href", "").startswith("#"):
            self.named.append(told["href"][1:])


async def a_desk(*facts: Fact, dashboard: InMemoryDashboard | None = None) -> InMemoryDashboard:
    dashboard = dashboard or InMemoryDashboard()
    for fact in facts or (a_request(answers=COVER, brochure="post"), an_offer()):
        await dashboard.cases.add(fact)
    return dashboard


async def send(browser: AsyncClient, path: str, **fields: str) -> Response:
    [seen] = set(re.findall(r'name="seen" value="(\d+)"', (await browser.get(CASE)).text)) or {"0"}
    return await browser.post(f"{CASE}/{path}", data={"seen": seen, **fields}, headers=FROM_OWN_PAGE)


@pytest.mark.parametrize(
    ("path", "fields", "field"),
    [
        pytest.param("work", {"kind": "note", "text": " "}, "note-text", id="a note"),
        pytest.param("work", {"kind": "contact", "text": "x"}, "contact-outcome", id="a contact"),
        pytest.param(
            "work", {"kind": "contact", "outcome": "reached", "again_at": "soon"}, "contact-again", id="a next contact"
        ),
        pytest.param("work", {"kind": "close"}, "close-outcome", id="an end"),
        pytest.param("work", {"kind": "close", "outcome": "declined"}, "close-reason", id="a reason"),
        pytest.param("work", {"kind": "close", "outcome": "duplicate"}, "close-same", id="another case"),
        pytest.param("work", {"kind": "assign", "to": "nobody"}, "assign-to", id="a colleague"),
        pytest.param("work", {"kind": "address", "email": "nowhere"}, "address-email", id="an address"),
        pytest.param("decide", {"kind": "premium", "premium": "70000"}, "premium-reason", id="a premium's reason"),
        pytest.param("decide", {"kind": "premium", "reason": "x"}, "premium-premium", id="a premium"),
        pytest.param("decide", {"kind": "terms", "reason": "x"}, "terms-choices", id="other terms"),
        pytest.param("work", {"kind": "reopen"}, "work", id="what no field is about"),
    ],
)
async def test_what_is_wrong_is_said_above_all_in_the_title_and_at_its_field(
    path: str, fields: dict[str, str], field: str
) -> None:
    dashboard = await a_desk()

    async with dashboard.browser() as browser:
        page = (await send(browser, path, **fields)).text

    said = page.partition('<div id="problems" class="alert" role="alert" tabindex="-1">')[2].partition("</div>")[0]
    assert "<title>エラー：" in page
    assert f'<a href="#{field}">' in said
    assert page.index('id="problems"') < page.index('<h2 id="next">')
    if field != "work":
        assert f'id="{field}-problem"' in page
        # A group of fields cannot be invalid itself.
        is_invalid = "" if field == "terms-choices" else ' aria-invalid="true"'
        assert re.search(rf'{is_invalid} aria-describedby="{field}-problem', page)


async def test_each_form_of_the_case_brings_the_focus_to_what_is_wrong() -> None:
    """The fragment of a form's address stays when the answer is a page, and a browser focuses what it names."""
    dashboard = await a_desk()

    async with dashboard.browser() as browser:
        page = (await browser.get(CASE)).text

    actions = set(re.findall(r'action="(/cases/[^"]+/(?:work|decide|approve)[^"]*)"', page))
    assert actions == {f"{CASE}/work#problems", f"{CASE}/decide#problems"}


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        pytest.param({"kind": "note", "text": "x"}, "desk がメモを残しました", id="a note"),
        pytest.param({"kind": "contact", "outcome": "no-answer"}, "desk：連絡がつかなかった", id="a contact"),
        pytest.param(
            {"kind": "contact", "outcome": "reached", "again_at": "2026-11-24T09:30"},
            "desk：連絡がついた（次の連絡：11月24日 09:30）",
            id="a contact and the next",
        ),
        pytest.param({"kind": "post"}, "desk が資料を郵送しました", id="brochures"),
        pytest.param({"kind": "assign", "to": "desk"}, "desk が対応者を desk にしました", id="a colleague"),
        pytest.param({"kind": "close", "outcome": "finished"}, "desk が対応を終えました：対応済", id="an end"),
    ],
)
async def test_what_was_kept_is_said_where_the_focus_comes(fields: dict[str, str], said: str) -> None:
    dashboard = await a_desk()

    async with dashboard.browser() as browser:
        answer = await send(browser, "work", **fields)
        page = (await browser.get(answer.headers["location"])).text

    assert answer.headers["location"].endswith("#done")
    assert f'<p id="done" class="said" role="status" tabindex="-1"><strong>記録しました：</strong>{said}' in page


async def test_nothing_is_said_to_be_kept_that_is_not_there() -> None:
    dashboard = await a_desk()

    async with dashboard.browser() as browser:
        page = await browser.get(f"{CASE}?done=nothing")

    assert "記録しました" not in page.text


async def test_what_can_be_taken_back_is_where_the_focus_comes_and_taking_it_back_is_said() -> None:
    dashboard = await a_desk()

    async with dashboard.browser() as browser:
        decided = await send(browser, "decide", kind="premium", premium="70000", reason="x")
        dashboard.time += timedelta(seconds=3)
        page = (await browser.get(CASE)).text
        [decision_id] = re.findall(r'name="decision_id" value="([^"]+)"', page)
        answer = await send(browser, "take-back", decision_id=decision_id)
        after = text(await browser.get(answer.headers["location"]))

    assert decided.headers["location"] == f"{CASE}#take-back"
    assert '<div id="take-back" class="said" role="status" tabindex="-1">' in page
    assert 'data-left-ms="6000"' in page
    assert page.index('id="take-back"') < page.index('<dl class="facts">')
    assert answer.headers["location"].endswith("#done")
    assert "記録しました： desk が見積りの見直しの依頼を取り消しました" in after


async def test_a_desk_gives_its_staff_more_time_to_take_something_back() -> None:
    product = replace(PRODUCT, desk=replace(PRODUCT.desk, take_back=timedelta(seconds=60)))
    dashboard = await a_desk(dashboard=InMemoryDashboard(product=product))

    async with dashboard.browser() as browser:
        await send(browser, "decide", kind="premium", premium="70000", reason="x")
        dashboard.time += timedelta(seconds=58)
        page = (await browser.get(CASE)).text
        [decision_id] = re.findall(r'name="decision_id" value="([^"]+)"', page)
        taken_back = await send(browser, "take-back", decision_id=decision_id)

    assert taken_back.status_code == 303


async def test_an_approval_that_is_taken_back_waits_again_and_the_record_says_so() -> None:
    dashboard = await a_desk()
    for name, role in (("hanako", Role.desk), ("boss", Role.manager)):
        await dashboard.accounts.add(name, f"plain:{PASSWORD}", dashboard.time, role)

    async with dashboard.browser(logged_in=False) as hanako, dashboard.browser(logged_in=False) as boss:
        await log_in(hanako, "hanako")
        await log_in(boss, "boss")
        await send(hanako, "decide", kind="premium", premium="60000", reason="長いお取引")
        [asked] = [fact for fact in dashboard.cases.facts.values() if isinstance(fact, ApprovalAsked)]
        await send(boss, "approve", asked_id=asked.decision_id, answer="approve")
        [decision_id] = re.findall(r'name="decision_id" value="([^"]+)"', (await boss.get(CASE)).text)
        await send(boss, "take-back", decision_id=decision_id)
        page = text(await boss.get(CASE))

    assert "boss が保険料の設定の承認を取り消しました（もう一度、承認を待っています）" in page
    assert "承認待ち：" in page


async def test_until_a_release_has_gone_out_nobody_is_told_that_it_has() -> None:
    dashboard = await a_desk(a_request(product=BY_DESK.slug, answers=COVER), an_offer())

    async with dashboard.browser() as browser:
        before = text(await browser.get(CASE))
        await send(browser, "release", quote_id=f"{REQUEST}:r1")
        during = text(await browser.get(CASE))

    assert "内容を確認し、問題がなければ押してください。 お客さまへ送付する" in before
    assert "次にすること 送信を待っています。" in during
    assert "見積書をお送りしたことを" not in before + during


async def test_the_warning_about_a_revision_comes_after_a_minute() -> None:
    dashboard = await a_desk()

    async with dashboard.browser() as browser:
        await send(browser, "decide", kind="premium", premium="70000", reason="x")
        at_once = text(await browser.get(CASE))
        dashboard.time += timedelta(minutes=1)
        later = text(await browser.get(CASE))

    assert ("管理者にお知らせください" in at_once, "管理者にお知らせください" in later) == (False, True)


async def test_tabs_are_told_apart_by_the_company_and_the_head_says_until_when() -> None:
    dashboard = await a_desk(a_request(), an_offer())

    async with dashboard.browser() as browser:
        page = await browser.get(CASE)

    assert "<title>株式会社カナリア商会（受付番号 K7M2P4XR） | 見積デスク</title>" in page.text
    assert "株式会社カナリア商会 受付番号 K7M2P4XR" in text(page)
    assert "期限 11月24日 10:00" in text(page)


async def test_no_id_is_on_a_page_twice_and_each_that_is_named_is_there() -> None:
    stories: list[list[Fact]] = [
        a_whole_story(),
        [a_request(answers=COVER, brochure="post"), a_nearest_offer(), a_letter_failed(), a_note(), a_contact()],
        [a_request(suspicions=("honeypot",)), an_offer()],
    ]
    pages = ["/", CASE, "/account", "/accounts", "/backlog", "/figures", "/account/password", "/account/passkeys"]

    for story in stories:
        dashboard = await a_desk(*story)
        async with dashboard.browser() as browser:
            shown = [(await browser.get(page)).text for page in pages]
            shown.append((await send(browser, "work", kind="contact")).text)
        for page in shown:
            found = Ids(page)
            assert sorted(set(found.ids)) == sorted(found.ids)
            assert set(found.named) <= set(found.ids)


async def test_the_newest_stands_first_in_both_records() -> None:
    dashboard = await a_desk(*a_whole_story())

    async with dashboard.browser() as browser:
        page = (await browser.get(CASE)).text

    times = re.findall(r'<li class="timeline__[^"]+"><time datetime="([^"]+)"', page)
    assert times == sorted(times, reverse=True)


async def test_words_for_machines_are_folded_away_and_each_table_has_its_own_name() -> None:
    dashboard = await a_desk(a_request(), a_nearest_offer())

    async with dashboard.browser() as browser:
        page = (await browser.get(CASE)).text

    before, _, technical = page.partition("技術情報")
    assert "industry_base[retail]" not in before
    assert "industry_base[retail]" in technical
    captions = re.findall(r"<caption[^>]*>(.*?)</caption>", page)
    assert sorted(set(captions)) == sorted(captions)


async def test_a_customer_is_called_and_written_to_by_a_link() -> None:
    dashboard = await a_desk()

    async with dashboard.browser() as browser:
        page = (await browser.get(CASE)).text

    assert 'href="tel:0312345678">03-1234-5678</a>' in page
    assert 'href="mailto:hanako@canary.example.jp">hanako@canary.example.jp</a>' in page


@pytest.mark.parametrize(
    ("typed", "link"),
    [
        pytest.param("０３－１２３４－５６７８", "tel:0312345678", id="full width"),
        pytest.param("+81 3 1234 5678", "tel:+81312345678", id="with the country"),
        pytest.param("03-1234-5678 内線12", "", id="with an extension"),
        pytest.param("javascript:alert(1)", "", id="no number"),
    ],
)
async def test_only_a_number_becomes_a_link_to_call(typed: str, link: str) -> None:
    assert phone_link(typed) == link


@pytest.mark.parametrize(
    ("typed", "link"),
    [
        pytest.param("a+b@canary.example.jp", "mailto:a%2Bb@canary.example.jp", id="a plus"),
        pytest.param("a?bcc=b@canary.example.jp", "mailto:a%3Fbcc%3Db@canary.example.jp", id="no copy to others"),
        pytest.param("nowhere", "", id="no address"),
    ],
)
async def test_a_link_to_write_has_one_receiver_and_nothing_else(typed: str, link: str) -> None:
    assert mail_link(typed) == link
