"""The page of one case: what the desk needs to know, and what it must do."""

from typing import get_args

import pytest

from services.dashboard.domain.facts import Fact
from services.dashboard.entrypoints.web.wording import LETTERS
from shared.events import LetterKind
from tests.services.dashboard.builders import (
    ANSWERS,
    CONTACT,
    REASONS,
    REQUEST,
    WORKINGS,
    a_decision,
    a_desk_parcel,
    a_letter_failed,
    a_letter_not_made,
    a_letter_sent,
    a_manual_offer,
    a_nearest_offer,
    a_referral,
    a_request,
    a_whole_story,
    an_offer,
)
from tests.services.dashboard.fakes import get, text

pytestmark = pytest.mark.anyio


async def test_the_page_of_a_suspicious_request_says_what_to_do_first() -> None:
    page = text(await get(f"/cases/{REQUEST}", a_request(brochure="post", suspicions=("no-start",))))

    assert page.index("いたずらや自動送信の可能性があります") < page.index("資料の郵送をご希望です")


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
        "プラン：ワイド → ベーシック 。付帯できません。",
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
        "hanako が見積りの見直しを依頼しました",
    ):
        assert words in page


async def test_what_the_customer_does_not_know_is_marked_for_the_desk() -> None:
    page = text(await get(f"/cases/{REQUEST}", a_request()))

    assert "「わからない」というご回答が 1 件あります" in page


async def test_a_referral_shows_all_its_reasons_and_what_to_do() -> None:
    page = text(await get(f"/cases/{REQUEST}", a_request(), a_referral()))

    assert all(reason["message"] in page for reason in REASONS)
    assert "個別の見積りを準備し、お客さまに回答してください。" in page


async def test_what_was_tidied_is_also_shown_as_it_was_typed() -> None:
    typed = {"phone": "０３－１２３４－５６７８", "turnover": "5億円"}

    page = text(await get(f"/cases/{REQUEST}", a_request(typed=typed)))

    assert f"{CONTACT['phone']} 入力されたまま：「０３－１２３４－５６７８」" in page
    assert "500,000千円（5億円） 入力されたまま：「5億円」" in page
    assert page.count("入力されたまま") == 2


async def test_a_note_that_was_tidied_is_shown_with_the_lines_and_blanks_that_were_typed() -> None:
    typed = {"incidents_note": "カナリアの　鳴き声\r\nが漏えいした"}

    page = await get(f"/cases/{REQUEST}", a_request(typed=typed))

    assert "「カナリアの　鳴き声\r\nが漏えいした」" in page.text


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param({}, id="nothing was tidied"),
        pytest.param({"company": f" {CONTACT['company']}　"}, id="only blanks around it were"),
        pytest.param({"incidents_note": f"{ANSWERS['incidents_note']}\r\n"}, id="only line ends were"),
    ],
)
async def test_what_looks_as_it_was_typed_is_shown_once(typed: dict[str, str]) -> None:
    page = await get(f"/cases/{REQUEST}", a_request(typed=typed))

    assert CONTACT["company"] in page.text
    assert "入力されたまま" not in page.text
    assert 'class="typed"' not in page.text


async def test_a_request_from_before_anything_was_kept_as_typed_is_shown_whole() -> None:
    parcels = a_desk_parcel({"contact": CONTACT, "answers": ANSWERS})

    page = text(await get(f"/cases/{REQUEST}", a_request(parcels=parcels)))

    assert CONTACT["company"] in page
    assert ANSWERS["incidents_note"] in page
    assert "入力されたまま" not in page


async def test_a_field_that_is_missing_hides_nothing_else() -> None:
    parcels = a_desk_parcel({"contact": {"company": CONTACT["company"]}})

    for path in ("/", f"/cases/{REQUEST}"):
        page = text(await get(path, a_request(parcels=parcels)))

        assert CONTACT["company"] in page
        assert "開封できません" not in page


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


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("document-failed", "印刷できない文字"),
        ("bad-address", "正しいアドレスをうかがい"),
        ("quote-expired", "新しい見積りをご手配ください"),
        ("of-tomorrow", "メールを作成できませんでした（of-tomorrow）"),
        (None, "メールを作成できませんでした（理由は不明）"),
    ],
)
async def test_a_letter_that_could_not_be_made_is_a_task_in_words_that_a_clerk_understands(
    reason: str | None, words: str
) -> None:
    page = text(await get(f"/cases/{REQUEST}", a_request(), an_offer(), a_letter_not_made(reason=reason)))

    task = page[: page.index("お客さま 企業名")]
    assert "電話などでご連絡ください" in task
    assert "見積書（お客さま宛） ：" in task
    assert words in task
    assert "メールを作成できませんでした：見積書（お客さま宛）" in page
    assert "作成失敗（未送信）" in page


async def test_a_premium_set_by_hand_stands_out_in_the_timeline() -> None:
    """S6: whoever could write to the topic could set a premium, and the case looked like any other."""
    page = await get(f"/cases/{REQUEST}", a_request(), an_offer(), a_decision(), a_manual_offer())

    assert "職員が保険料を手動で設定しました（第2版、料率表による計算ではありません）" in text(page)
    assert 'class="timeline__set-by-hand"' in page.text
    assert "第2版を依頼した職員の記録がありません" not in text(page)


@pytest.mark.parametrize("revision", [a_manual_offer(), an_offer(revision=2), a_referral(revision=2)])
async def test_a_revision_that_no_member_of_staff_asked_for_is_a_task(revision: Fact) -> None:
    page = text(await get(f"/cases/{REQUEST}", a_request(), an_offer(), revision))

    assert "第2版を依頼した職員の記録がありません" in page


async def test_a_mail_that_may_have_arrived_twice_is_said_to() -> None:
    page = text(await get(f"/cases/{REQUEST}", a_request(), an_offer(), a_letter_sent("quote", ambiguous=True)))

    assert "重複して届いた可能性あり" in page


async def test_every_kind_of_letter_that_belongs_to_a_case_has_a_label() -> None:
    """`resume` belongs to no case. The page shows a kind without a label as a word for machines."""
    assert set(LETTERS) == set(get_args(LetterKind)) - {"resume"}
