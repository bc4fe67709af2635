"""The agency's 角印, where a product has one: beside the agency's name, and over no text."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader

from services.notify.adapters.typst import TypstPapers
from shared.products import Product
from shared.products.documents import FONTS
from shared.runtime.typst_here import TypstHere
from tests.printed import MM, RIGHT, elements_of, printed
from tests.services.notify.adapters.builders import DECLARED, USUAL, a_product_with_seal
from tests.services.notify.builders import NOON, PRODUCT, Clock

PAPERS = TypstPapers(Clock(), TypstHere(FONTS))
pytestmark = pytest.mark.anyio


@pytest.fixture
def with_seal(tmp_path: Path) -> Product:
    return a_product_with_seal(tmp_path)


async def test_no_text_is_under_the_seal(with_seal: Product) -> None:
    content = await PAPERS.quote(with_seal, USUAL, NOON)

    left, top, size = RIGHT - 18 * MM, 116.0, 18 * MM  # its upper edge is that of 取扱代理店
    words = printed(content).pages[0]
    label = next(word for word in words if word.text == "取扱代理店")
    assert abs(label.top - top) < 2
    assert [word.text for word in words if word.right > left + 1 and top < word.bottom and word.top < top + size] == []
    assert printed(content).printed_over == []


async def test_who_has_the_paper_read_aloud_hears_whose_seal_it_is(with_seal: Product) -> None:
    paper = PdfReader(io.BytesIO(await PAPERS.quote(with_seal, USUAL, NOON)))

    [seal] = [element for element in elements_of(paper) if element.kind == "Figure"]
    assert seal.alt == f"{PRODUCT.agency.name}の角印"


async def test_with_a_seal_a_usual_quote_has_two_pages_too(with_seal: Product) -> None:
    longest = replace(USUAL, company="株" * 40, department="部" * 24, person="名" * 24, declared=DECLARED[:7])

    for document in (USUAL, longest):
        assert len(printed(await PAPERS.quote(with_seal, document, NOON)).pages) == 2


async def test_without_one_nothing_is_kept_free_for_it() -> None:
    paper = PdfReader(io.BytesIO(await PAPERS.quote(PRODUCT, USUAL, NOON)))

    assert PRODUCT.agency.seal == ""
    assert [image for page in paper.pages for image in page.images] == []
