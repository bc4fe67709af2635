"""Every character of a 見積書 has its shape inside the PDF: a subset of a font that lacked one would show a blank.

To extract the text proves less: it comes from a table beside the shapes.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.ttLib import TTFont
from pypdf import PdfReader

from services.notify.adapters.typst import TypstPapers
from services.notify.domain.parcels import Terms
from services.notify.domain.quote_document import QuoteDocument, quote_document
from shared.events.parcels import Contact
from shared.products.documents import FONTS
from shared.runtime.typst_here import TypstHere
from tests.printed import printed
from tests.services.notify.builders import CONTACT, NOON, PRODUCT, TERMS, Clock, an_offer

_CHARACTER = re.compile(rb"<([0-9A-F]{4})> <([0-9A-F]+)>\n")
"""A glyph and its text, as the table for those who copy text gives them."""
pytestmark = pytest.mark.anyio
SOURCES = {
    name: TTFont(FONTS / f"{file}.ttf")
    for name, file in {
        "NotoSansJP-Regular": "NotoSansJP_400Regular",
        "NotoSansJP-Bold": "NotoSansJP_700Bold",
        "NotoSans-Regular": "NotoSans_400Regular",
        "NotoSans-Bold": "NotoSans_700Bold",
    }.items()
}


def a_document(**changes: str) -> QuoteDocument:
    document = quote_document(an_offer(), PRODUCT, Contact(**CONTACT), Terms.model_validate(TERMS), form=PRODUCT.form)
    return replace(document, **changes)  # type: ignore[arg-type]  # the tests name fields of the document


def shape(font: TTFont, name: str) -> list[object]:
    glyphs = font.getGlyphSet()
    pen = DecomposingRecordingPen(glyphs)
    glyphs[name].draw(pen)
    return [*pen.value]


def shapes_in(content: bytes) -> Iterator[tuple[str, str, list[object]]]:
    """Font, character and shape of everything that the fonts inside have."""
    for page in PdfReader(io.BytesIO(content)).pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]  # as PDF/UA prescribes
            name = font.get_object()["/BaseFont"].partition("+")[2]
            descriptor = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]
            inside = TTFont(io.BytesIO(descriptor["/FontFile2"].get_data()))
            for glyph, text in _CHARACTER.findall(font.get_object()["/ToUnicode"].get_data()):
                character = bytes.fromhex(text.decode()).decode("utf-16-be")
                yield name, character, shape(inside, inside.getGlyphName(int(glyph, 16)))


async def test_every_character_has_the_shape_that_our_font_gives_it() -> None:
    """The names have none that the fonts draw in two parts, as É is, or together with the next one, as fi is."""
    company, person = "𠮷野髙﨑サイバー㈱№①～−ŁΜαρЂорђе", "ABCXYZ def xyz 0123456789 &@#%()[]{}"
    document = a_document(company=company, person=person)

    content = await TypstPapers(Clock(), TypstHere(FONTS)).quote(PRODUCT, document, NOON)
    shown = {
        character for name, character, its_shape in shapes_in(content) if its_shape == known_shape(name, character)
    }

    wanted = set(printed(content).everything) | set((company + person).replace(" ", ""))
    assert len(wanted) > 300
    assert wanted - shown == set()


def known_shape(font: str, character: str) -> list[object] | None:
    """Nothing for a character that is no single one, or that has no shape, as a blank."""
    glyph = SOURCES[font].getBestCmap().get(ord(character)) if len(character) == 1 else None
    return (shape(SOURCES[font], glyph) or None) if glyph else None
