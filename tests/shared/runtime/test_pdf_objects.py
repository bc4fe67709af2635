"""What is packed is the same paper: object for object, tag for tag, in fewer bytes."""

import io
import re

import pytest
import typst
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, PdfObject, StreamObject

from shared.products.documents import FONTS
from shared.runtime.pdf_objects import UnknownLayout, packed
from shared.runtime.typst_here import PDF_STANDARDS
from tests.printed import printed

TRICKY = "endobj endstream 1 0 obj << >> (見本) \\ xref trailer startxref 0 %%EOF"
"""A text in which the words stand that part the objects of a PDF."""
PAPER = f"""
#set document(title: {TRICKY!r}, author: "endstream\\u{{a}}endobj")
#set text(font: "Noto Sans JP", lang: "ja")
= 見本 <one>
#table(columns: 3, table.header[一][二][三], ..range(60).map(each => [#each 円]))
#link(<one>)[戻る] {TRICKY.replace("<", "").replace("#", "")}
""".replace("'", '"')


def a_pdf(paper: str = PAPER) -> bytes:
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
    return typst.compile(paper.encode(), font_paths=fonts, format="pdf", timestamp=0, pdf_standards=list(PDF_STANDARDS))


PDF = a_pdf()


def plain(value: PdfObject | None) -> object:
    """*value* as it can be compared; a reference is its number."""
    match value:
        case IndirectObject():
            return f"{value.idnum} R"
        case StreamObject():
            how_it_is_kept = {"/Filter", "/Length"}
            return {key: plain(each) for key, each in value.items() if key not in how_it_is_kept}, value.get_data()
        case DictionaryObject():
            return {key: plain(each) for key, each in value.items()}
        case ArrayObject():
            return [plain(each) for each in value]
        case _:
            return value


def objects_of(pdf: bytes) -> dict[int, object]:
    """Every object by its number."""
    reader = PdfReader(io.BytesIO(pdf))
    numbers = [*reader.xref[0], *reader.xref_objStm]
    return {number: plain(reader.get_object(number)) for number in numbers}


def test_every_object_keeps_its_number_and_its_contents() -> None:
    before, after = objects_of(PDF), objects_of(packed(PDF))

    assert {number: after[number] for number in before} == before
    assert len(after) == len(before) + 2


def test_the_paper_keeps_its_title_its_identity_and_its_words() -> None:
    before, after = PdfReader(io.BytesIO(PDF)), PdfReader(io.BytesIO(packed(PDF)))

    assert after.metadata is not None
    assert after.metadata == before.metadata
    assert after.metadata.title == TRICKY
    assert after.trailer["/ID"] == before.trailer["/ID"]
    assert printed(packed(PDF)) == printed(PDF)


def test_all_streams_but_the_metadata_stay_byte_for_byte() -> None:
    streams = re.findall(rb"stream\n.*?\nendstream\nendobj", PDF, re.DOTALL)

    assert [b"<x:xmpmeta" in stream for stream in streams if stream not in packed(PDF)] == [True]


def test_the_metadata_are_compressed() -> None:
    """What it takes to claim PDF/A beside PDF/UA is 4 kB of explanations, the same in every paper."""
    length = re.search(rb"/Type/Metadata/Subtype/XML/Filter/FlateDecode/Length (\d+)", packed(PDF))

    assert length is not None
    assert int(length[1]) < 1_500


def test_the_cells_of_a_table_cost_a_quarter() -> None:
    long = a_pdf(PAPER.replace("range(60)", "range(600)"))

    assert len(packed(long)) - len(packed(PDF)) < (len(long) - len(PDF)) / 4


def test_the_same_paper_is_the_same_bytes() -> None:
    assert packed(PDF) == packed(PDF)


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"no PDF", id="no PDF"),
        pytest.param(PDF[:-20], id="without its end"),
        pytest.param(PDF[: len(PDF) // 2], id="half of it"),
        pytest.param(PDF[1:], id="without its start"),
        pytest.param(PDF + b"more", id="with something behind it"),
        pytest.param(PDF.replace(b"%PDF-1.7", b"%PDF-1.7 "), id="moved by a byte"),
        pytest.param(PDF.replace(b"\n2 0 obj", b"\n3 0 obj", 1), id="with another object in a place"),
        pytest.param(PDF.replace(b"\nendobj\n", b"\nENDOBJ\n", 1), id="with an object without its end"),
        pytest.param(packed(PDF), id="packed already"),
    ],
)
def test_what_typst_does_not_write_is_refused(broken: bytes) -> None:
    with pytest.raises(UnknownLayout):
        packed(broken)
