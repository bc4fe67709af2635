"""What the desk reads first: the subject, which alone must say whose case it is and what is to do."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Literal

import pytest

from services.notify.domain.facts import Fact
from shared.events import RequestReceived
from tests.services.notify.builders import NOON, PRODUCT, a_referral, a_request, a_request_release, an_offer
from tests.services.notify.fakes import Writing

pytestmark = pytest.mark.anyio

COMPANY = "株式会社𠮷野髙﨑製作所"
EARLY = NOON - timedelta(minutes=1)
PRICE_OF_1 = an_offer(1, quote_id="2", revision=2, basis="manual", issued_at=NOON + timedelta(days=1))
NO_PRICE = a_referral(quote_id="2", revision=2, issued_at=NOON + timedelta(days=1))


@pytest.mark.parametrize(
    ("request_", "facts", "release", "subject"),
    [
        pytest.param(
            a_request(), [an_offer()], "auto", f"【見積済】K7M2P4XR {COMPANY} 概算 93,000円", id="a price went out"
        ),
        pytest.param(
            a_request(brochure="post"),
            [an_offer()],
            "desk",
            f"【要承認】【郵送】K7M2P4XR {COMPANY} 概算 93,000円",
            id="a price waits for a release, and something is to be posted",
        ),
        pytest.param(
            a_request(), [a_referral()], "auto", f"【要対応】K7M2P4XR {COMPANY} 自動では見積れません", id="a referral"
        ),
        pytest.param(
            a_request(suspicions=("too-fast",)),
            [an_offer()],
            "auto",
            f"【要確認】【見積済】K7M2P4XR {COMPANY} 概算 93,000円(不審な送信の可能性)",
            id="it looks odd, and its mails went out",
        ),
        pytest.param(
            a_request(suspicions=("honeypot",)),
            [an_offer()],
            "auto",
            f"【要確認】【メール停止中】K7M2P4XR {COMPANY} 概算 93,000円(不審な送信の可能性)",
            id="it is held",
        ),
        pytest.param(
            a_request(quote=False, brochure="email"),
            [],
            "auto",
            f"【資料請求】K7M2P4XR {COMPANY} 資料のみ",
            id="papers",
        ),
    ],
)
async def test_the_subject_says_what_is_to_do_for_whom_and_at_what_price(
    tmp_path: Path, request_: RequestReceived, facts: list[Fact], release: Literal["auto", "desk"], subject: str
) -> None:
    """【要確認】 said neither whose request nor which price, and meant two things: suspicious, or not priced (U9)."""
    writing = Writing(tmp_path, release=release)

    await writing.receive(request_.model_copy(update={"parcels": {"notify": writing.keys.parcel()}}), *facts)

    assert str(writing.mail("desk")["Subject"]) == subject


@pytest.mark.parametrize(
    ("company", "person", "told"),
    [
        pytest.param("한국상사", "สมชาย", "企業名・担当者名", id="letters that the papers' fonts lack"),
        pytest.param("Škoda", "Nguyễn Thị Đào", "", id="letters of Europe and Vietnam, which they have"),
    ],
)
async def test_the_desk_is_told_whom_the_quotation_misnames(
    tmp_path: Path, company: str, person: str, told: str
) -> None:
    """A customer got a 見積書 for 〓〓〓〓, and nobody at the agency knew: screen and mail show the name as it is."""
    writing = Writing(tmp_path)

    await writing.receive(a_request(parcel=writing.keys.parcel(company=company, person=person)), an_offer())

    assert (f"{told}に印字できない文字があり" in writing.text("desk")) == bool(told)
    assert str(writing.mail("desk")["Subject"]).startswith("【要確認】【見積済】" if told else "【見積済】")
    assert company in writing.text("desk")


@pytest.mark.parametrize(
    ("revision", "subject", "says"),
    [
        pytest.param(
            PRICE_OF_1,
            f"【改訂】【見積済】K7M2P4XR {COMPANY} 概算 93,000円 → 1円",
            "職員が手動で設定した保険料です",
            id="a price by hand",
        ),
        pytest.param(
            NO_PRICE, f"【改訂】【要対応】K7M2P4XR {COMPANY} 自動では見積れません", "93,000円 → 金額なし", id="no price"
        ),
    ],
)
async def test_a_revision_by_hand_is_told_with_the_premium_before_and_after(
    tmp_path: Path, revision: Fact, subject: str, says: str
) -> None:
    """A premium of 1円 went to the customer as an official 見積書, and nobody at the agency knew (S6)."""
    writing = Writing(tmp_path)

    await writing.receive(a_request(parcel=writing.keys.parcel()), an_offer(), revision)

    [(told, text)] = [
        (str(mail["Subject"]), text)
        for mail, text in zip(writing.mails("desk"), writing.texts("desk"), strict=True)
        if "【改訂】" in mail["Subject"]
    ]
    assert told == subject
    for words in (says, "見積番号 K7M2P4XR-2", "お心当たりのない改訂の場合は", "画面の履歴でご確認ください"):
        assert words in text


async def test_a_reply_to_a_held_request_stays_in_the_agency(tmp_path: Path) -> None:
    """The mailbox may be a victim's: writing to it must be a decision, not the reply button."""
    writing = Writing(tmp_path)

    await writing.receive(
        a_request(quote=False, is_held=True, parcel=writing.keys.parcel()),
        a_request_release(),
    )

    assert PRODUCT.agency.email in str(writing.mail("desk")["Reply-To"])


async def test_an_advertisement_in_place_of_a_company_is_in_no_subject(tmp_path: Path) -> None:
    """A subject is a header, and is shown on locked screens; the text of the mail shows what was typed."""
    writing = Writing(tmp_path)
    parcel = writing.keys.parcel(company="当選おめでとうございます!→ https://evil.example/win")

    await writing.receive(a_request(quote=False, parcel=parcel))

    assert "(企業名は本文)" in str(writing.mail("desk")["Subject"])
    assert "evil" not in str(writing.mail("desk")["Subject"])
    assert "evil.example" in writing.text("desk")


async def test_another_term_of_reply_reaches_every_mail_that_promises_one(tmp_path: Path) -> None:
    writing = Writing(tmp_path)
    agency = replace(PRODUCT.agency, reply_within="5営業日以内")
    write = replace(writing.write, products={PRODUCT.slug: replace(PRODUCT, agency=agency)})

    for fact in (a_request(parcel=writing.keys.parcel()), a_referral()):
        await write(fact)

    for kind in ("referral", "desk"):
        assert "5営業日以内に" in writing.text(kind)
