"""What may be a typing error."""

import pytest

from services.intake.domain.advice import advice
from services.intake.domain.answers import check
from tests.services.intake.builders import a_product, answers


def meant(**sent: str) -> list[str]:
    """What may have been meant instead."""
    form = a_product().form
    everything = answers(**sent)
    return [doubt.instead for doubt in advice(form.questions, check(form, everything), everything)]


@pytest.mark.parametrize(
    ("typed", "instead"),
    [
        ("a@gmial.com", ["a@gmail.com"]),
        ("a@gmail.con", ["a@gmail.com"]),
        ("a@gmial.con", ["a@gmail.com"]),
        ("a@gmail.co", ["a@gmail.com"]),
        ("a@yaho.co.jp", ["a@yahoo.co.jp"]),
        ("a@yahoo.co.jo", ["a@yahoo.co.jp"]),
        ("a@first-place.cojp", ["a@first-place.co.jp"]),
        ("a@docomo.ne.jo", ["a@docomo.ne.jp"]),
        ("a@gmail.com", []),
        ("a@mail.com", []),
        ("a@email.com", []),
        ("a@outlook.co.jp", []),
        ("a@first-place.co.jp", []),
        ("a@example.jp", []),
    ],
)
def test_a_mailbox_that_is_spelt_nearly_like_a_common_one_is_asked_about(typed: str, instead: list[str]) -> None:
    assert meant(email=typed) == instead


@pytest.mark.parametrize(
    ("typed", "instead"),
    [
        pytest.param("500,000,000", ["500,000"], id="5億円 typed in yen"),
        pytest.param("523,456,789", ["523,456"], id="an odd amount typed in yen"),
        pytest.param("10,000,000", ["10,000"], id="1000万円 typed in yen"),
        pytest.param("500", ["500,000"], id="5億円 typed in millions"),
        pytest.param("999", ["999,000"], id="just below a million yen"),
        pytest.param("1,000", [], id="a million yen"),
        pytest.param("500,000", [], id="5億円"),
        pytest.param("5,000,000", [], id="50億円"),
        pytest.param("12,345,000", [], id="123億4500万円"),
        pytest.param("5,000億円", [], id="whoever writes 億円 means it"),
    ],
)
def test_a_turnover_that_may_be_in_another_unit_is_asked_about(typed: str, instead: list[str]) -> None:
    assert meant(turnover=typed) == instead
