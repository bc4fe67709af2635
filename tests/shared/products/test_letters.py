"""A product has a letter of every kind, and each speaks only of what it may know."""

from pathlib import Path

import pytest

from shared.products import Problem
from tests.shared.products.builders import Change, copy_of_the_product, problems_in


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copy_of_the_product(tmp_path)


def test_a_product_without_a_letter_for_going_on_later_is_refused(folder: Path) -> None:
    """It would be missed when a customer waits for the link."""
    letter = folder / "letters" / "resume.txt"
    letter.unlink()

    assert problems_in(folder) == (Problem(letter, 0, "", "cannot be read (No such file or directory)"),)


@pytest.mark.parametrize("field", ["company", "person", "reception_no", "postal_address"])
def test_the_letter_for_going_on_later_can_name_nobody(folder: Path, field: str) -> None:
    """There is no request yet, and a mail to a mistyped address must not say whose form it is."""
    change = Change(
        "letters/resume.txt", "■ 有効期限", f"■ {{{{ {field} }}}}", field, "there is no such field in this letter"
    )

    expected = change.make(folder)

    assert problems_in(folder) == (expected,)


@pytest.mark.parametrize("kind", ["receipt", "quote", "referral", "desk-late", "desk-undelivered"])
def test_a_suspicion_is_for_the_desk_alone(folder: Path, kind: str) -> None:
    """The customer may be no robot at all, and a robot need not learn what gave it away."""
    file = f"letters/{kind}.txt"
    change = Change(
        file, "{{ notices.sample_tariff }}", "{{ suspicions }}", "suspicions", "there is no such field in this letter"
    )

    expected = change.make(folder)

    assert problems_in(folder) == (expected,)
