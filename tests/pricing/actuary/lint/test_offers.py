"""What is offered beside the cover, and the words that people read."""

from pathlib import Path

import pytest

from pricing.actuary.lint import lint
from tests.pricing.actuary.builders import SHIPPED, draft
from tests.pricing.actuary.lint.specs import assert_slip_is_found
from tests.pricing.builders import PRODUCT

SLIPS = [
    pytest.param(
        "  fuller: {liability_limit: +1, cost_limit: +1}",
        "  fuller: {liability_limit: +1, cost_limit: -1}",
        "error",
        "offer.fuller.cost_limit",
        "cheaper",
        id="less in the fuller cover",
    ),
    pytest.param(
        "      column_values: [0, 100_000, 300_000,",
        "      column_values: [0, 300_000,",
        "warning",
        "offer.grids.0.column_values",
        "leaves out 100000",
        id="a grid without what the form proposes",
    ),
    pytest.param(
        "      columns: cost_deductible\n      column_values: [0, 100_000, 500_000, 1_000_000, 3_000_000, 10_000_000]",
        "      columns: cost_limit\n      column_values: [10_000_000, 30_000_000]",
        "error",
        "offer.grids.1",
        "both cost_limit",
        id="a grid of one term",
    ),
    pytest.param(
        "  fuller: {liability_limit: +1, cost_limit: +1}",
        "  fuller: {liability_limit: +1, cost_limit: 0}",
        "warning",
        "offer.fuller.cost_limit",
        "moves nothing",
        id="a step of nought",
    ),
    pytest.param(
        "table: liability_deductible, label: 賠償損害の免責金額}\n      - {table: cost_ded",
        "table: liability_deductible, label: 売上高}\n      - {table: cost_ded",
        "warning",
        "parts.0.steps.3",
        "売上高",
        id="two steps of one name",
    ),
    pytest.param(
        "  missing-answer: 「{question}」の",
        "  missing-answer: 「ご質問」の",
        "warning",
        "says.missing-answer",
        "which",
        id="words",
    ),
]


@pytest.mark.parametrize(("before", "after", "severity", "key", "words"), SLIPS)
def test_a_slip_in_an_offer_is_found(  # noqa: PLR0917  # pytest passes them by name
    tmp_path: Path, before: str, after: str, severity: str, key: str, words: str
) -> None:
    assert_slip_is_found(tmp_path, (before, after), severity, key, words)


def test_a_grid_shows_only_what_a_price_depends_on(tmp_path: Path) -> None:
    text = SHIPPED.source.text
    table = text[text.index("  cost_deductible:\n") : text.index("  # Plan by 情報漏えい")]
    path = draft(tmp_path, (table, ""), ("      - {table: cost_deductible, label: 費用損害の免責金額}\n", ""))

    (finding,) = lint(path, PRODUCT.form).findings

    assert (finding.severity, finding.problem.key) == ("warning", "offer.grids.1.columns")
