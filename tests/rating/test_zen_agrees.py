"""The baseline of `make bench` computes the same tariff: otherwise it would be no baseline."""

from bench.rating import priceable
from bench.zen import decision_of
from services.rating.domain.price import premium_of
from tests.rating.builders import TARIFF, WITHOUT_AUTHORITY


def test_the_same_answers_cost_the_same_to_the_smallest_step() -> None:
    """Ten 円 may lie between an exact amount on an edge and one that is not."""
    decision = decision_of(TARIFF)
    requests = priceable(WITHOUT_AUTHORITY, 1_500)

    off = [
        (ours, theirs)
        for answers in requests
        for ours in (premium_of(answers, WITHOUT_AUTHORITY),)
        for theirs in (decision.evaluate(answers)["result"]["premium"],)
        if not isinstance(ours, int) or abs(theirs - ours) > TARIFF.round_to_yen
    ]

    assert len(requests) > 1_000
    assert off == []
