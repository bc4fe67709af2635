"""What stands on a paper, and where, as a PDF reader of another project (poppler) finds it."""

import re
import shutil
import subprocess
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from itertools import combinations
from typing import Final

from pypdf import PdfReader
from pypdf.generic import DictionaryObject, PdfObject
from zxingcpp import read_barcodes

MM: Final = 72 / 25.4
LEFT, RIGHT = 19 * MM, (210 - 19) * MM
TOP, BOTTOM = 22 * MM, (297 - 20) * MM
_EMPTY_HALF: Final = 7
"""The empty half of 、 or 「 at the end or the start of a line is beyond the margin: half an em of our largest text."""
_SLACK: Final = 0.5
_PAGE: Final = re.compile("<page .*?</page>", re.DOTALL)
_WORD: Final = re.compile(r'xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*?)</word>')


@dataclass(frozen=True)
class Word:
    """A word and its box, in points from the page's upper left corner."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    @property
    def is_between_margins(self) -> bool:
        """Neither in the header nor in the footer; in part is enough, as a word that runs off the page is."""
        return self.bottom > TOP - 4 and self.top < BOTTOM + 2

    @property
    def is_off(self) -> bool:
        """Outside the page's margins: beside the text or, header and footer apart, above or below it."""
        above_or_below = self.top < TOP - 2 * MM or self.bottom > BOTTOM + 2 * MM
        in_a_margin = self.bottom < TOP - 2 * MM or self.top > BOTTOM
        return (
            self.left < LEFT - _EMPTY_HALF or self.right > RIGHT + _EMPTY_HALF or (above_or_below and not in_a_margin)
        )


@dataclass(frozen=True)
class Printed:
    """A paper's words, page by page, in the order in which they are printed."""

    pages: tuple[tuple[Word, ...], ...]

    @property
    def text(self) -> str:
        """All that stands between header and footer, without white space."""
        return squeezed("".join(word.text for page in self.pages for word in page if word.is_between_margins))

    @property
    def everything(self) -> str:
        """With header and footer."""
        return squeezed("".join(word.text for page in self.pages for word in page))

    @property
    def off_the_page(self) -> list[Word]:
        return [word for page in self.pages for word in page if word.is_off]

    @property
    def printed_over(self) -> list[tuple[str, str]]:
        """Words of which one is printed over the other, by more than the empty half of a 、 between them."""
        return [
            (one.text, other.text)
            for page in self.pages
            for one, other in combinations(page, 2)
            if min(one.right, other.right) - max(one.left, other.left) > (one.bottom - one.top) / 2 + _SLACK
            and min(one.bottom, other.bottom) - max(one.top, other.top) > (one.bottom - one.top) / 2
        ]

    @property
    def filled(self) -> list[float]:
        """How much of each page is filled, from 0 to 1."""
        return [
            max((word.bottom - TOP for word in page if word.top < BOTTOM), default=0) / (BOTTOM - TOP)
            for page in self.pages
        ]


def printed(content: bytes) -> Printed:
    """Read once, as each start of the program costs as much as to make a page."""
    assert shutil.which("pdftotext"), "pdftotext is missing: papers are read by it (Debian: apt install poppler-utils)"
    command = ("pdftotext", "-raw", "-bbox", "-", "-")
    boxes = subprocess.run(command, input=content, check=True, capture_output=True).stdout.decode("utf-8")
    return Printed(
        tuple(
            tuple(Word(unescape(text), *map(float, box)) for *box, text in _WORD.findall(page))
            for page in _PAGE.findall(boxes)
        )
    )


def codes_on(content: bytes) -> list[str]:
    """What a telephone reads in the QR codes of the first page, which is photographed at 150 dots an inch."""
    assert shutil.which("pdftoppm"), "pdftoppm is missing: papers are drawn by it (Debian: apt install poppler-utils)"
    command = ("pdftoppm", "-gray", "-r", "150", "-l", "1", "-")
    drawn = subprocess.run(command, input=content, check=True, capture_output=True).stdout
    _, size, _, pixels = drawn.split(b"\n", 3)
    width, height = map(int, size.split())
    return [code.text for code in read_barcodes(memoryview(pixels).cast("B", (height, width)))]


def squeezed(text: str) -> str:
    return unicodedata.normalize("NFC", "".join(text.split()))


@dataclass(frozen=True)
class Element:
    """A part of a paper's structure, which is read aloud: its kind (`H1`, `Table`), and what is said for a picture."""

    kind: str
    alt: str


def elements_of(paper: PdfReader) -> list[Element]:
    """Its structure, in the order in which it is read aloud."""
    return list(_elements(paper.root_object["/StructTreeRoot"]))


def _elements(of: PdfObject) -> Iterator[Element]:
    element: object = of.get_object()
    if isinstance(element, list):
        for each in element:
            yield from _elements(each)
    elif isinstance(element, DictionaryObject):
        if "/S" in element:
            yield Element(str(element["/S"]).removeprefix("/"), str(element.get("/Alt", "")))
        if "/K" in element:
            yield from _elements(element["/K"])
