"""The 見積書 has every word that was sent, inside the page, and no page that is nearly empty."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from services.notify.adapters.typst import TypstPapers
from services.notify.domain.premium_table import TableCell, TableRow
from services.notify.domain.quote_document import QuoteDocument
from shared.products.documents import FONTS
from shared.runtime.typst_here import TypstHere
from tests.hostile_texts import GLYPHS, RANDOM_TEXTS, SENT_AND_PRINTED
from tests.printed import Printed, printed, squeezed
from tests.services.notify.adapters.builders import BOARD, CHANGES, DECLARED, DOCUMENT, EVERYTHING, HINTS, OPTIONS
from tests.services.notify.builders import NOON, PRODUCT, Clock

PAPERS = TypstPapers(Clock(), TypstHere(FONTS))
pytestmark = pytest.mark.anyio


async def a_quote(document: QuoteDocument) -> Printed:
    return printed(await PAPERS.quote(PRODUCT, document, NOON))


@pytest.mark.parametrize(("sent", "expected"), SENT_AND_PRINTED.values(), ids=SENT_AND_PRINTED)
async def test_every_word_sent_is_on_the_quote(sent: str, expected: str) -> None:
    """100 letters without a blank were printed over the agency's address and off the page; 1️⃣ cost the 見積書."""
    one_line = sent.replace("\n", " ")
    long = len(sent) > 200  # once is enough: the form takes 100 characters
    names = replace(
        DOCUMENT, company=one_line, department="" if long else f"部{one_line}課", person=f"名{one_line[:200]}"
    )

    paper = await a_quote(names)

    for words in (
        f"{expected}御中",
        *(() if long else (f"部{expected}課", f"名{expected}様")),
        f"記名被保険者{expected}業種",
    ):
        assert squeezed(words) in paper.text
    assert paper.off_the_page == []
    assert ("〓は、この書面で印字できない文字です。ご入力のとおりに記録しています。" in paper.text) == (
        "〓" in expected
    )


@given(company=RANDOM_TEXTS, department=RANDOM_TEXTS, person=RANDOM_TEXTS)
@settings(max_examples=70, derandomize=True, deadline=None)
async def test_every_word_of_random_names_is_on_the_quote(company: str, department: str, person: str) -> None:
    paper = await a_quote(replace(DOCUMENT, company=company, department=department, person=person))

    for words in (f"{GLYPHS.printable(company)}御中", GLYPHS.printable(department), f"{GLYPHS.printable(person)}様"):
        assert squeezed(words) in paper.text
    assert paper.off_the_page == []


async def test_what_came_in_events_is_made_printable_too() -> None:
    """No check at the start has seen the texts of another service.

    A 🐍 in a tariff's reason for a change cost every 見積書 with that change, and a long word ran off the page.
    """
    word = "https://example.com/" + "x" * 120
    changes = (replace(CHANGES[0], why=f"🐍併せて付帯できません。{word}"),)
    board = replace(BOARD, notes=(f"※1 🐍免責金額が高すぎます。{word}",))
    events = replace(DOCUMENT, hints=(("暗号化1️⃣", "10円"),), declared=(("質問👍🏽", "はい"),))

    paper = await a_quote(replace(events, changes=changes, boards=(board,)))

    for words in ("暗号化〓", "質問〓", f"〓併せて付帯できません。{word}", f"※1〓免責金額が高すぎます。{word}"):
        assert words in paper.text
    assert paper.off_the_page == []


MAIL = "mitsumorimadoguchi@mihonhokenservicehigashinihon.example.co.jp"


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param({"email": MAIL}, id="a mail address of 62 letters"),
        pytest.param({"name": "FirstPlaceInsuranceBrokersAndConsultantsOfJapan株式会社"}, id="a name in Latin"),
        pytest.param({"address": "W" * 80}, id="the widest letters"),
        pytest.param({"hours": "É" * 80}, id="with accents"),
    ],
)
async def test_every_word_of_the_agency_is_on_the_quote(texts: dict[str, str]) -> None:
    """Its column is 74 mm wide. From 48 letters on its mail address ran off the page, and nobody could write to it."""
    product = replace(PRODUCT, agency=replace(PRODUCT.agency, **texts))

    paper = printed(await PAPERS.quote(product, DOCUMENT, NOON))

    for words in texts.values():
        assert squeezed(words) in paper.text
    assert paper.off_the_page == []


async def test_a_long_name_of_the_insurer_is_on_the_quote() -> None:
    name = "MihonInsuranceAndReinsuranceCompanyOfJapanLimited"

    paper = await a_quote(replace(DOCUMENT, insurer=name))

    assert name in paper.text
    assert paper.off_the_page == []


async def test_the_widest_table_of_premiums_has_its_figures_side_by_side() -> None:
    """Of twelve columns each figure was printed over the next. A tariff may have eight, and the customer's own."""
    row = TableRow("10億円", tuple(TableCell(f"{column}2,345,670", is_head=column == 1) for column in range(1, 10)))
    board = replace(BOARD, columns=tuple(f"{column},000万円" for column in range(1, 10)), lines=(row,) * 8)

    paper = await a_quote(replace(DOCUMENT, boards=(board, board)))

    figures = [word for page in paper.pages for word in page if word.text in {cell.text for cell in row.squares}]
    assert len(figures) == 2 * 8 * 9
    assert not any(one.top == other.top and one.left < other.left < one.right for one in figures for other in figures)
    assert paper.off_the_page == []


@pytest.mark.parametrize("declared", [0, 1, 4, 7])
@pytest.mark.parametrize("name", [1, 16, 20, 21, 40, 41, 60, 100])
@pytest.mark.parametrize("more", ["nothing", "options", "options-and-changes"])
async def test_no_page_is_nearly_empty(name: int, declared: int, more: str) -> None:
    """A 41-character name gave four pages, the second and the fourth almost blank; what is said fits two."""
    document = replace(DOCUMENT, company="株" * name, riders=("IT業務特約",), declared=DECLARED[:declared])
    document = replace(document, fixed_premium=False, department="部" * 24, person="名" * 24)
    if more != "nothing":
        document = replace(document, options=OPTIONS, boards=(BOARD, BOARD), hints=HINTS)
    if more == "options-and-changes":
        document = replace(document, changes=CHANGES)

    filled = (await a_quote(document)).filled

    assert len(filled) == 1 or min(filled) > 0.25, filled
    assert len(filled) <= 2 or name > 41 or more == "options-and-changes"
    assert len(filled) <= 3


async def test_all_that_the_form_takes_fits_three_pages() -> None:
    most = replace(EVERYTHING, company="W" * 100, department="部" * 100, person="名" * 50)

    filled = (await a_quote(most)).filled

    assert len(filled) == 3
    assert min(filled) > 0.25


async def test_what_is_attached_is_one_list() -> None:
    """「特約 付帯なし」 stood directly above 「保険料確定特約 付帯する」."""
    both = await a_quote(replace(DOCUMENT, riders=("IT業務特約",), fixed_premium=True))
    fixed = await a_quote(replace(DOCUMENT, riders=(), fixed_premium=True))
    none = await a_quote(replace(DOCUMENT, riders=(), fixed_premium=False))

    assert "付帯する特約IT業務特約、保険料確定特約" in both.text
    assert "付帯する特約保険料確定特約" in fixed.text
    assert "なし" not in fixed.text.split("付帯する特約")[1].split("保険期間")[0]
    assert "付帯する特約なし" in none.text


async def test_a_quote_with_everything_stays_small() -> None:
    """It was most of what MongoDB had to write for a form, and every mail server on the way takes it too."""
    assert len(await PAPERS.quote(PRODUCT, EVERYTHING, NOON)) < 120_000
