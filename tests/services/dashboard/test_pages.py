"""What staff see: the list, one case, and what is said when something cannot be shown."""

from datetime import timedelta

import pytest
from httpx import Response
from structlog.testing import capture_logs

from services.dashboard.domain.facts import Fact
from services.dashboard.entrypoints.web.wording import SUSPICIONS
from shared import events
from shared.events import Parcel
from tests.services.dashboard.builders import (
    CONTACT,
    NOON,
    PRODUCT,
    REASONS,
    REQUEST,
    WORKINGS,
    a_decision,
    a_letter_failed,
    a_letter_sent,
    a_manual_offer,
    a_nearest_offer,
    a_referral,
    a_request,
    a_whole_story,
    an_offer,
)
from tests.services.dashboard.office import Office, text

pytestmark = pytest.mark.anyio


async def get(path: str, *facts: Fact, office: Office | None = None) -> Response:
    office = office or Office()
    for fact in facts:
        await office.cases.keep(fact)
    async with office.browser() as browser:
        return await browser.get(path)


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
    office = Office()
    await office.cases.keep(a_request("other", reception_no="OTHER111", quote=False))

    page = text(await get("/?state=referred", a_request(), a_referral(), office=office))

    assert "K7M2P4XR" in page
    assert "OTHER111" not in page


async def test_a_suspicious_request_is_marked_in_the_list_and_on_its_page_with_the_reasons() -> None:
    request = a_request(suspicions=("too-fast", "many-links"))
    reasons = (SUSPICIONS["too-fast"], SUSPICIONS["many-links"])

    for path in ("/", f"/cases/{REQUEST}"):
        marked, plain = text(await get(path, request)), text(await get(path, a_request()))

        assert all(words in marked for words in ("要確認（送信）", *reasons))
        assert not [words for words in reasons if words in plain]


async def test_the_page_of_a_suspicious_request_says_what_to_do_first() -> None:
    page = text(await get(f"/cases/{REQUEST}", a_request(brochure="post", suspicions=("no-start",))))

    assert page.index("いたずらや自動送信の可能性があります") < page.index("資料の郵送をご希望です")


async def test_a_suspicion_that_we_do_not_know_yet_is_said_to_be_another_one() -> None:
    for path in ("/", f"/cases/{REQUEST}"):
        page = text(await get(path, a_request(suspicions=("of-tomorrow", "of-the-day-after"))))

        assert page.count("その他の理由") == 1
        assert "of-tomorrow" not in page


def test_there_are_words_for_every_suspicion_of_the_published_language() -> None:
    assert set(SUSPICIONS) == set(events.SUSPICIONS)


async def test_the_list_can_be_narrowed_to_suspicious_requests() -> None:
    office = Office()
    await office.cases.keep(a_request("other", reception_no="OTHER111"))

    page = await get("/?suspicious=1", a_request(suspicions=("honeypot",)), office=office)

    assert "K7M2P4XR" in page.text
    assert "OTHER111" not in page.text
    assert "「要確認（送信）」のご依頼 1件中" in text(page)
    assert 'name="suspicious" value="1" checked' in page.text


async def test_both_ways_of_narrowing_go_together_and_stay_from_page_to_page() -> None:
    office = Office()
    for number in range(51):
        await office.cases.keep(a_request(f"case-{number}", suspicions=("honeypot",)))

    async with office.browser() as browser:
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


async def test_fifty_cases_fill_a_page_and_links_lead_on() -> None:
    office = Office()
    for number in range(51):
        request = a_request(f"case-{number}", reception_no=f"NO{number:06d}", at=NOON + timedelta(minutes=number))
        await office.cases.keep(request)

    async with office.browser() as browser:
        first, second, beyond = [await browser.get(f"/?page={number}") for number in (1, 2, 3)]

    assert first.text.count('data-label="受付番号"') == 50
    assert "51件中 1〜50件目" in text(first)
    assert 'href="/?page=2" rel="next"' in first.text
    assert "NO000000" in second.text
    assert 'href="/?page=1" rel="prev"' in second.text
    assert "最初のページへ" in text(beyond)


async def test_a_case_shows_everything_that_the_desk_needs() -> None:
    page = text(await get(f"/cases/{REQUEST}", *a_whole_story()))

    for words in (
        *CONTACT.values(),
        "サイバーセキュリティ保険",
        "500,000千円（5億円）",
        "プライバシーマーク",
        "カナリアの鳴き声が漏えいした",
        "67,000円",
        "2026-10-01 版",
        "2026年12月23日（水）",
        *(value for working in WORKINGS for value in working.values()),
        "受付から 4.0秒",
        "担当者の確認が必要と判定しました（第1版）",
        "見積りを算出しました（第2版）",
        "desk が見積りの送付を承認しました",
        "メールを送信できませんでした：見積書（お客さま宛）",
    ):
        assert words in page


async def test_a_cover_that_could_not_be_had_is_shown_with_what_was_exchanged_and_why() -> None:
    page = text(await get(f"/cases/{REQUEST}", a_request(), a_nearest_offer()))

    for words in (
        "ご希望の条件ではお引受けできないため",
        "プラン：ワイド → ベーシック 。付帯できません。 leak-only-with-wide",
        "ご希望に最も近い条件",
        "保険料を抑えた案",
        "補償を手厚くした案",
    ):
        assert words in page


async def test_the_grids_stand_behind_a_fold_with_the_reasons_for_empty_cells() -> None:
    page = text(await get(f"/cases/{REQUEST}", a_request(), a_nearest_offer()))

    for words in (
        "費用損害の支払限度額 × 費用損害の免責金額 の保険料一覧",
        "51,230",
        "41,230",
        "支払限度額より低くする",
    ):
        assert words in page


async def test_the_desk_sees_what_would_lower_the_premium() -> None:
    page = text(await get(f"/cases/{REQUEST}", a_request(), a_nearest_offer()))

    assert page.index("危機管理計画とバックアップの整備 3,470円 54,390円") < page.index("通信の暗号化 2,310円 55,550円")


async def test_a_premium_set_by_hand_stands_with_its_reason_and_the_first_quote_stays_in_sight() -> None:
    facts = (a_request(), an_offer(67_000), a_decision(), a_manual_offer())

    page = text(await get(f"/cases/{REQUEST}", *facts))

    for words in (
        "81,230円",
        "手動で設定",
        "本社の承認による",
        "これまでの版",
        "67,000円",
        "hanako が見積りの改訂を依頼しました",
    ):
        assert words in page


async def test_what_the_customer_does_not_know_is_marked_for_the_desk() -> None:
    page = text(await get(f"/cases/{REQUEST}", a_request()))

    assert "「わからない」というご回答が 1 件あります" in page


async def test_a_referral_shows_all_its_reasons_and_what_to_do() -> None:
    page = text(await get(f"/cases/{REQUEST}", a_request(), a_referral()))

    assert all(reason["message"] in page for reason in REASONS)
    assert "お客さまへご連絡ください" in page


@pytest.mark.parametrize(
    ("facts", "task"),
    [
        pytest.param([a_request(brochure="post", quote=False)], "資料の郵送をご希望です", id="brochures by post"),
        pytest.param([a_request(), an_offer(), a_letter_failed()], "届かなかったメールがあります", id="a failed mail"),
    ],
)
async def test_what_a_person_must_do_is_said_at_the_top(facts: list[Fact], task: str) -> None:
    assert task in text(await get(f"/cases/{REQUEST}", *facts))
    assert task not in text(await get(f"/cases/{REQUEST}", a_request()))


async def test_a_mail_that_may_have_arrived_twice_is_said_to() -> None:
    page = text(await get(f"/cases/{REQUEST}", a_request(), an_offer(), a_letter_sent("quote", ambiguous=True)))

    assert "重複して届いた可能性あり" in page


async def test_markup_in_an_answer_is_shown_and_not_obeyed() -> None:
    hostile = '<script>alert("x")</script>&<b>'
    request = a_request(company=hostile, person="\"><img src=x onerror='1'>")

    for path in ("/", f"/cases/{REQUEST}"):
        response = await get(path, request)

        assert "<script" not in response.text
        assert "<img" not in response.text
        assert hostile in text(response).replace("  ", " ") or "&lt;script&gt;" in response.text


async def test_a_parcel_that_cannot_be_opened_hides_itself_and_not_the_case() -> None:
    lost = {"desk": Parcel(key="desk-0", box="AAAA")}
    office = Office()
    await office.cases.keep(a_request("lost", reception_no="LST22222", parcels=lost))

    async with office.browser() as browser:
        listed, shown = await browser.get("/"), await browser.get("/cases/lost")

    assert "LST22222" in listed.text
    assert "開封できません" in text(listed)
    assert "開封できません（unknown-key）" in text(shown)


@pytest.mark.parametrize("path", ["/cases/nobody", "/cases/%00", "/nowhere"])
async def test_a_case_that_does_not_exist_is_a_page_that_says_what_to_do(path: str) -> None:
    response = await get(path)

    assert response.status_code == 404
    assert "一覧からお探しください" in text(response)


async def test_with_the_ledger_away_the_page_says_that_nothing_is_lost() -> None:
    office = Office()

    async with office.browser() as browser:
        office.cases.away = True
        response = await browser.get(f"/cases/{REQUEST}")

    assert (response.status_code, response.headers["retry-after"]) == (503, "5")
    assert "受け付けたご依頼は失われていません" in text(response)


async def test_a_bug_of_ours_is_a_page_without_details() -> None:
    office = Office()

    async with office.browser() as browser:
        office.cases.facts["bad"] = "not a fact"  # type: ignore[assignment]  # that is the bug
        response = await browser.get("/")

    assert response.status_code == 500
    assert "システムに問題が発生しました" in text(response)
    assert "Error" not in response.text


async def test_who_opened_which_case_is_noted() -> None:
    office = Office()

    await get(f"/cases/{REQUEST}", a_request(), office=office)
    await get("/cases/nobody", office=office)

    assert [act for act in office.audit.acts if act[0] != "logged-in"] == [("opened-case", "desk", REQUEST)]


@pytest.mark.parametrize("path", ["/", "/login", f"/cases/{REQUEST}", "/cases/nobody"])
async def test_every_page_is_for_people_who_read_japanese_with_any_device(path: str) -> None:
    response = await get(path, a_request(), office=Office())

    if response.status_code == 303:
        return
    assert '<html lang="ja">' in response.text
    assert 'href="#main"' in response.text
    assert "<title>" in response.text
    assert response.text.count("<h1") == 1
    assert response.text.count("<table") == response.text.count("<caption>")


async def test_no_page_is_kept_by_the_browser_or_runs_a_script() -> None:
    response = await get(f"/cases/{REQUEST}", *a_whole_story())

    assert response.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in response.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in response.headers["content-security-policy"]
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "<script" not in response.text
    assert " style=" not in response.text


@pytest.mark.parametrize("path", ["/", f"/cases/{REQUEST}"])
async def test_where_premiums_stand_the_tariff_is_said_to_be_an_example(path: str) -> None:
    assert PRODUCT.notices["sample_tariff"] in text(await get(path, a_request(), an_offer()))


async def test_the_company_is_not_in_the_title_where_history_would_keep_it() -> None:
    page = (await get(f"/cases/{REQUEST}", a_request())).text

    assert CONTACT["company"] not in page.split("</title>")[0]


async def test_logs_tell_nothing_about_the_customer() -> None:
    office = Office()
    lost = {"desk": Parcel(key="desk-0", box="AAAA")}
    await office.cases.keep(a_request("lost", parcels=lost))

    with capture_logs() as lines:
        await get(f"/cases/{REQUEST}", *a_whole_story(), office=office)
        await get("/", office=office)

    assert lines
    assert not [value for value in CONTACT.values() if value in str(lines)]
