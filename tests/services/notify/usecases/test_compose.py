"""What the letters say: rendered from the shipped templates, as a mail program shows them."""

import io
import re
from hashlib import sha256
from pathlib import Path

import pytest
from pypdf import PdfReader

from shared.events import SUSPICIONS, Paper, Wishes
from tests.printed import printed
from tests.services.notify.builders import (
    CONTACT,
    PRODUCT,
    REQUEST_ID,
    TERMS,
    a_failed_end,
    a_referral,
    a_request,
    a_request_release,
    an_offer,
    an_offer_of_the_nearest,
)
from tests.services.notify.fakes import Writing

pytestmark = pytest.mark.anyio

KINDS = ("receipt", "quote", "referral", "desk", "desk-undelivered")


@pytest.fixture
async def writing(tmp_path: Path) -> Writing:
    """Every kind of letter at once: a price, a later referral, and a receipt that came back."""
    writing = Writing(tmp_path)
    request = a_request(parcel=writing.keys.parcel(), wishes=Wishes(brochure="email", quote=True))
    await writing.receive(request, an_offer(), a_referral(quote_id="second", revision=2))
    receipt = next(letter for letter in writing.letters.heads.values() if letter.kind == "receipt")
    await writing.facts.outcomes.add(receipt, a_failed_end(attempts=3))
    await writing.write.write_due(REQUEST_ID)
    return writing


@pytest.mark.parametrize("kind", ["receipt", "quote", "referral"])
async def test_every_letter_that_leaves_the_agency_says_who_sends_it_and_where_to_complain(
    writing: Writing, kind: str
) -> None:
    agency, text = PRODUCT.agency, writing.text(kind)

    for needed in (agency.name, agency.address, agency.phone, agency.complaints, PRODUCT.document_no):
        assert needed in text


@pytest.mark.parametrize("kind", ["desk", "desk-undelivered"])
async def test_our_own_staff_are_spared_the_legal_signature(writing: Writing, kind: str) -> None:
    """They know who they are; the foot of every mail hid what there was to do (U9)."""
    for text in writing.texts(kind):
        assert PRODUCT.agency.authority not in text
        assert PRODUCT.document_no not in text


@pytest.mark.parametrize("kind", KINDS)
async def test_every_letter_has_a_japanese_subject_with_the_reception_number(writing: Writing, kind: str) -> None:
    for mail in writing.mails(kind):
        assert "K7M2P4XR" in mail["Subject"]
        assert re.search("[ぁ-ん一-龠]", mail["Subject"])


@pytest.mark.parametrize("kind", KINDS)
async def test_every_letter_says_once_that_the_tariff_is_illustrative(writing: Writing, kind: str) -> None:
    for text in writing.texts(kind):
        assert text.count(PRODUCT.notices["sample_tariff"]) == 1


@pytest.mark.parametrize("kind", ["quote", "desk"])
async def test_wherever_a_premium_is_shown_it_is_called_rough(writing: Writing, kind: str) -> None:
    for text in writing.texts(kind):
        assert "93,000円" in text
        assert PRODUCT.notices["estimate"] in text


@pytest.mark.parametrize("kind", ["receipt", "referral", "desk-undelivered"])
async def test_no_other_letter_shows_a_premium(writing: Writing, kind: str) -> None:
    assert "93,000" not in writing.text(kind)


@pytest.mark.parametrize("kind", ["receipt", "quote", "referral"])
async def test_customers_are_addressed_by_company_and_person(writing: Writing, kind: str) -> None:
    lines = writing.text(kind).splitlines()

    assert lines[:3] == ["株式会社𠮷野髙﨑製作所", "𠮷田 葛彦 様", ""]
    assert [address.addr_spec for address in writing.mail(kind)["To"].addresses] == [CONTACT["email"]]


@pytest.mark.parametrize("kind", ["desk", "desk-undelivered"])
async def test_the_desk_learns_whom_to_call_and_where_the_case_is(writing: Writing, kind: str) -> None:
    for text in writing.texts(kind):
        assert CONTACT["phone"] in text
        assert f"https://desk.agency.example/cases/{REQUEST_ID}" in text
    for mail in writing.mails(kind):
        assert [address.addr_spec for address in mail["To"].addresses] == ["desk@agency.example"]
        # Whoever presses "reply" means the customer; it was the agency itself (U9).
        assert [address.addr_spec for address in mail["Reply-To"].addresses] == [CONTACT["email"]]


@pytest.mark.parametrize("kind", ["desk", "desk-undelivered", "receipt", "referral"])
async def test_no_declared_answer_is_in_a_mail(writing: Writing, kind: str) -> None:
    """告知 answers show the weak points of the customer. The turnover is one of these answers."""
    for text, mail in zip(writing.texts(kind), writing.mails(kind), strict=True):
        assert not re.search(r"500,000|5億", text)
        assert not any("見積書" in str(part.get_filename()) for part in mail.iter_attachments())


async def test_the_receipt_brings_the_brochures_that_it_names(writing: Writing) -> None:
    assert list(writing.pdfs("receipt")) == [
        "商品のご案内(見本).pdf",
        "情報漏えいが起きたとき 初動のチェックリスト(見本).pdf",
    ]
    assert "商品のご案内(見本)" in writing.text("receipt")


async def test_a_receipt_for_brochures_by_post_encloses_nothing_and_the_desk_gets_the_address(tmp_path: Path) -> None:
    """The address is what somebody typed, and the mailbox may be another's: only the desk is shown it (S7)."""
    writing = Writing(tmp_path)

    await writing.receive(a_request(brochure="post", quote=False, parcel=writing.keys.parcel()))

    assert "千代田" not in writing.text("receipt")
    assert writing.pdfs("receipt") == {}
    assert "〒100-0001 東京都千代田区千代田1-1 見本ビル3階" in writing.text("desk")
    assert "郵送してください" in writing.text("desk")


async def test_the_same_term_of_reply_is_promised_everywhere(tmp_path: Path) -> None:
    """The page after sending promised 2営業日, the referral and the desk's mail 3営業日 (U2)."""
    writing = Writing(tmp_path)

    await writing.receive(a_request(parcel=writing.keys.parcel()), a_referral())

    within = PRODUCT.agency.reply_within
    for text in (writing.text("referral"), writing.text("desk"), PRODUCT.after.referral):
        assert within in text
        assert set(re.findall(r"[0-9]+営業日", text)) == set(re.findall(r"[0-9]+営業日", within))


async def test_a_suspicious_request_is_marked_for_the_desk_with_its_reasons(tmp_path: Path) -> None:
    """The desk must know it before it calls a stranger or posts a brochure, and that the price has not gone out."""
    writing = Writing(tmp_path)
    suspicious = a_request(brochure="post", suspicions=("honeypot", "many-links"), parcel=writing.keys.parcel())

    await writing.receive(suspicious, an_offer())

    assert writing.mail("desk")["Subject"].startswith("【要確認】【メール停止中】【郵送】")
    text = writing.text("desk")
    for sentence in (
        "画面には表示されない入力欄に、記入がありました。",
        "自由記入欄に、多くのURLが書かれています。",
        "停止しています。受付のお知らせもお見積りも、お客様に送られていません。",
        "問題がなければ送信を許可してください",
        "郵送してください",
    ):
        assert sentence in text
    assert "自動で送付します" not in text


async def test_brochures_alone_may_be_suspicious_too(tmp_path: Path) -> None:
    writing = Writing(tmp_path)

    await writing.receive(
        a_request(brochure="post", quote=False, suspicions=("no-start",), parcel=writing.keys.parcel())
    )

    assert writing.mail("desk")["Subject"].startswith("【要確認】")
    assert "見積書は" not in writing.text("desk")


async def test_nobody_tells_the_customer_of_a_suspicion(tmp_path: Path) -> None:
    writing, plain = Writing(tmp_path), Writing(tmp_path)

    suspicious = a_request(suspicions=SUSPICIONS, parcel=writing.keys.parcel())
    await writing.receive(suspicious, a_referral(), a_request_release())
    await plain.receive(a_request(parcel=plain.keys.parcel()), a_referral())

    for kind in ("receipt", "referral"):
        assert writing.text(kind) == plain.text(kind)


async def test_a_line_end_in_a_name_cannot_forge_a_line_of_the_letter(tmp_path: Path) -> None:
    writing = Writing(tmp_path)
    odd = writing.keys.parcel(company="株式会社山田商事\r\n東京支店", person="山田\r\n太郎")

    await writing.receive(a_request(parcel=odd))

    assert writing.text("receipt").splitlines()[:2] == ["株式会社山田商事 東京支店", "山田 太郎 様"]


async def test_what_forges_a_line_of_the_letter_is_not_repeated(tmp_path: Path) -> None:
    writing = Writing(tmp_path)
    forged = writing.keys.parcel(company="山田商事\r\n■ 年間保険料 0円", person="{{ notices }}")

    await writing.receive(a_request(parcel=forged))

    assert writing.text("receipt").splitlines()[0] == "ご担当者様"
    assert "0円" not in writing.text("receipt")


async def test_a_cover_that_could_not_be_had_is_said_in_the_mail_and_to_the_desk(tmp_path: Path) -> None:
    """The customer learns what was exchanged and why; the desk that something was, and where to look."""
    writing = Writing(tmp_path)
    await writing.receive(a_request(parcel=writing.keys.parcel()), an_offer_of_the_nearest())

    assert "・プラン: ワイド → ベーシック\n　併せて付帯できません。" in writing.text("quote").replace("\r", "")
    assert "57,860円" in writing.text("quote")
    assert "最も近い条件でお見積りしています" in writing.text("desk")


async def test_savings_reach_the_paper_and_no_mail_text(tmp_path: Path) -> None:
    """What is missing at a company is in the customer's own 見積書, and not in any mail."""
    writing = Writing(tmp_path)
    savings = {"savings": [{"advice": "通信の暗号化", "saves": 4_640}]}
    parcels = {**an_offer().parcels, "notify": writing.keys.sealer.seal("notify", savings)}

    await writing.receive(a_request(parcel=writing.keys.parcel()), an_offer(parcels=parcels))

    assert "通信の暗号化" not in writing.text("quote") + writing.text("desk") + writing.text("receipt")
    (paper,) = writing.pdfs("quote").values()
    pages = PdfReader(io.BytesIO(paper)).pages
    assert "通信の暗号化" in "".join("".join(page.extract_text().split()) for page in pages)


async def test_a_second_revision_is_a_second_mail_with_a_number_of_its_own(tmp_path: Path) -> None:
    writing = Writing(tmp_path)
    second = an_offer(81_230, quote_id="second", revision=2, basis="manual")

    await writing.receive(a_request(parcel=writing.keys.parcel()), an_offer(), second)

    mails = [
        (str(mail["Subject"]), text, [part.get_filename() for part in mail.iter_attachments()])
        for mail, text in zip(writing.mails("quote"), writing.texts("quote"), strict=True)
    ]
    for mine, other in (("K7M2P4XR-1", "K7M2P4XR-2"), ("K7M2P4XR-2", "K7M2P4XR-1")):
        # Two papers of the same name: which one is the newer (U14)?
        [(subject, text, papers)] = [mail for mail in mails if mine in mail[0]]
        assert mine in text
        assert other not in subject + text
        assert papers == [f"20261123_御見積書_株式会社𠮷野髙﨑製作所_{mine}.pdf"]


@pytest.mark.parametrize("quote", [False, True], ids=["documents only", "a referral"])
async def test_the_desk_is_told_of_the_illustrative_tariff_without_a_premium_too(
    tmp_path: Path, *, quote: bool
) -> None:
    writing = Writing(tmp_path)

    await writing.receive(a_request(quote=quote, parcel=writing.keys.parcel()), *([a_referral()] if quote else []))

    assert writing.text("desk").count(PRODUCT.notices["sample_tariff"]) == 1


async def test_a_quote_for_corrected_answers_repeats_the_corrected_ones(tmp_path: Path) -> None:
    """What the parcel of the quote does not say stays as it was requested."""
    writing = Writing(tmp_path)
    priced = {"savings": [], "terms": {"industry": "wholesale", "turnover": 2_000_000}}
    parcels = {**an_offer().parcels, "notify": writing.keys.sealer.seal("notify", priced)}
    declared = {"declared": [{"question": "告知事項3-17", "answer": "いいえ(していない)"}]}
    request = writing.keys.sealer.seal("notify", {"contact": CONTACT, "terms": TERMS} | declared)

    await writing.receive(a_request(parcel=request), an_offer(parcels=parcels))

    (paper,) = writing.pdfs("quote").values()
    said = printed(paper).everything
    assert ["20億円" in said, "5億円" in said, "いいえ(していない)" in said] == [True, False, True]


async def test_a_quotation_leads_to_its_page_and_its_hash_goes_with_its_letter(tmp_path: Path) -> None:
    """By them whoever is handed a PDF can ask whether it is ours."""
    writing = Writing(tmp_path)

    await writing.receive(a_request(parcel=writing.keys.parcel()), an_offer(quote_id="q-1"))

    (pdf,) = writing.pdfs("quote").values()
    links = [
        str(note.get_object()["/A"]["/URI"])
        for page in PdfReader(io.BytesIO(pdf)).pages
        for note in page.get("/Annots", [])
        if "/A" in note.get_object()
    ]
    assert links == ["https://form.agency.example/cyber-security/quotes/q-1"]
    papers = {letter.kind: letter.paper for letter in writing.letters.heads.values()}
    assert papers["quote"] == Paper(quote_no="K7M2P4XR-1", sha256=sha256(pdf).hexdigest())
    assert papers["receipt"] is papers["desk"] is None
