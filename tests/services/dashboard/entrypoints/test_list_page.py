"""The list of cases: what each line shows, and how the list is narrowed."""

from datetime import timedelta

import pytest

from services.dashboard.entrypoints.web.wording import SUSPICIONS
from shared import events
from tests.services.dashboard.builders import (
    CONTACT,
    NOON,
    REQUEST,
    a_letter_failed,
    a_letter_not_made,
    a_letter_sent,
    a_referral,
    a_request,
    an_offer,
)
from tests.services.dashboard.fakes import InMemoryDashboard, get, text

pytestmark = pytest.mark.anyio


async def test_the_list_shows_a_case_in_one_line() -> None:
    page = text(await get("/", a_request(), an_offer(67_000), a_letter_sent("quote", after=timedelta(seconds=4))))

    for words in (
        "K7M2P4XR",
        "2026-11-23 12:00:00",  # JST
        CONTACT["company"],
        CONTACT["person"],
        "資料（メール）・見積り",
        "見積提示",
        "67,000円",
        "送信済",
        "4.0秒",
    ):
        assert words in page


async def test_without_cases_the_list_says_what_will_happen() -> None:
    assert "まだご依頼はありません" in text(await get("/"))
    assert "「要確認」のご依頼はありません" in text(await get("/?state=referred"))


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

        assert all(words in marked for words in ("要確認（送信）", *reasons))
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
    assert "「要確認（送信）」のご依頼 1件中" in text(page)
    assert 'name="suspicious" value="1" checked' in page.text


async def test_both_ways_of_narrowing_go_together_and_stay_from_page_to_page() -> None:
    dashboard = InMemoryDashboard()
    for number in range(51):
        await dashboard.cases.add(a_request(f"case-{number}", suspicions=("honeypot",)))

    async with dashboard.browser() as browser:
        page = await browser.get("/?state=received&suspicious=1")

    assert "「受付済・要確認（送信）」のご依頼 51件中" in text(page)
    assert 'href="/?state=received&amp;suspicious=1&amp;page=2" rel="next"' in page.text


@pytest.mark.parametrize(
    "query", ["?state=nonsense", "?suspicious=maybe", "?page=0", "?page=-1", "?page=abc", "?page=²"]
)
async def test_a_query_that_makes_no_sense_shows_the_whole_list(query: str) -> None:
    response = await get("/" + query, a_request())

    assert response.status_code == 200
    assert "K7M2P4XR" in response.text


async def test_the_list_says_which_letters_did_not_go_out() -> None:
    """U13, B03: a quote whose letter could not be written stood there as 見積提示/未送信, without a word to anybody."""
    not_made = text(await get("/", a_request(), an_offer(), a_letter_not_made()))
    refused = text(await get("/", a_request(), an_offer(), a_letter_failed("receipt")))

    assert "送信失敗 見積書：作成できません" in not_made
    assert "送信失敗 受付のお知らせ：届きません" in refused


@pytest.mark.parametrize("count", [0, 1_234])
async def test_the_list_says_how_many_records_could_not_be_worked_on(count: int) -> None:
    """U13: a record that could not be read showed nowhere but in the metrics. A case may be missing because of it."""
    dashboard = InMemoryDashboard()
    dashboard.set_aside.count = count

    page = text(await get("/", dashboard=dashboard))

    assert ("処理できなかった記録が 1,234 件あります" in page) == (count > 0)


async def test_fifty_cases_fill_a_page_and_links_lead_on() -> None:
    dashboard = InMemoryDashboard()
    for number in range(51):
        request = a_request(f"case-{number}", reception_no=f"NO{number:06d}", at=NOON + timedelta(minutes=number))
        await dashboard.cases.add(request)

    async with dashboard.browser() as browser:
        first, second, beyond = [await browser.get(f"/?page={number}") for number in (1, 2, 3)]

    assert first.text.count('data-label="受付番号"') == 50
    assert "51件中 1〜50件目" in text(first)
    assert 'href="/?page=2" rel="next"' in first.text
    assert "NO000000" in second.text
    assert 'href="/?page=1" rel="prev"' in second.text
    assert "最初のページへ" in text(beyond)
