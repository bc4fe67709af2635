"""Hours that nobody could keep, or that say two things, stop the start and name their place."""

from pathlib import Path
from typing import Final

import pytest

from shared.products import Problem, ProductError, load_product
from tests.shared.products.builders import Change, copy_of_the_product, replace_once

MONDAY: Final = 'mon: ["9:00-12:00", "13:00-17:00"]'
CLOSURES: Final = "    - {first: 2027-08-12, last: 2027-08-13, reason: 夏季休業(見本)}"
NEW_YEAR: Final = "{first: 12-29, last: 01-03, reason: 年末年始(見本)}"
EXTRA: Final = '{day: 2027-03-27, hours: ["9:00-12:00"], reason: 年度末の臨時営業(見本)}'
EVERY_DAY: Final = "".join(f'    {day}: ["9:00-12:00", "13:00-17:00"]\n' for day in ("mon", "tue", "wed", "thu", "fri"))
FORM: Final = 'is not written as "9:00-12:00"'


def problems_in(folder: Path) -> tuple[Problem, ...]:
    with pytest.raises(ProductError) as refused:
        load_product(folder)
    return refused.value.problems


def row(sentence: str, old: str, new: str, key: str, message: str) -> object:
    return pytest.param(Change("product.yaml", old, new, f"desk{key}", message), id=sentence)


CHANGES = [
    row("a window of one time", MONDAY, 'mon: ["9:00"]', ".week.mon.0", FORM),
    row("a window with seconds", MONDAY, 'mon: ["9:00-12:00:30"]', ".week.mon.0", FORM),
    row("a window in words", MONDAY, 'mon: ["9:00～12:00"]', ".week.mon.0", FORM),
    row("an hour that no day has", MONDAY, 'mon: ["9:00-25:00"]', ".week.mon.0", "hour must be in 0..23"),
    row("a window that ends first", MONDAY, 'mon: ["17:00-9:00"]', ".week.mon.0", "closes before it opens"),
    row("a window without length", MONDAY, 'mon: ["9:00-9:00"]', ".week.mon.0", "closes before it opens"),
    row(
        "windows that overlap",
        MONDAY,
        'mon: ["9:00-12:00", "11:59-17:00"]',
        ".week.mon",
        "has a window that begins before the one before it has ended",
    ),
    row(
        "the afternoon first",
        MONDAY,
        'mon: ["13:00-17:00", "9:00-12:00"]',
        ".week.mon",
        "has a window that begins before the one before it has ended",
    ),
    row(
        "a day with no window",
        MONDAY,
        "mon: []",
        ".week.mon",
        "List should have at least 1 item after validation, not 0",
    ),
    row(
        "a day that no week has",
        MONDAY,
        f"{MONDAY}\n    holiday: [] # here",
        ".week.holiday",
        "is not an entry that is known here",
    ),
    row(
        "a week without a day",
        f"  week:\n{EVERY_DAY}",
        "  week: {} # here\n",
        ".week",
        "names no day on which the desk is open",
    ),
    row(
        "a day of the year that is none",
        "first: 12-29",
        "first: 02-30",
        ".closed_every_year.0.first",
        "day is out of range for month",
    ),
    row(
        "a day of the year with a year",
        "first: 12-29",
        "first: 2026-12-29",
        ".closed_every_year.0.first",
        'is not written as "12-29"',
    ),
    row(
        "closed for most of every year",
        NEW_YEAR,
        "{first: 01-04, last: 01-03, reason: 年末年始}",
        ".closed_every_year.0",
        "is longer than 60 days",
    ),
    row("a closure without a reason", ", reason: 夏季休業(見本)", "", ".closures.0.reason", "is missing"),
    row("a closure that ends first", "last: 2027-08-13", "last: 2027-08-11", ".closures.0", "ends before it begins"),
    row("a closure with a wrong year", "last: 2027-08-13", "last: 2072-08-13", ".closures.0", "is longer than 60 days"),
    row(
        "a day that no calendar has",
        "first: 2027-08-12",
        "first: 2027-02-29",
        ".closures.0.first",
        "day is out of range for month",
    ),
    row(
        "an extra day without hours", EXTRA, "{day: 2027-03-27, reason: 臨時営業}", ".extra_days.0.hours", "is missing"
    ),
    row(
        "no time for an answer",
        "first_answer_minutes: 60",
        "first_answer_minutes: 0",
        ".promises.first_answer_minutes",
        "Input should be greater than or equal to 1",
    ),
    row(
        "no time for the next try",
        "next_try_minutes: 240",
        "next_try_minutes: 0",
        ".promises.next_try_minutes",
        "Input should be greater than or equal to 1",
    ),
    row(
        "too little time to take something back",
        "take_back_seconds: 10",
        "take_back_seconds: 9",
        ".take_back_seconds",
        "Input should be greater than or equal to 10",
    ),
    row(
        "more time to take something back than a customer should wait",
        "take_back_seconds: 10",
        "take_back_seconds: 61",
        ".take_back_seconds",
        "Input should be less than or equal to 60",
    ),
    row(
        "half a business day",
        "reply_days: 2",
        "reply_days: 0.5",
        ".promises.reply_days",
        "Input should be a valid integer",
    ),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copy_of_the_product(tmp_path)


@pytest.mark.parametrize("change", CHANGES)
def test_the_file_the_line_and_the_key_are_named(folder: Path, change: Change) -> None:
    expected = change.make(folder)

    assert problems_in(folder) == (expected,)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(CLOSURES, f"{CLOSURES}\n{CLOSURES}", id="two closures"),
        pytest.param("day: 2027-03-27", "day: 2027-08-12", id="a closure and an extra day"),
    ],
)
def test_a_day_of_which_two_things_are_said_is_named(folder: Path, old: str, new: str) -> None:
    replace_once(folder / "product.yaml", old, new)

    [problem] = problems_in(folder)

    assert (problem.key, problem.message) == (
        "desk",
        "says two things of 2027-08-12: name a day once in closures and extra_days",
    )


def test_every_promise_follows_from_one_number(folder: Path) -> None:
    """The page after sending once promised 2営業日 and the mails 3営業日 (U2)."""
    replace_once(folder / "product.yaml", "reply_days: 2", "reply_days: 5")

    product = load_product(folder)

    assert product.agency.reply_within == "5営業日以内"
    assert product.after.referral == "担当者が確認のうえ、5営業日以内にご連絡します。"


def test_the_same_promise_in_words_is_refused(folder: Path) -> None:
    """A product of the version before says it in words; left in, the words would promise something else some day."""
    replace_once(folder / "product.yaml", "  complaints:", "  reply_within: 2営業日以内\n  complaints:")

    [problem] = problems_in(folder)

    assert (problem.key, problem.message) == ("agency.reply_within", "is not an entry that is known here")
