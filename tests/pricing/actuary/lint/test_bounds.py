"""Bounds that never bind, or always do."""

from pathlib import Path

import pytest

from pricing.actuary.lint import lint
from tests.pricing.actuary.builders import SHIPPED, draft
from tests.pricing.actuary.lint.specs import assert_slip_is_found
from tests.pricing.builders import PRODUCT

SLIPS = [
    pytest.param(
        'cap: "1.000000"}', 'cap: "1.778279"}', "warning", "parts.1.steps.1.cap", "never binds", id="a step's cap"
    ),
    pytest.param(
        'cap: "1.000000"}', 'cap: "0.5"}', "error", "parts.1.steps.1.cap", "always binds", id="a cap below all rows"
    ),
    pytest.param(
        'cap: "1.000000"}',
        'cap: "1.000000", floor: "0.5"}',
        "warning",
        "parts.1.steps.1.floor",
        "never binds",
        id="a step's floor",
    ),
    pytest.param(
        'cap: "1.000000"}',
        'cap: "1.000000", floor: "1.1"}',
        "error",
        "parts.1.steps.1.floor",
        "always binds",
        id="a floor above the cap",
    ),
    pytest.param(
        'minimum_premium_yen: "30000"',
        'minimum_premium_yen: "100"',
        "warning",
        "minimum_premium_yen",
        "never binds",
        id="a minimum that everybody pays more than",
    ),
    pytest.param(
        '      20_000_000: "5000000" # 2',
        '      20_000_000: "500000000000" # 2',
        "warning",
        "tables.authority.banded.20000000",
        "never reached",
        id="an authority without end",
    ),
    pytest.param(
        '      600_000_000: "4000000"',
        '      600_000_000: "100"',
        "error",
        "tables.authority.banded.600000000",
        "nothing can be offered",
        id="an authority below every premium",
    ),
]


@pytest.mark.parametrize(("before", "after", "severity", "key", "words"), SLIPS)
def test_a_slip_in_a_bound_is_found(  # noqa: PLR0917  # pytest passes them by name
    tmp_path: Path, before: str, after: str, severity: str, key: str, words: str
) -> None:
    assert_slip_is_found(tmp_path, (before, after), severity, key, words)


def test_a_minimum_that_everybody_pays_prices_nobody(tmp_path: Path) -> None:
    path = draft(
        tmp_path,
        ('minimum_premium_yen: "30000"', 'minimum_premium_yen: "9000000000"'),
        ('      20_000_000: "5000000" # 2', '      20_000_000: "9000000000" # 2'),
    )

    problems = [finding.problem for finding in lint(path, PRODUCT.form).findings]

    messages = [problem.message for problem in problems if problem.key == "minimum_premium_yen"]
    assert [message[:13] for message in messages] == ["always binds:"]


def test_an_authority_by_choice_is_checked_row_by_row(tmp_path: Path) -> None:
    limits = [choice for choice in SHIPPED.tariff.questions["liability_limit"].choices if isinstance(choice, int)]
    figures = ["200000000", *["5000000"] * (len(limits) - 1)]
    rows = "".join(f'      {limit}: "{figure}"\n' for limit, figure in zip(limits, figures, strict=True))
    block = SHIPPED.source.text.partition("  authority:\n")[2].partition("\n\n")[0]
    head = block.partition("    banded:\n")[0]
    path = draft(tmp_path, (block + "\n", f"{head}    exact:\n{rows}"))

    problems = [finding.problem for finding in lint(path, PRODUCT.form).findings]

    assert [(problem.key, problem.message[:14]) for problem in problems] == [
        ("tables.authority.exact.20000000", "never reached:")
    ]
