"""法人番号 as people type them, and the figure in front that tells a mistyped one."""

import pytest

from services.intake.domain.corporate_number import Mistyped, check_digit, corporate_number, is_corporate_number

NATIONAL_TAX_AGENCY = "7000012050002"
"""Its own, which it publishes as an example; no company's."""


@pytest.mark.parametrize(
    "typed",
    [
        "7000012050002",
        " 7000012050002 ",
        "７００００１２０５０００２",
        "7-0000-1205-0002",
        "7 0000 1205 0002",
        "T7000012050002",
        "法人番号：7000012050002",
    ],
)
def test_a_number_is_read_however_it_is_typed(typed: str) -> None:
    assert corporate_number(typed) == NATIONAL_TAX_AGENCY


def test_of_a_certificate_the_figure_in_front_is_added() -> None:
    """会社法人等番号 has the twelve others."""
    assert corporate_number("0000-12-050002") == NATIONAL_TAX_AGENCY


def test_any_one_wrong_figure_is_noticed_but_for_a_nine_in_place_of_a_nought() -> None:
    """Both leave the same remainder: so the law has it."""
    for place, right in enumerate(NATIONAL_TAX_AGENCY):
        for figure in "0123456789":
            typed = NATIONAL_TAX_AGENCY[:place] + figure + NATIONAL_TAX_AGENCY[place + 1 :]
            is_alike = figure == right or (place > 0 and {figure, right} == {"0", "9"})

            assert is_corporate_number(typed) is is_alike, typed


def test_a_wrong_figure_is_told_from_a_missing_one() -> None:
    assert corporate_number("7000012050003") == Mistyped("check-digit")
    assert corporate_number("70000120500021") == Mistyped("length")
    assert corporate_number("03-1234-5678") == Mistyped("length")


@pytest.mark.parametrize("typed", ["株式会社見本商事", "109", "7-Eleven", "", "株式会社7000012050002", "1" * 100])
def test_a_name_is_no_number(typed: str) -> None:
    assert corporate_number(typed) is None


def test_the_figure_in_front_is_never_nought() -> None:
    assert {check_digit(f"{base:012}") for base in range(1_000)} == set(range(1, 10))
