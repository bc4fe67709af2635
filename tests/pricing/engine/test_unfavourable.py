"""Which answers staff look at first: the tariff decides, and no list in the code."""

import pytest

from pricing.engine.unfavourable import unfavourable
from tests.pricing.builders import ALL_IN_PLACE, NOTHING_IN_PLACE, TARIFF, answers


def test_whoever_has_every_control_gave_no_unfavourable_answer() -> None:
    assert unfavourable(answers(**ALL_IN_PLACE), TARIFF) == ()


@pytest.mark.parametrize("answer", ["no", "unknown"])
def test_a_control_that_is_not_known_to_be_in_place_is_unfavourable(answer: str) -> None:
    assert unfavourable(answers(**{**ALL_IN_PLACE, "d3_14": answer}), TARIFF) == ("d3_14",)


@pytest.mark.parametrize("answer", ["yes", "unknown"])
def test_what_sends_a_request_to_a_person_is_unfavourable(answer: str) -> None:
    changed = {**ALL_IN_PLACE, "incidents": answer, "d3_03": answer}

    assert unfavourable(answers(**changed), TARIFF) == ("incidents", "d3_03")


def test_they_come_in_the_order_of_the_form() -> None:
    found = unfavourable(answers(**NOTHING_IN_PLACE, incidents="yes"), TARIFF)

    assert list(found) == sorted(found, key=[*TARIFF.questions].index)
    assert found[0] == "incidents"


def test_what_was_not_answered_or_cannot_be_read_is_no_answer() -> None:
    without = {**ALL_IN_PLACE, "d3_14": None, "d3_10": "perhaps", "turnover": "viel"}

    assert unfavourable(answers(**without), TARIFF) == ()
    assert unfavourable({}, TARIFF) == ()
