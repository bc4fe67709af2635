"""The premium as a whole."""

from pathlib import Path

from pricing.actuary.lint import lint
from tests.pricing.actuary.builders import draft
from tests.pricing.builders import PRODUCT


def test_the_premium_as_a_whole_must_not_fall_with_turnover(tmp_path: Path) -> None:
    """A second table may be right by itself and yet make the whole premium fall."""
    rebate = """rebate:
    reads: turnover
    outside: turnover-outside
    runs: falling
    banded: {0: "1", 1_000_000: "0.5"}
"""
    step = "      - {table: cost_limit, label: 費用損害の支払限度額}"
    path = draft(
        tmp_path,
        ("  # (limit / 3,000万円) ^ 0.12\n", f"  {rebate}"),
        (step, f"{step}\n      - {{table: rebate, label: 大口割引}}"),
    )

    problems = [finding.problem for finding in lint(path, PRODUCT.form).findings]

    fall = next(problem for problem in problems if problem.message.startswith("turnover 1000000 costs"))
    messages = {problem.message for problem in problems}
    assert (fall.key, fall.file) == ("tables.rebate.banded.1000000", path)
    assert {"0.5 after 1: turnover must be rising", "turnover must be rising"} <= messages
