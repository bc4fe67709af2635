"""`mitsumori tariff lint`: what the loader refuses, what it lets pass, and how findings are printed."""

import json
from pathlib import Path

from typer import Typer
from typer.testing import CliRunner

from cli.tariff.lint import lint_tariffs
from pricing.actuary.lint import lint
from tests.pricing.actuary.builders import SHIPPED, draft, line_of
from tests.pricing.builders import PRODUCT

COMMAND = Typer()
COMMAND.command()(lint_tariffs)


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(COMMAND, list(arguments))
    return result.exit_code, result.output


def test_the_shipped_tariff_is_clean() -> None:
    report = lint(SHIPPED.source.path, PRODUCT.form)

    assert report.findings == ()
    assert (report.tables, report.rows) == (10, 127)


def test_what_the_loader_refuses_is_repeated(tmp_path: Path) -> None:
    path = draft(tmp_path, ('      retail: "92800"', "      #"))

    (finding,) = lint(path, PRODUCT.form).findings

    assert str(finding) == (
        f"{path}:{line_of(path, '    reads: industry') + 1}: error: tables.industry_base.exact: "
        "no row for retail of industry, and no rule refers it"
    )


def test_findings_are_lines_as_a_compiler_writes_them(tmp_path: Path) -> None:
    path = draft(tmp_path, ('"1.203720"', '"1.203721"'))

    code, output = run(str(path))

    assert code == 1
    assert output == (
        f"{path}:{line_of(path, '1.203721')}: error: tables.turnover_curve.interpolated.800000: "
        "1.203721, where (800000 / 500000) ^ 0.3945 is 1.203720\n"
    )


def test_without_a_finding_one_line_is_printed() -> None:
    assert run() == (0, "no findings, 10 tables, 127 rows checked\n")


def test_findings_for_programs(tmp_path: Path) -> None:
    path = draft(tmp_path, ('    cap: "0.60"', '    cap: "0.70"'))

    code, output = run(str(path), "--json")

    assert code == 1
    assert json.loads(output) == {
        "findings": [
            {
                "severity": "warning",
                "file": str(path),
                "line": line_of(path, '    cap: "0.70"'),
                "key": "adjustments.controls.cap",
                "message": "never binds: all discounts together are 0.70 at most",
            }
        ],
        "tables": 10,
        "rows": 127,
    }


def test_a_tariff_that_is_not_there_is_no_finding() -> None:
    assert run("2026-12-01")[0] == 2
