"""The tariff's rules and exchanges."""

from pathlib import Path

import pytest

from tests.pricing.actuary.lint.specs import assert_slip_is_found

SLIPS = [
    pytest.param(
        "    when: {d3_03: [yes, unknown]}",
        "    when: {d3_03: [yes, unknown], d3_02: [no], d3_02_a: [yes]}",
        "error",
        "rules.card-issuing.when",
        "never holds",
        id="a rule on a question that is not asked then",
    ),
    pytest.param(
        "  card-issuing:\n",
        "  incident-again:\n    when: {incidents: [unknown, yes]}\n    says: 事故\n  card-issuing:\n",
        "error",
        "rules.incident-again",
        "exactly when incident-reported does",
        id="the same rule twice",
    ),
    pytest.param(
        "    when: {d3_03: [yes, unknown]}",
        "    when: {d3_03: [yes, no, unknown]}",
        "warning",
        "rules.card-issuing.when.d3_03",
        "every answer",
        id="a rule that takes everybody",
    ),
    pytest.param(
        "    when: {d3_03: [yes, unknown]}",
        "    when: {d3_03: [yes, unknown, yes]}",
        "warning",
        "rules.card-issuing.when.d3_03",
        "twice",
        id="an answer twice",
    ),
    pytest.param(
        "    when: {cost_limit: [10_000_000], cost_deductible: [10_000_000]}\n"
        "    instead: {cost_deductible: 5_000_000}",
        "    when: {rider_leak_only: [yes], rider_it: [yes], plan: [wide]}\n    instead: {plan: basic}",
        "error",
        "unavailable.deductible-not-below-limit",
        "leak-only-with-it has exchanged",
        id="a cover that was exchanged before",
    ),
]


@pytest.mark.parametrize(("before", "after", "severity", "key", "words"), SLIPS)
def test_a_slip_in_a_rule_is_found(  # noqa: PLR0917  # pytest passes them by name
    tmp_path: Path, before: str, after: str, severity: str, key: str, words: str
) -> None:
    assert_slip_is_found(tmp_path, (before, after), severity, key, words)
