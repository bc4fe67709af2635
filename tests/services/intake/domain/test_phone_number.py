"""Telephone numbers: what people in Japan write can be dialled, and what nobody can dial is told in time."""

import pytest
from phonenumbers import is_possible_number, parse

from services.intake.domain.normalise import phone
from services.intake.domain.phone_number import has_country_code, has_odd_length, looks_invented, with_zero


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("03-1234-5678(代)", "03-1234-5678 (代表)"),
        ("03-1234-5678（代表）", "03-1234-5678 (代表)"),
        ("03-1234-5678 代表", "03-1234-5678 (代表)"),
        ("代表 03-1234-5678", "代表 03-1234-5678"),
        ("（代）03-1234-5678", "代表 03-1234-5678"),
        ("03-1234-5678(内123)", "03-1234-5678 内線123"),
        ("03-1234-5678（内線：12）", "03-1234-5678 内線12"),
        ("03-1234-5678 (代) 内線12-34", "03-1234-5678 (代表) 内線12-34"),
        ("03-1234-5678 ext. 12", "03-1234-5678 内線12"),
        ("03-1234-5678 x12", "03-1234-5678 内線12"),
        ("03-1234-5678/090-1234-5678", "03-1234-5678 / 090-1234-5678"),
        ("03-1234-5678、０９０－１２３４－５６７８", "03-1234-5678 / 090-1234-5678"),
        ("03-1234-5678 または 090-1234-5678", "03-1234-5678 / 090-1234-5678"),
        ("03-1234-5678 or 090-1234-5678", "03-1234-5678 / 090-1234-5678"),
        ("TEL 03-1234-5678 / FAX 03-1234-5679", "03-1234-5678 / FAX 03-1234-5679"),
        ("03〜1234～5678", "03-1234-5678"),
        ("03~1234-5678", "03-1234-5678"),
        ("0123～45～6789", "0123-45-6789"),
        ("03-1234-5678～9", "03-1234-5678 〜9"),
        # It was kept as 03-1234-5678-5680, which nobody can dial.
        ("03-1234-5678～5680", "03-1234-5678 〜5680"),
        ("03-1234～5678", "03-1234-5678"),
        ("ＴＥＬ：０３－１２３４－５６７８", "03-1234-5678"),
        ("℡03-1234-5678", "03-1234-5678"),
        ("電話番号 03(1234)5678", "03(1234)5678"),
        ("☎ 03\u2011\u20601234\u20115678", "03-1234-5678"),
        ("090-1234-5678（携帯）", "090-1234-5678 (携帯)"),
        ("+81 (0)3-1234-5678", "+81 (0)3-1234-5678"),
        ("+81 90 1234 5678", "+81 90 1234 5678"),
        ("+1 650-253-0000", "+1 650-253-0000"),
        ("０３\u3000１２３４\u00a0５６７８", "03 1234 5678"),
        ("03-1234-5678(代表)、内線12", "03-1234-5678 (代表) 内線12"),
        ("03-1234-5678,内線12", "03-1234-5678 内線12"),
        ("03-1234-5678 / (内線 12)", "03-1234-5678 内線12"),
        ("03-1234-5678(内)12", "03-1234-5678 内線12"),
        ("TEL/FAX 03-1234-5678", "TEL/FAX 03-1234-5678"),
        ("ＴＥＬ・ＦＡＸ：03-1234-5678", "TEL/FAX 03-1234-5678"),
        ("電話＆FAX 03-1234-5678", "TEL/FAX 03-1234-5678"),
        ("03-1234-5678（FAX兼用）", "03-1234-5678 (FAX兼用)"),
        ("TEL：03-1234-5678", "03-1234-5678"),
        ("T: 03-1234-5678", "03-1234-5678"),
        ("お電話 03-1234-5678", "03-1234-5678"),
        ("連絡先：03-1234-5678", "03-1234-5678"),
        ("📱090-1234-5678", "090-1234-5678"),
        ("Mobile: 090-1234-5678", "携帯 090-1234-5678"),
        ("03・1234・5678", "03-1234-5678"),
        ("03-1234・5678", "03-1234-5678"),
        ("03/1234/5678", "03-1234-5678"),
        ("03，1234，5678", "03-1234-5678"),
        ("03_1234_5678", "03-1234-5678"),
        ("03の1234の5678", "03-1234-5678"),
        ("03局1234番5678", "03-1234-5678"),
        ("03.1234.5678", "03.1234.5678"),
        ("０３－１２３４－５６７８（内線 12）", "03-1234-5678 内線12"),
        ("03(1234)5678", "03(1234)5678"),
        ("〇三-一二三四-五六七八", "03-1234-5678"),
        ("本社代表 03-1234-5678", "本社 代表 03-1234-5678"),
        ("大代表:03-1234-5678", "大代表 03-1234-5678"),
        ("03-1234-5678（代表番号）", "03-1234-5678 (代表番号)"),
        ("フリーダイヤル：0120-123-456", "フリーダイヤル 0120-123-456"),
        ("0120-123-456（フリーダイヤル）", "0120-123-456 (フリーダイヤル)"),
        ("IP電話 050-1234-5678", "IP電話 050-1234-5678"),
        ("「03-1234-5678」", "03-1234-5678"),
        ("03-1234-5678です。", "03-1234-5678"),
        ("（03-1234-5678）", "03-1234-5678"),
        ("【代表】03-1234-5678【内線12】", "代表 03-1234-5678 内線12"),
        ("(+81) 3-1234-5678", "(+81) 3-1234-5678"),
        ("03-1234-5678 (代) 090-1234-5678", "03-1234-5678 (代表) / 090-1234-5678"),
        ("TEL.03(1234)5678 FAX.03(1234)5679", "03(1234)5678 / FAX 03(1234)5679"),
        ("03-1234-5678番", "03-1234-5678"),
        ("03-1234-5678 090-1234-5678", "03-1234-5678 / 090-1234-5678"),
        ("0312345678\u300009012345678", "0312345678 / 09012345678"),
        ("03-1234-5678と090-1234-5678", "03-1234-5678 / 090-1234-5678"),
        ("03-1234-5678 & 090-1234-5678", "03-1234-5678 / 090-1234-5678"),
        ("03-1234-5678・090-1234-5678", "03-1234-5678 / 090-1234-5678"),
        ("会社：03-1234-5678 携帯：090-1234-5678", "会社 03-1234-5678 / 携帯 090-1234-5678"),
        ("03-1234-5678 FAX 03-1234-5679", "03-1234-5678 / FAX 03-1234-5679"),
        ("０３－１２３４－５６７８（代表） ０９０－１２３４－５６７８", "03-1234-5678 (代表) / 090-1234-5678"),
    ],
)
def test_a_number_is_taken_with_all_that_people_write_around_it(typed: str, kept: str) -> None:
    """03-1234-5678(代) was refused, though 代表 in front and 内線 behind were taken.

    So were 03・1234・5678, (代表)、内線12 and two numbers with a blank between them. TEL/FAX is kept: with FAX alone in
    front the desk would not call.
    """
    assert phone(typed) == kept
    assert phone(kept) == kept


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param("0312345678 evil.jp", id="letters that are no extension"),
        pytest.param("=03-1234-5678", id="a formula"),
        pytest.param("03-1234-5678 見本商会", id="a name behind it"),
        pytest.param("03-1234-5678(www.example.com)", id="an address behind it"),
        pytest.param("0000000000", id="only zeros"),
        pytest.param("1111111111", id="one figure"),
        pytest.param("03-1234-5678 / 1111111111", id="one figure as a second number"),
        pytest.param("1234567890", id="counted"),
        pytest.param("0011223344", id="an access code without a country"),
        pytest.param("1234-5678", id="without its area code"),
        pytest.param("内線12", id="an extension of nothing"),
        pytest.param("03-1234-5678 内線", id="an extension without figures"),
        pytest.param("/".join(["03-1234-5678"] * 4), id="a list"),
        pytest.param("03-1234-5678 " + "内線1" * 60, id="too long"),
        pytest.param("\ufdfa" * 190, id="what NFKC makes eighteen times as long"),
    ],
)
def test_what_nobody_can_dial_is_refused(typed: str) -> None:
    assert phone(typed) is None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("9012345678", "090-1234-5678"),
        ("312345678", "03-1234-5678"),
        ("90-1234-5678", "090-1234-5678"),
        ("120115910", "0120-115-910"),
        ("81-3-1234-5678", "03-1234-5678"),
        ("0081-3-1234-5678", "03-1234-5678"),
        ("010-81-3-1234-5678", "03-1234-5678"),
        ("00813-1234-5678", "03-1234-5678"),
        ("0081-90-1234-5678", "090-1234-5678"),
        ("0081-03-1234-5678", "03-1234-5678"),
        ("312345678 内線12 / 9012345678", "03-1234-5678 内線12 / 090-1234-5678"),
        ("03-1234-5678 / 9012345678", "03-1234-5678 / 090-1234-5678"),
        ("03-1234-5678", None),
        ("+81-3-1234-5678", None),
    ],
)
def test_a_number_without_its_zero_is_accepted_and_its_zero_offered(typed: str, meant: str | None) -> None:
    """A spreadsheet takes the zero away. The desk could not dial 9012345678, and nobody was asked."""
    kept = phone(typed)

    assert kept is not None
    assert with_zero(kept) == meant


@pytest.mark.parametrize(
    ("number", "has_code"),
    [
        ("0081-3-1234-5678", True),
        ("0081-03-1234-5678", True),
        ("010-81-3-1234-5678", True),
        ("81-3-1234-5678", True),
        ("03-1234-5678 / 0081-90-1234-5678", True),
        ("9012345678", False),
        ("812345678", False),
        ("03-1234-5678", False),
    ],
)
def test_the_code_of_japan_is_told_from_a_lost_zero(number: str, *, has_code: bool) -> None:
    """0081-3-1234-5678 was answered with 「先頭の0がありません」, though it begins with two of them."""
    assert has_country_code(number) == has_code


@pytest.mark.parametrize(
    ("number", "invented"),
    [
        ("03-0000-0000", True),
        ("090-1111-1111", True),
        ("0123456789", True),
        ("03-1234-5678 / 090-0000-0000", True),
        ("03-1234-5678", False),
        ("090-1234-5678 内線1", False),
        ("0120-444-444", False),
    ],
)
def test_a_number_that_is_mostly_an_evasion_is_asked_about(number: str, *, invented: bool) -> None:
    assert looks_invented(number) == invented


@pytest.mark.parametrize("start", range(10, 100))
def test_a_number_in_the_usual_form_is_one_for_the_library_too(start: int) -> None:
    """The library took 5 % of the time of every page, for a number that each page reads again. What is written as
    usual is now taken without it, so both must agree: 010 begins a call abroad and is left to the library.
    """
    for rest in ("0000000", "1234567", "98765432", "23456789"):
        number = f"0{start}{rest}"
        dialled = parse(number, "JP")
        is_possible = is_possible_number(dialled) and not str(dialled.national_number).startswith("0")

        assert (phone(number) is not None) == is_possible
        for hyphen in (2, 3, 4):
            assert (phone(f"{number[:hyphen]}-{number[hyphen:6]}-{number[6:]}") is not None) == is_possible


@pytest.mark.parametrize(
    ("number", "odd"),
    [
        ("090-1234-567", True),
        ("090-1234-56789", True),
        ("03-1234-567", True),
        ("0120-123-4567", True),
        ("03-1234-5678 / 090-1234-567", True),
        ("+81 90-1234-567", True),
        ("03-1234-5678 内線12", False),
        ("04992-2-1234", False),
        ("0120-123-456", False),
        ("0570-064-000", False),
        ("0800-123-4567", False),
        ("050-1234-5678", False),
        ("060-1234-5678", False),
        ("+81 (0)90-1234-5678", False),
        ("0081-3-1234-5678", False),
        ("+1 212-555-0123", False),
        ("010-81-3-1234-5678", False),
    ],
)
def test_a_number_with_a_figure_too_few_or_too_many_is_asked_about(number: str, *, odd: bool) -> None:
    """090-1234-567 went to the desk unasked, and nobody could call back."""
    kept = phone(number)

    assert kept is not None
    assert has_odd_length(kept) == odd
