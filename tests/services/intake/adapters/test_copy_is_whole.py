"""The 控え has every word that was sent, inside the page, whatever was typed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.intake.adapters.typst import TypstPapers
from services.intake.domain.copy import CopyGroup, CopyRow
from shared.products.documents import FONTS
from shared.runtime.typst_here import TypstHere
from tests.hostile_texts import GLYPHS, RANDOM_TEXTS, SENT_AND_PRINTED
from tests.printed import Printed, printed, squeezed
from tests.services.intake.builders import NOON, a_copy, a_product

SAID = "〓は、この書面で印字できない文字です。ご入力のとおりに記録しています。"
PAPERS = TypstPapers(lambda: NOON, TypstHere(FONTS))
pytestmark = pytest.mark.anyio


async def printed_copy(*answers: str) -> Printed:
    rows = tuple(CopyRow(f"質問{number}", answer) for number, answer in enumerate(answers))
    return printed(await PAPERS.copy(a_product(), a_copy(CopyGroup("企業・ご担当者様情報", rows))))


@pytest.mark.parametrize(("sent", "expected"), SENT_AND_PRINTED.values(), ids=SENT_AND_PRINTED)
async def test_every_word_sent_is_on_the_copy(sent: str, expected: str) -> None:
    """Of a note of 80 lines the last 20 were missing: its row might not break, and ran off the page."""
    paper = await printed_copy("前の回答", sent, "後の回答")

    assert squeezed(f"前の回答質問1{expected}質問2後の回答") in paper.text
    assert paper.off_the_page == []
    assert (SAID in paper.text) == ("〓" in expected)


@given(texts=st.lists(RANDOM_TEXTS, min_size=20, max_size=20))
@settings(max_examples=10, derandomize=True, deadline=None)
async def test_every_word_of_random_answers_is_on_the_copy(texts: list[str]) -> None:
    paper = await printed_copy(*texts)

    wanted = [squeezed(f"質問{number}{GLYPHS.printable(text)}") for number, text in enumerate(texts)]
    assert [words for words in wanted if words not in paper.text] == []
    assert paper.off_the_page == []


@pytest.mark.parametrize(
    "note", ["あいうえお、そうです。" * 5_500, "x" * 60_000, "行\n" * 2_000], ids=["text", "word", "lines"]
)
async def test_a_note_of_sixty_kilobytes_is_printed_whole(note: str) -> None:
    """The form takes less today; the paper must not be what sets the limit."""
    paper = await printed_copy(note, "最後の回答")

    assert squeezed(note) in paper.text
    assert "最後の回答" in paper.text
    assert paper.off_the_page == []


@pytest.mark.parametrize("letters", [4, 7, 8, 11, 14, 16, 18])
@pytest.mark.parametrize("letter", ["W", "@"])
async def test_a_list_of_wide_words_is_printed_whole(letter: str, letters: int) -> None:
    """Of 74 words of 16 letters 18 were missing: each took a line, and by its bytes the row was one to stay whole."""
    names = " ".join(f"{letter * (letters - 2)}{number:02}" for number in range(1_257 // (letters + 1)))

    paper = await printed_copy("前の回答", names, "後の回答")

    assert squeezed(names) in paper.text
    assert paper.off_the_page == []


async def test_breaking_a_word_adds_nothing_to_what_is_copied_from_the_paper() -> None:
    paper = await printed_copy("https://example.com/" + "a" * 200)

    assert "https://example.com/" + "a" * 200 in paper.text
    assert "\u200b" not in paper.text
