"""Scales, weights, discounts and their caps."""

from pathlib import Path

import pytest

from tests.pricing.actuary.lint.specs import assert_slip_is_found

SLIPS = [
    pytest.param(
        '      cap: "0.30"',
        '      cap: "0.45"',
        "warning",
        "adjustments.controls.certificates.cap",
        "0.45",
        id="a cap on certifications that even all of them do not reach",
    ),
    pytest.param(
        '    cap: "0.60"', '    cap: "0.70"', "warning", "adjustments.controls.cap", "never binds", id="a cap together"
    ),
    pytest.param(
        'discount: {"0": "-0.40", "0.5": "0", "1": "0.40"}\n    certificates',
        'discount: {"0": "-0.40", "1": "0.40"}\n    certificates',
        "error",
        "adjustments.controls.score.discount",
        "neutral score 0.5",
        id="no point at the neutral score",
    ),
    pytest.param(
        'discount: {"0": "-0.40", "0.5": "0", "1": "0.40"}\n    certificates',
        'discount: {"0": "-0.40", "0.5": "0.01", "1": "0.40"}\n    certificates',
        "error",
        "adjustments.controls.score.discount.0.5",
        "nought",
        id="a discount at the neutral score",
    ),
    pytest.param(
        "d3_12: {weight: 5,",
        "d3_12: {weight: 50,",
        "warning",
        "adjustments.controls.score.weights.d3_12",
        "weighs 50",
        id="a weight ten times too heavy",
    ),
    pytest.param(
        'in_place: {yes: "1", no',
        'in_place: {yes: "0.1", no',
        "warning",
        "credits.in_place",
        "full score",
        id="a scale that nobody fills",
    ),
    pytest.param(
        'truste: "0.10", other',
        'truste: "0.31", other',
        "warning",
        "adjustments.controls.certificates.discount.truste",
        "even by itself",
        id="a certification above the cap",
    ),
    pytest.param(
        'not_outsourced: {no: "1", yes: "0", ',
        'not_outsourced: {no: "0", yes: "0", ',
        "error",
        "credits.not_outsourced",
        "decides nothing",
        id="a scale that tells no answer apart",
    ),
]


@pytest.mark.parametrize(("before", "after", "severity", "key", "words"), SLIPS)
def test_a_slip_in_a_score_is_found(  # noqa: PLR0917  # pytest passes them by name
    tmp_path: Path, before: str, after: str, severity: str, key: str, words: str
) -> None:
    assert_slip_is_found(tmp_path, (before, after), severity, key, words)
