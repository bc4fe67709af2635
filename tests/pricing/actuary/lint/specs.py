"""What holds for every slip that lint finds."""

from pathlib import Path

from pricing.actuary.lint import lint
from tests.pricing.actuary.builders import draft
from tests.pricing.builders import PRODUCT


def assert_slip_is_found(folder: Path, edit: tuple[str, str], severity: str, key: str, words: str) -> None:
    """Lint reports the *edit* of the shipped tariff at *key*, with these *words*."""
    path = draft(folder, edit)

    findings = lint(path, PRODUCT.form).findings

    matching = [finding for finding in findings if finding.problem.key == key and words in finding.problem.message]
    assert matching, "\n".join(map(str, findings))
    assert (matching[0].severity, matching[0].problem.file) == (severity, path)
    assert matching[0].problem.line > 1
