"""The list of cases: what each line shows, and how the list is narrowed."""

import html
import re
from datetime import UTC, datetime, timedelta

import pytest
from httpx import Response

from services.dashboard.domain.facts import Fact
from services.dashboard.domain.listing import Tab
from services.dashboard.domain.roles import Role
from services.dashboard.entrypoints.web.list_wording import EMPTY_TABS, TABS_EXPLAINED
from services.dashboard.entrypoints.web.wording import SUSPICIONS
from shared import events
from tests.services.dashboard.builders import (
    CONTACT,
    NOON,
    REQUEST,
    a_contact,
    a_dead_letter,
    a_letter_bounced,
    a_letter_failed,
    a_letter_not_made,
    a_letter_sent,
    a_referral,
    a_release_of_mails,
    a_request,
    a_whole_story,
    an_approval_asked,
    an_assignment,
    an_offer,
)
from tests.services.dashboard.fakes import FROM_OWN_PAGE, InMemoryDashboard, get, text

pytestmark = pytest.mark.anyio

CHIP = re.compile(r'<li><a href="([^"]+)">([^<]+)<span aria-hidden')


async def test_the_list_shows_a_case_in_one_line() -> None:
    page = text(await get("/", a_request(), an_offer(67_000), a_letter_sent("quote", after=timedelta(seconds=4))))

    for words in (
        "K7M2P4XR",
        "11月23日 12:00",  # JST
        CONTACT["company"],
        CONTACT["person"],
        "資料（メール）・見積り",
        "見積済",
        "67,000円",
        "送信済",
        "4.0秒",
    ):
        assert words in page


async def test_without_cases_the_list_says_what_will_happen() -> None:
    assert "まだご依頼はありません" in text(await get("/"))
    assert "すべてに、「個別見積り」のご依頼はありません" in text(await get("/?state=referred"))


async def test_the_list_can_be_narrowed_to_one_state() -> None:
    dashboard = InMemoryDashboard()
    await dashboard.cases.add(a_request("other", reception_no="OTHER111", quote=False))

    page = text(await get("/?state=referred", a_request(), a_referral(), dashboard=dashboard))

    assert "K7M2P4XR" in page
    assert "OTHER111" not in page


async def test_a_suspicious_request_is_marked_in_the_list_and_on_its_page_with_the_reasons() -> None:
    request = a_request(suspicions=("too-fast", "many-links"))
    reasons = (SUSPICIONS["too-fast"], SUSPICIONS["many-links"])

    for path in ("/", f"/cases/{REQUEST}"):
        marked, plain = text(await get(path, request)), text(await get(path, a_request()))

        assert all(words in marked for words in ("送信元に注意", *reasons))
        assert not [words for words in reasons if words in plain]


async def test_a_suspicion_that_we_do_not_know_yet_is_said_to_be_another_one() -> None:
    for path in ("/", f"/cases/{REQUEST}"):
        page = text(await get(path, a_request(suspicions=("of-tomorrow", "of-the-day-after"))))

        assert page.count("その他の理由") == 1
        assert "of-tomorrow" not in page


def test_there_are_words_for_every_suspicion_of_the_published_language() -> None:
    assert set(SUSPICIONS) == set(events.SUSPICIONS)


async def test_the_list_can_be_narrowed_to_suspicious_requests() -> None:
    dashboard = InMemoryDashboard()
    await dashboard.cases.add(a_request("other", reception_no="OTHER111"))

    page = await get("/?suspicious=1", a_request(suspicions=("honeypot",)), dashboard=dashboard)

    assert "K7M2P4XR" in page.text
    assert "OTHER111" not in page.text
    assert "すべて「送信元に注意」 1件" in text(page)
    assert 'name="suspicious" value="1" checked' in page.text


async def test_what_narrows_the_list_stays_from_page_to_page() -> None:
    dashboard = InMemoryDashboard()
    for number in range(51):
        await dashboard.cases.add(a_request(f"case-{number}", suspicions=("honeypot",)))

    async with dashboard.browser() as browser:
        page = await browser.get("/?state=received&state=quoted&suspicious=1")

    assert "すべて「受付済／見積済・送信元に注意」 51件" in text(page)
    assert 'href="/?state=quoted&amp;state=received&amp;suspicious=1&amp;after=' in page.text


@pytest.mark.parametrize(
    "query", ["?state=nonsense", "?suspicious=maybe", "?after=0", "?after=x~y", "?from=2026-02-30", "?premium_to=²"]
)
async def test_a_query_that_makes_no_sense_shows_the_whole_list(query: str) -> None:
    response = await get("/" + query, a_request())

    assert response.status_code == 200
    assert "K7M2P4XR" in response.text


async def test_the_list_says_which_letters_did_not_go_out() -> None:
    """U13, B03: a quote whose letter could not be written stood there as 見積済/未送信, without a word to anybody."""
    not_made = text(await get("/", a_request(), an_offer(), a_letter_not_made()))
    refused = text(await get("/", a_request(), an_offer(), a_letter_failed("receipt")))
    came_back = text(await get("/?failed=1", a_request(), an_offer(), a_letter_sent(), a_letter_bounced()))

    assert "送信失敗 見積書：作成できません" in not_made
    assert "送信失敗 受付のお知らせ：届きません" in refused
    assert "送信失敗 見積書：届きません" in came_back


@pytest.mark.parametrize("count", [0, 1_234])
async def test_the_list_says_how_many_records_could_not_be_worked_on(count: int) -> None:
    """U13: a record that could not be read showed nowhere but in the metrics. A case may be missing because of it."""
    dashboard = InMemoryDashboard()
    letters = (a_dead_letter(f"letter-{number}") for number in range(count))
    dashboard.dead_letters.letters = {letter.id: letter for letter in letters}

    page = text(await get("/", dashboard=dashboard))

    assert ("処理できなかった記録が 1,234 件あります" in page) == (count > 0)


async def test_fifty_cases_fill_a_page_and_links_lead_on_and_back() -> None:
    dashboard = InMemoryDashboard()
    for number in range(120):
        request = a_request(f"case-{number}", reception_no=f"NO{number:06d}", at=NOON + timedelta(minutes=number))
        await dashboard.cases.add(request)

    async with dashboard.browser() as browser:
        first = await browser.get("/")
        second = await browser.get(link(first, "次のページ"))
        third = await browser.get(link(second, "次のページ"))
        back = await browser.get(link(third, "前のページ"))
        last = await browser.get(link(first, "最後のページ"))
        before_last = await browser.get(link(last, "前のページ"))

    assert [len(numbers(page)) for page in (first, second, third)] == [50, 50, 20]
    assert numbers(first) + numbers(second) + numbers(third) == list(range(119, -1, -1))
    assert numbers(back) == numbers(second)
    assert (numbers(last), numbers(before_last)) == (list(range(49, -1, -1)), list(range(99, 49, -1)))
    assert not [page for page in (third, last) if "次のページ" in page.text]
    assert "前のページ" not in first.text


def link(page: Response, words: str) -> str:
    [address] = re.findall(rf'<a href="([^"]*)"[^>]*>{words}</a>', page.text)
    return html.unescape(address)


def numbers(page: Response) -> list[int]:
    return [int(number) for number in re.findall(r">NO(\d{6})<", page.text)]


@pytest.mark.parametrize("tab", Tab)
async def test_a_tab_shows_its_own_cases_and_every_tab_says_how_many_it_has(tab: Tab) -> None:
    dashboard = InMemoryDashboard()
    post, plain = a_request("post", brochure="post", quote=False), a_request("plain", reception_no="PLN22222")
    for fact in (post, plain, a_referral(request_id="plain"), an_assignment("plain", "desk")):
        await dashboard.cases.add(fact)

    page = await get(f"/?tab={tab}", dashboard=dashboard)

    shown = {
        Tab.MINE: ["PLN22222"],
        Tab.UNANSWERED: ["PLN22222"],
        Tab.CHECK: ["PLN22222"],
        Tab.POST: ["K7M2P4XR"],
        Tab.ALL: ["K7M2P4XR", "PLN22222"],
    }
    assert [number for number in ("K7M2P4XR", "PLN22222") if number in page.text] == shown.get(tab, [])
    assert "期限超過 0 本日期限 0 自分の担当 1 未対応 1 要確認 1 保険料の承認待ち 0 送付保留 0 郵送 1 すべて 2" in text(
        page
    )


@pytest.mark.parametrize("tab", [tab for tab in Tab if tab is not Tab.ALL])
async def test_an_empty_tab_says_what_will_appear_there(tab: Tab) -> None:
    assert EMPTY_TABS[tab] in text(await get(f"/?tab={tab}"))


async def test_the_rows_stand_as_close_as_somebody_has_chosen_in_this_browser() -> None:
    dashboard = InMemoryDashboard()

    async with dashboard.browser() as browser:
        before = (await browser.get("/?state=referred")).text
        answer = await browser.post("/rows", data={"rows": "dense", "back": "/?state=referred"}, headers=FROM_OWN_PAGE)
        dense = (await browser.get("/")).text
        await browser.post("/rows", data={"rows": "comfortable"}, headers=FROM_OWN_PAGE)
        again = (await browser.get("/")).text

    assert 'class="rows--comfortable"' in before
    assert 'name="back" value="/?state=referred"' in before
    assert (answer.status_code, answer.headers["location"]) == (303, "/?state=referred")
    assert {"HttpOnly", "SameSite=strict"} <= set(answer.headers["set-cookie"].split("; "))
    assert 'class="rows--dense"' in dense
    assert 'class="rows--comfortable"' in again


@pytest.mark.parametrize(
    "back", ["//evil.example", "https://evil.example", "/\\evil.example", "/cases/x", "/?a\r\nb: c"]
)
async def test_choosing_rows_leads_nowhere_else(back: str) -> None:
    async with InMemoryDashboard().browser() as browser:
        answer = await browser.post("/rows", data={"rows": "dense", "back": back}, headers=FROM_OWN_PAGE)

    assert answer.headers["location"] == "/"


@pytest.mark.parametrize("tab", Tab)
async def test_a_tab_says_what_belongs_to_it(tab: Tab) -> None:
    assert TABS_EXPLAINED[tab] in text(await get(f"/?tab={tab}", a_request()))


async def test_after_a_filter_the_result_comes_first_and_each_condition_can_be_taken_away() -> None:
    """C2: the open form of the filter stood before the result, some 550 px of checkboxes."""
    query = "/?state=quoted&state=received&brochure=email&from=2026-11-23&to=2026-11-23&premium_from=0"

    page = await get(query, a_request(), an_offer())

    chips = {html.unescape(words): html.unescape(address) for address, words in CHIP.findall(page.text)}
    assert 'id="filter" class="panel filter" data-hx-morph-skip>' in page.text
    assert chips.keys() == {"受付済", "見積済", "資料：メール", "11月23日に受付", "保険料があるもの"}
    assert "state=quoted" not in chips["見積済"]
    assert "state=received" in chips["見積済"]
    assert "&from=" not in chips["11月23日に受付"]
    assert all(address.startswith("/?") for address in chips.values())


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("from=2026-11-23&to=2026-11-23", "11月23日に受付"),
        ("from=2026-11-20&to=2026-11-23", "11月20日〜11月23日に受付"),
        ("from=2026-11-20", "11月20日以降に受付"),
        ("to=2025-12-31", "2025年12月31日までに受付"),
        ("outcome=handed-over&averaged=1", "引き渡し済・平均保険料に数えるもの"),
        ("assignee=-&industry=-", "業種なし・対応者：なし"),
        ("state=quoted&quoted_to=90000", "見積済・見積りまで1分30秒以内"),
    ],
)
async def test_the_title_says_what_is_shown_as_one_says_it(query: str, words: str) -> None:
    assert f"<title>すべて（{words}） | " in (await get(f"/?{query}", a_request())).text


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("from=2026-11-23&to=2026-11-22", "受付日の始まりが終わりより後です"),
        ("premium_from=2&premium_to=1", "保険料の下限が上限より大きくなっています"),
    ],
)
async def test_a_range_that_ends_before_it_begins_is_said_and_stays_typed(query: str, words: str) -> None:
    page = await get(f"/?{query}", a_request())

    assert "<title>エラー：" in page.text
    assert words in text(page)
    assert "data-hx-morph-skip open" in page.text
    assert all(f'value="{pair.partition("=")[2]}"' in page.text for pair in query.split("&"))


async def test_what_waits_for_an_approval_has_its_tab_and_its_tag() -> None:
    facts = (a_request(), a_referral(), an_approval_asked(), a_request("other", reception_no="OTHER111"))

    page = await get("/?tab=approve", *facts)

    assert "保険料の承認待ち 1" in text(page)
    assert '<span class="tag tag--check">承認待ち</span>' in page.text
    assert "OTHER111" not in page.text


@pytest.mark.parametrize("cleared_by", [a_release_of_mails(), a_contact()], ids=["released", "reached"])
async def test_a_sender_who_was_checked_is_no_longer_warned_of(cleared_by: Fact) -> None:
    facts = (a_request(suspicions=("honeypot",)), cleared_by)

    page, filtered = await get("/", *facts), await get("/?suspicious=1", *facts)

    assert '<span class="tag">確認済</span>' in page.text
    assert "送信元に注意</span>" not in page.text
    assert "K7M2P4XR" not in filtered.text


async def test_a_mail_that_waits_for_staff_is_said_to_be_held() -> None:
    assert "未送信 （停止中）" in text(await get("/", a_request(suspicions=("honeypot",))))


async def test_the_year_is_said_where_it_is_another_one() -> None:
    assert "2025年12月31日 23:59" in text(await get("/", a_request(at=datetime(2025, 12, 31, 14, 59, 30, tzinfo=UTC))))


async def test_moments_are_as_html_allows_them() -> None:
    """Kafka and MongoDB give microseconds; a `datetime` of HTML has at most three digits of a second."""
    page = await get("/", a_request(at=NOON + timedelta(microseconds=123_456)))

    assert 'datetime="2026-11-23T03:00:00.123+00:00"' in page.text


async def test_only_who_may_work_on_cases_is_offered_in_the_filter() -> None:
    dashboard = InMemoryDashboard()
    dashboard.accounts.hashes |= {"hanako": "plain:x", "gone": "plain:x", "looks": "plain:x"}
    dashboard.accounts.disabled["gone"] = NOON
    dashboard.accounts.roles["looks"] = Role.viewer

    page = (await get("/", a_request(), dashboard=dashboard)).text

    assert re.findall(r'<option value="([a-z]+)">\1</option>', page) == ["hanako"]


@pytest.mark.parametrize("path", ["/", f"/cases/{REQUEST}"])
async def test_no_moment_of_a_page_has_more_digits_than_html_allows(path: str) -> None:
    page = (await get(path, *a_whole_story())).text

    assert not re.findall(r'datetime="[^"]*\.\d{4,}', page)
    assert re.findall(r'datetime="[^"]*\.\d{3}\+', page)
