"""What is printed for a text that the papers' fonts cannot print as it is."""

import time

import pytest
from hypothesis import given, settings

from shared.glyphs import LONGEST_WORD_EM, MAY_BREAK
from tests.hostile_texts import GLYPHS, RANDOM_TEXTS, SENT_AND_PRINTED
from tests.printed import squeezed

EVERYTHING = [chr(code) for code in (*range(0x323B0), *range(0xE0000, 0xE0200), 0xFFFFE, 0x10FFFF)]
"""Every character of Unicode 17, and some that will never be one."""


@pytest.mark.parametrize(("sent", "printed"), SENT_AND_PRINTED.values(), ids=SENT_AND_PRINTED)
def test_whole_clusters_are_replaced_and_nothing_else(sent: str, printed: str) -> None:
    """With the keycap of 1️⃣ alone replaced, its digit could not be printed either: no 見積書 was ever made."""
    assert squeezed(GLYPHS.printable(sent)) == squeezed(printed)


@given(RANDOM_TEXTS)
@settings(max_examples=300, derandomize=True, deadline=None)
def test_what_comes_out_can_be_printed(text: str) -> None:
    printed = GLYPHS.printable(text)

    assert not GLYPHS.missing("".join(sign for sign in printed if sign not in GLYPHS.variants))
    assert GLYPHS.printable(printed) == printed


def test_every_character_alone_can_be_printed_or_is_replaced_or_cannot_be_seen() -> None:
    assert not GLYPHS.missing("".join(map(GLYPHS.printable, EVERYTHING)))


def test_what_any_font_has_is_never_missing() -> None:
    assert not GLYPHS.missing(GLYPHS.plain("".join(EVERYTHING[:0x20000])))


def test_japanese_is_left_alone() -> None:
    text = "株式会社𠮷野髙﨑　①㈱㍿〒 ﾊﾞｰ Ａ－ｂ「々」〜～−\n2行目"

    assert GLYPHS.printable(text) == text
    assert GLYPHS.breakable(text) == text


def test_three_thousand_rare_characters_take_no_time() -> None:
    """Each once cost a compilation: one GET took 123 s of CPU."""
    rare = "".join(map(chr, range(0x20000, 0x20000 + 3_000)))
    began = time.process_time()

    GLYPHS.breakable(GLYPHS.printable(rare))

    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    "word", ["W" * 100, "ー" * 40, "「" * 40, "見本" + "x" * 100, "a@" + "b" * 100, "a\u00a0" * 50]
)
def test_a_word_wider_than_a_line_may_end_anywhere(word: str) -> None:
    broken = GLYPHS.breakable(word)

    assert broken.replace(MAY_BREAK, "") == word
    assert max(map(GLYPHS.width_em, broken.split(MAY_BREAK))) < LONGEST_WORD_EM


@pytest.mark.parametrize(
    "text", ["Telecommunications Corporation of Japan", "東京都千代田区の、ごく普通の会社です。" * 9, "a b " * 99]
)
def test_words_that_fit_stay_whole(text: str) -> None:
    assert GLYPHS.breakable(text) == text
