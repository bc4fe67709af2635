"""The PDFs: what they say, that they are searchable, and that a stranger's text stays text."""

import hashlib
import io
import os
import shutil
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from pypdf import PdfReader

from services.notify.adapters.typst import TypstPapers
from services.notify.domain.brochure import Brochure
from services.notify.domain.mail_header import one_line
from services.notify.domain.parcels import Terms
from services.notify.domain.quote_document import QuoteDocument, quote_document
from shared.errors import Invalid
from shared.events import QuoteOffered
from shared.events.parcels import Contact, Saving
from shared.products.documents import FONTS
from shared.runtime.typst_here import TypstHere
from tests.printed import printed
from tests.services.notify.builders import (
    CONTACT,
    NOON,
    PRODUCT,
    TERMS,
    Clock,
    an_offer,
    an_offer_of_the_nearest,
)

pytestmark = pytest.mark.anyio


def a_document(**changes: object) -> QuoteDocument:
    document = quote_document(an_offer(), PRODUCT, Contact(**CONTACT), Terms.model_validate(TERMS), form=PRODUCT.form)
    return replace(document, **changes)  # type: ignore[arg-type]  # the tests name fields of the document


def attached_by(brochure: Brochure) -> EmailMessage:
    """The part of a mail with this brochure, as a mail program reads it."""
    return message_from_bytes(brochure.part.content, policy=policy.default)


@pytest.fixture
def papers() -> TypstPapers:
    return TypstPapers(Clock(), TypstHere(FONTS))


def text_of(content: bytes) -> str:
    return printed(content).everything


async def test_a_quote_says_everything_that_it_must(papers: TypstPapers) -> None:
    text = text_of(await papers.quote(PRODUCT, a_document(), NOON))

    for needed in (
        *(
            "御見積書",
            "K7M2P4XR-1",
            "作成日2026年11月23日(令和8年)",
            "有効期限2026年12月23日(令和8年)",
            "株式会社𠮷野髙﨑製作所御中",
            "𠮷田葛彦様",
        ),
        *("サイバーセキュリティ保険", "記名被保険者", "小売業", "500,000千円（5億円）", "1年間", "ベーシック"),
        *("保険料確定特約", "付帯する", "1億円", "3,000万円", "10万円", "93,000円", "年払(一括払)", "見本・例示料率"),
        *("最近の会計年度(1年間)の実績", "保険料は消費税の課税対象ではありません(非課税)"),
        *(PRODUCT.insurer, PRODUCT.agency.name, PRODUCT.agency.phone, f"募集文書番号{PRODUCT.document_no}"),
        f"担当{PRODUCT.agency.in_charge}",
        *(PRODUCT.notices["estimate"], PRODUCT.notices["sample_tariff"]),
    ):
        assert "".join(needed.split()) in text, needed


async def test_the_riders_are_named_and_the_settlement_is_said_either_way(papers: TypstPapers) -> None:
    riders = a_document(riders=("IT業務特約",), fixed_premium=False)

    text = text_of(await papers.quote(PRODUCT, riders, NOON))

    assert "IT業務特約" in text
    assert "付帯しない" in text


async def test_a_cover_that_could_not_be_had_is_said_before_anything_else(papers: TypstPapers) -> None:
    """Nobody may take the nearest cover for the one that was asked for."""
    text = text_of(await papers.quote(PRODUCT, of(an_offer_of_the_nearest()), NOON))

    changed = text.index("ご希望と異なる条件でのお見積りです")
    assert changed < text.index("お見積りの条件")
    assert "プラン:ワイド→ベーシック併せて付帯できません。" in text


async def test_the_options_and_the_grids_have_a_page_of_their_own(papers: TypstPapers) -> None:
    pages = PdfReader(io.BytesIO(await papers.quote(PRODUCT, of(an_offer_of_the_nearest()), NOON))).pages

    last = "".join(pages[-1].extract_text().split())
    for words in (
        *(
            "保険料のめやす",
            "保険料を抑えたご案内",
            "47,200円",
            "ご希望に最も近い内容",
            "補償を手厚くしたご案内",
            "74,780円",
        ),
        *(
            "費用損害の支払限度額×費用損害の免責金額",
            "51,230",
            "※1",
            "※1免責金額は支払限度額より低くする必要があります。",
        ),
    ):
        assert words in last, words
    assert "見本・例示料率" in last


async def test_hints_name_three_measures_with_their_yen_and_promise_nothing(papers: TypstPapers) -> None:
    savings = (Saving(advice="通信の暗号化", saves=4_640), Saving(advice="外部の専門家による監査・診断", saves=3_710))

    text = text_of(await papers.quote(PRODUCT, of(an_offer(), *savings), NOON))

    assert "通信の暗号化…年間約4,640円" in text
    assert "外部の専門家による監査・診断…年間約3,710円" in text
    assert "将来の保険料をお約束するものではありません" in text


async def test_a_quote_with_nothing_beside_it_is_one_page(papers: TypstPapers) -> None:
    pages = PdfReader(io.BytesIO(await papers.quote(PRODUCT, of(an_offer()), NOON))).pages

    assert len(pages) == 1


async def test_a_premium_set_by_hand_says_so(papers: TypstPapers) -> None:
    by_hand = text_of(await papers.quote(PRODUCT, of(an_offer(basis="manual")), NOON))
    computed = text_of(await papers.quote(PRODUCT, of(an_offer()), NOON))

    assert "個別に算出した保険料です" in by_hand
    assert "個別に算出した保険料です" not in computed


async def test_answers_that_are_easily_misread_are_repeated_as_they_were_understood(papers: TypstPapers) -> None:
    document = a_document(declared=(("1.ネットワーク・ECサイトは構築していない。", "はい(構築していない)"),))

    text = text_of(await papers.quote(PRODUCT, document, NOON))

    assert "ご回答の確認" in text
    assert "はい(構築していない)" in text
    assert "ご回答の確認" not in text_of(await papers.quote(PRODUCT, a_document(), NOON))


def of(quote: QuoteOffered, *savings: Saving) -> QuoteDocument:
    return quote_document(
        quote, PRODUCT, Contact(**CONTACT), Terms.model_validate(TERMS), form=PRODUCT.form, savings=savings
    )


async def test_every_page_of_a_long_quote_bears_the_mark(papers: TypstPapers) -> None:
    long = a_document(company="株式会社" + "長い名前の製作所" * 12, department="情報システム部" * 8)

    pages = PdfReader(io.BytesIO(await papers.quote(PRODUCT, long, NOON))).pages

    assert len(pages) == 2
    assert all("見本・例示料率" in page.extract_text() for page in pages)
    assert all("".join(PRODUCT.document_no.split()) in "".join(page.extract_text().split()) for page in pages)


async def test_the_same_data_give_the_same_bytes(papers: TypstPapers) -> None:
    first = await papers.quote(PRODUCT, a_document(), NOON)
    second = await TypstPapers(Clock(), TypstHere(FONTS)).quote(PRODUCT, a_document(), NOON)

    assert hashlib.sha256(first).hexdigest() == hashlib.sha256(second).hexdigest()


async def test_markup_in_a_name_is_only_a_name(papers: TypstPapers) -> None:
    company = '*山田* #read("product.yaml") $x$ \\ [商事]'

    text = text_of(await papers.quote(PRODUCT, a_document(company=company), NOON))

    assert "".join(company.split()) + "御中" in text


@pytest.mark.parametrize("odd", ["😀", "们", "한", "👩‍👩‍👧", '"😀', "🏴󠁧󠁢󠁥󠁮󠁧󠁿"])
async def test_a_character_that_the_font_lacks_is_shown_as_missing(papers: TypstPapers, odd: str) -> None:
    """A name with an emoji must not cost its owner the 見積書."""
    text = text_of(await papers.quote(PRODUCT, a_document(company=one_line(f"山田{odd}商事")), NOON))

    assert "〓" in text
    assert "山田" in text
    assert "商事御中" in text


async def test_there_are_two_brochures_marked_as_samples(papers: TypstPapers) -> None:
    brochures = await papers.brochures(PRODUCT)

    assert [brochure.title for brochure in brochures] == [
        "商品のご案内(見本)",
        "情報漏えいが起きたとき 初動のチェックリスト(見本)",
    ]
    for brochure in brochures:
        attached = attached_by(brochure)
        assert attached.get_filename() == f"{brochure.title}.pdf"
        assert "見本" in text_of(attached.get_content())
        assert PRODUCT.agency.phone in text_of(attached.get_content())


async def test_every_paper_says_that_the_tariff_is_illustrative(papers: TypstPapers) -> None:
    brochures = await papers.brochures(PRODUCT)
    contents = [
        await papers.quote(PRODUCT, a_document(), NOON),
        *(attached_by(each).get_content() for each in brochures),
    ]

    for content in contents:
        assert PRODUCT.notices["sample_tariff"] in text_of(content)


async def test_each_brochure_is_one_page(papers: TypstPapers) -> None:
    for brochure in await papers.brochures(PRODUCT):
        assert len(PdfReader(io.BytesIO(attached_by(brochure).get_content())).pages) == 1


async def test_a_template_that_does_not_come_out_is_never_attached(papers: TypstPapers, tmp_path: Path) -> None:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "quote.typ").write_text("#panic()")

    with pytest.raises(Invalid, match="document-failed"):
        await papers.quote(replace(PRODUCT, folder=tmp_path), a_document(), NOON)


async def test_every_paper_is_tried_at_the_start(papers: TypstPapers, tmp_path: Path) -> None:
    """A 見積書 that cannot be made must stop the start, and not cost the first customer the answer."""
    folder = Path(shutil.copytree(PRODUCT.folder, tmp_path / "product"))
    template = folder / "documents" / "quote.typ"
    template.write_text(template.read_text("utf-8") + "#if quote.changes.len() > 0 { panic() }", "utf-8")

    await papers.prepare(PRODUCT)
    with pytest.raises(Invalid, match="document-failed"):
        await papers.prepare(replace(PRODUCT, folder=folder))


async def test_a_paper_without_an_embedded_font_is_not_sound(papers: TypstPapers, tmp_path: Path) -> None:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "quote.typ").write_text(f'#set document(title: "x"){os.linesep}#rect(width: 1cm)')

    with pytest.raises(Invalid, match="document-"):
        await papers.quote(replace(PRODUCT, folder=tmp_path), a_document(), NOON)
