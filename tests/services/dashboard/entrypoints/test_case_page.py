"""The page of one case: what the desk needs to know, and what it must do."""

import re
from typing import get_args

import pytest

from services.dashboard.domain.facts import Fact
from services.dashboard.entrypoints.web.wording import LETTERS
from shared.events import LetterKind, TariffRef
from tests.services.dashboard.builders import (
    ANSWERS,
    CONTACT,
    REASONS,
    REQUEST,
    WORKINGS,
    a_decision,
    a_desk_parcel,
    a_file,
    a_letter_bounced,
    a_letter_copied,
    a_letter_failed,
    a_letter_not_made,
    a_letter_sent,
    a_manual_offer,
    a_nearest_offer,
    a_referral,
    a_release_of_mails,
    a_request,
    a_whole_story,
    an_offer,
    an_opt_out,
)
from tests.services.dashboard.fakes import InMemoryDashboard, get, text

pytestmark = pytest.mark.anyio


async def test_the_page_of_a_suspicious_request_says_what_to_do_first() -> None:
    page = text(await get(f"/cases/{REQUEST}", a_request(brochure="post", suspicions=("no-start",))))

    assert page.index("いたずらや自動送信の可能性があります") < page.index("資料の郵送をご希望です")


async def test_reasons_that_somebody_has_answered_are_shown_as_such() -> None:
    """確認済 stood above, and below it that somebody should check."""
    facts = a_request(suspicions=("no-start",)), a_release_of_mails()

    page = text(await get(f"/cases/{REQUEST}", *facts))

    assert "可能性がありましたが、確認済みです。参考： フォームの最初の画面を開かずに" in page
    assert "内容をご確認ください" not in page


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
        "個別の見積りが必要と判定しました（第1版）",
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


async def test_a_mail_that_may_have_arrived_is_a_task_to_find_out() -> None:
    """The setting says that it is not sent again by itself, so only a person can."""
    unknown = a_letter_failed().model_copy(update={"reply_code": None, "reason": "arrival-unknown"})

    page = text(await get(f"/cases/{REQUEST}", a_request(), an_offer(), unknown))

    task = page[: page.index("お客さま 企業名")]
    assert "届いたかどうかが分かりません。お電話などで、届いているかをご確認ください" in task
    assert "同じメールアドレスを登録してください" in task
    assert "メールが届いたか確認できませんでした" in page
    assert "到達不明" in page
    assert "つながりませんでした" not in page


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


async def test_unfavourable_answers_are_marked_with_a_sign_and_a_word_and_what_is_unknown_with_another() -> None:
    """Not with a colour only. Which answers they are comes from the tariff, with the quote."""
    parcels = a_desk_parcel({"unfavourable": ["incidents", "d3_04"]})

    page = text(await get(f"/cases/{REQUEST}", a_request(), an_offer().model_copy(update={"parcels": parcels})))

    assert "不利なご回答）が 1 件あります" in page
    assert page.count("▲ 不利") == 2
    assert re.search(r"はい（発生した、または発生が予想される） ▲ 不利", page)
    assert "わからない ？ 要確認" in page


async def test_without_a_quote_no_answer_is_called_unfavourable() -> None:
    assert "▲ 不利" not in text(await get(f"/cases/{REQUEST}", a_request()))


async def test_an_operator_can_be_told_by_which_numbers_to_find_the_logs() -> None:
    dashboard = InMemoryDashboard()
    unknown = text(await get(f"/cases/{REQUEST}", a_request(), dashboard=dashboard))
    dashboard.cases.traces[REQUEST] = "4bf92f3577b34da6a3ce929d0e0e4736"

    page = text(await get(f"/cases/{REQUEST}", dashboard=dashboard))

    assert f"ご依頼のID {REQUEST} トレースID 4bf92f3577b34da6a3ce929d0e0e4736" in page
    assert "トレースID 記録されていません" in unknown


async def test_what_the_customer_sent_is_a_page_of_its_own_to_be_printed() -> None:
    typed = {"phone": "０３－１２３４－５６７８"}
    dashboard = InMemoryDashboard()

    page = text(await get(f"/cases/{REQUEST}/sent", a_request(typed=typed), an_offer(), dashboard=dashboard))

    for words in (
        *CONTACT.values(),
        ANSWERS["incidents_note"],
        "２３４",
        "11月23日 12:00",
        "資料（メール）・見積り",
    ):
        assert words in page
    assert not [words for words in ("67,000円", "要確認", "▲", "メモを残す") if words in page]
    assert ("opened-case", "desk", REQUEST) in dashboard.audit.acts


async def test_the_documents_of_a_case_are_links() -> None:
    dashboard = InMemoryDashboard()
    dashboard.brochures.titles["ab12"] = "ご案内"
    for copied in (a_letter_copied(attachments=[a_file()]), a_letter_copied("receipt", attachments=[])):
        await dashboard.copies.add(copied)
    facts = (a_request(), an_offer(), a_letter_sent("receipt"), a_letter_sent("quote"))

    page = await get(f"/cases/{REQUEST}", *facts, dashboard=dashboard)

    documents = page.text[page.text.index('id="documents"') : page.text.index('id="letters"')]
    assert re.findall(r'href="([^"]*)"', documents) == [
        f"/cases/{REQUEST}/sent",
        f"/cases/{REQUEST}/letters/{REQUEST}%3Aquote/files/0",
        "/brochures/ab12",
    ]


async def test_a_letter_that_nobody_has_asked_for_says_how_its_files_are_opened() -> None:
    page = text(await get(f"/cases/{REQUEST}", a_request(), an_offer(), a_letter_sent("quote")))

    assert "見積書（ 11月23日 12:00 ）： 「メール」 の「送信した文面を見る」を押すと" in page


async def test_a_referral_shows_all_its_reasons_and_what_to_do() -> None:
    page = text(await get(f"/cases/{REQUEST}", a_request(), a_referral()))

    assert all(reason["message"] in page for reason in REASONS)
    assert "「職員の確認が必要な理由」を確認し、下の「見積りの見直し」で" in page


async def test_a_referral_for_want_of_a_tariff_is_not_sent_to_forms_that_are_not_there() -> None:
    without = a_referral().model_copy(update={"tariff": TariffRef(id="none", sha256="")})

    page = text(await get(f"/cases/{REQUEST}", a_request(), without))

    assert "この画面では見積もれません。個別に見積もって" in page
    assert "下の「見積りの見直し」で" not in page


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
        pytest.param([a_request(), an_offer(), a_letter_bounced()], "届かなかったメールがあります", id="it came back"),
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
        ("quote-expired", "「見積りの見直し」で見積もり直してください"),
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


async def test_a_mail_that_did_not_arrive_is_a_task_that_says_why() -> None:
    page = text(await get(f"/cases/{REQUEST}", a_request(), an_offer(), a_letter_failed()))

    task = page[: page.index("お客さま 企業名")]
    assert (
        "送信できませんでした（応答 550）。相手のサーバーが、このメールアドレスはない、または受け取らないと答えました。"
        in task
    )


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
    """Six kinds belong to no case. The page shows a kind without a label as a word for machines."""
    of_no_case = {"resume", "colleague-asked", "colleague-answered", "invitation", "password-reset", "desk-overdue"}
    assert set(LETTERS) == set(get_args(LetterKind)) - of_no_case


async def test_a_letter_that_came_back_is_shown_with_why_it_did_not_arrive() -> None:
    page = text(await get(f"/cases/{REQUEST}", a_request(), an_offer(), a_letter_sent(), a_letter_bounced()))

    for words in (
        "届きませんでした（応答 550）",
        "送信したあとに戻ってきました。このメールアドレスはない、と相手のサーバーから通知がありました",
        "正しいメールアドレスをうかがってください",
        "送信したメールが届きませんでした",
    ):
        assert words in page


async def test_the_course_of_a_case_says_that_the_customer_has_stopped_the_news() -> None:
    """Whoever sends news reads in the case that they were asked for: the same page must say that they are not now."""
    page = text(await get(f"/cases/{REQUEST}", a_request(), an_opt_out()))

    assert "お客さまがご案内メールを停止しました" in page
