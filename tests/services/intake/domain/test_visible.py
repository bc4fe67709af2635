"""What cannot be seen is no answer: taken out, or named; one rule for every field."""

import sys
import unicodedata

import pytest

from services.intake.domain.answers import check
from services.intake.domain.request import as_typed
from shared.answers.check import Checked
from shared.answers.visible import visible
from shared.products import Question
from tests.services.intake.builders import a_product, answers, brochure_only

_SHOWN_FORMATS = {0x600, 0x601, 0x602, 0x603, 0x604, 0x605, 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD}
"""Marks of Arabic, Syriac and Kaithi figures: Unicode calls them formats, but draws them."""
_CAME_ALONG = "\u200b\u200c\u200d\u00ad\u202e\u202a\u2066\u2069\ufeff\ufe0f\U000e0041\U000e0101\u3164\u115f\u2060\u061c"

_ASKED_AND_REQUIRED = {
    *("company", "department", "person", "phone", "email", "postal_code", "address", "incidents_note"),
}


def checked(**changes: object) -> Checked:
    return check(a_product().form, answers(**changes))


def texts() -> list[Question]:
    """Every question that is answered by typing words."""
    kinds = {"text", "long_text", "tel", "email", "postal_code"}
    return [question for question in a_product().form.questions if question.kind in kinds]


@pytest.mark.parametrize("char", _CAME_ALONG, ids=lambda char: f"U+{ord(char):04X}")
def test_a_mark_that_nobody_sees_changes_no_answer(char: str) -> None:
    """A mail address with U+200B inside was refused for a typing error, and U+202E turned round what the desk read."""
    typed = answers(incidents="yes", incidents_note="秘密の 経緯")
    marked = {
        question.key: char.join(f"{char}{typed[question.key]}{char}") if question.key in typed else None
        for question in texts()
    }
    # After a kanji, a variation selector says which form of it is meant.
    if "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef":
        marked = {key: f"{char}{typed[key]}" if key in typed else None for key in marked}

    assert checked(**{**typed, **marked}).answers == checked(**typed).answers


def test_everything_that_unicode_calls_invisible_is_taken_out() -> None:
    formats = [chr(code) for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code)) == "Cf"]

    left = {ord(char) for char in formats if visible(f"見{char}本") != "見本"}

    assert left == _SHOWN_FORMATS


@pytest.mark.parametrize(
    "blank", [chr(code) for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code)) == "Zs"]
)
def test_every_blank_is_a_plain_one(blank: str) -> None:
    assert visible(f"見本{blank}商会") == "見本 商会"


@pytest.mark.parametrize("selector", ["\ufe03", "\ufe0e", "\ufe0f"])
def test_a_selector_that_no_kanji_has_is_taken_out(selector: str) -> None:
    """見本商会 with U+FE0F, which iPhones put behind emoji, looked like 見本商会 and was another company."""
    assert checked(company=f"見本商会{selector}").answers["company"] == "見本商会"


@pytest.mark.parametrize("blank", ["\U00013441", "\U00013442"])
def test_a_letter_that_is_a_blank_is_no_answer(blank: str) -> None:
    """Unicode 15 has two blank hieroglyphs, which it calls letters: nobody saw the company that consists of them."""
    assert [problem.code for problem in checked(company=blank * 3).problems] == ["required"]
    assert checked(company=f"見本{blank}商会").answers["company"] == "見本 商会"


@pytest.mark.parametrize(
    "typed",
    ["\u00a0", "\u2003\u3000", "\u2800", "\u200b", "\u3164\uffa0", "\u0301\u0301", "\u202e\u202c", "\ufe0f", "\u00ad "],
    ids=ascii,
)
def test_a_required_field_needs_something_to_see(typed: str) -> None:
    """Fields of U+00A0 were accepted: the desk's list showed empty companies, and the 見積書 said only 御中."""
    for question in texts():
        problems = check(
            a_product().form, answers(**{"incidents": "yes", "incidents_note": "経緯", question.key: typed})
        ).problems

        assert [(problem.key, problem.code) for problem in problems] == (
            [(question.key, "required")] if question.key in _ASKED_AND_REQUIRED else []
        )


@pytest.mark.parametrize("line_end", ["\x0b", "\x0c", "\u2028", "\u2029"], ids=ascii)
def test_a_line_end_that_no_field_shows_is_a_blank_or_a_line_end(line_end: str) -> None:
    """PowerPoint puts U+000B where a line breaks. Nobody could see which character was refused."""
    found = checked(company=f"見本{line_end}商会", incidents="yes", incidents_note=f"一行目{line_end}二行目")

    assert found.answers["company"] == "見本 商会"
    assert found.answers["incidents_note"] == "一行目\n二行目"


@pytest.mark.parametrize(
    ("typed", "named"),
    [
        ("見本\x00商会", "企業名の3文字目に使えない文字（制御文字：U+0000）があります"),
        ("\u200b見本\ufffd", "企業名の4文字目に使えない文字（文字化け：U+FFFD）があります"),
        ("見本\n商会", "企業名の3文字目に使えない文字（改行：U+000A）があります"),
        ("\ue000商会", "企業名の1文字目に使えない文字（外字：U+E000）があります"),
        ("\ud800", "企業名の1文字目に使えない文字（壊れた文字：U+D800）があります"),
        ("見\uffff本", "企業名の2文字目に使えない文字（文字化け：U+FFFF）があります"),
        ("見" + "\u0301" * 9, "企業名の2文字目に使えない文字（重なった記号：U+0301）があります"),
    ],
    ids=ascii,
)
def test_a_character_that_cannot_be_taken_out_is_named_with_its_place(typed: str, named: str) -> None:
    (problem,) = checked(company=typed).problems

    assert problem.code == "bad-text"
    assert problem.message == f"{named}。削除するか、別の文字で入力してください"


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("髙﨑", id="forms of their own"),
        pytest.param("葛\U000e0100城 辻\U000e0101", id="variants of a kanji"),
        pytest.param("\ufa19谷 塚\ufe00", id="old forms"),
        pytest.param("👩\u200d💻", id="an emoji of two"),
        pytest.param("❤\ufe0f\u200d🔥", id="an emoji of two with its form"),
        pytest.param("👩🏽\u200d🚀", id="an emoji with a skin"),
        pytest.param("1\ufe0f\u20e3", id="a keycap"),
        pytest.param("か\u309a", id="a kana that has no character of its own"),
        pytest.param("𠮷野家・〜ー々", id="what Japanese is written with"),
    ],
)
def test_what_makes_a_character_what_it_is_stays(name: str) -> None:
    assert checked(company=name).answers["company"] == name


@pytest.mark.parametrize("mark", ["\u3099", "\u309b", "\uff9e"], ids=ascii)
def test_a_kana_and_its_dakuten_become_one(mark: str) -> None:
    """カ with U+FF9E stayed two characters, and nothing that compares names found the company."""
    found = checked(company=f"カ{mark}ート か{mark}くしゅう ｶ{mark}", person=f"ウ{mark}ィ あ゛")

    assert found.answers["company"] == "ガート がくしゅう ガ"
    assert found.answers["person"] == "ヴィ あ゛"


@pytest.mark.parametrize("mark", ["\u309a", "\u309c", "\uff9f"], ids=ascii)
def test_a_kana_and_its_handakuten_become_one(mark: str) -> None:
    assert checked(company=f"ハ{mark}ナマ").answers["company"] == "パナマ"


def test_letters_that_came_apart_become_one() -> None:
    """macOS writes file names this way, and people paste them."""
    assert checked(company="Cafe\u0301 \u1112\u1161\u11ab").answers["company"] == "Café 한"


def test_an_optional_field_of_nothing_is_no_answer() -> None:
    assert "building" not in check(a_product().form, brochure_only(building="\u00a0\u200b")).answers


def test_the_desk_reads_what_was_typed_in_the_order_in_which_it_was_typed() -> None:
    """U+202E in a company's name turned round the rest of the line in the list and on the page of the case."""
    sent = answers(company="見本\u202e商会\u200b")
    found = check(a_product().form, sent)

    assert found.answers["company"] == "見本商会"
    assert as_typed(found.answers, sent)["company"] == "見本⟨U+202E⟩商会⟨U+200B⟩"


def test_a_choice_is_read_without_what_nobody_sees() -> None:
    found = checked(plan="\ufeffwide\u00a0", d3_22=["isms\u200b"])

    assert found.problems == ()
    assert (found.answers["plan"], found.answers["d3_22"]) == ("wide", ["isms"])


@pytest.mark.parametrize("unseen", ["\u200b", " ", "\u3000\t", "\u2800", ["\ufeff"], ["", ""]])
def test_a_choice_of_nothing_is_no_answer(unseen: object) -> None:
    """A program that sends " " for what was not chosen read that it is not on the list, instead of what is asked."""
    for key in ("quote", "d3_22", "privacy_consent"):
        assert ("required", key) in [(problem.code, problem.key) for problem in checked(**{key: unseen}).problems]


@pytest.mark.parametrize("unseen", [" ", "\u200b", ["\ufeff"]])
def test_an_optional_choice_of_nothing_is_left_out(unseen: object) -> None:
    found = checked(news_opt_in=unseen)

    assert found.problems == ()
    assert "news_opt_in" not in found.answers


def test_nothing_beside_a_choice_changes_no_choice() -> None:
    """A hidden field of the same name sends "" beside every ticked box of a form on the agency's own page."""
    assert checked(d3_22=["", "isms", "\u200b"]).answers["d3_22"] == ["isms"]
