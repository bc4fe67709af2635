"""`mitsumori tariff lint`."""

from cli.tariff.run.output import print_json
from cli.tariff.run.products import find_product, tariff_names
from pricing.actuary.lint import Finding, Report, lint
from pricing.actuary.tariff_file import find_tariff_file
from shared.products import ProductError


def run_lint(tariffs: list[str] | None, product: str, *, as_json: bool) -> int:
    """Print every finding; the exit code."""
    reports = _reports(tariffs, product)
    findings = [finding for report in reports for finding in report.findings]
    tables, rows = sum(report.tables for report in reports), sum(report.rows for report in reports)
    if as_json:
        print_json({"findings": [finding.as_json() for finding in findings], "tables": tables, "rows": rows})
        return 1 if findings else 0
    for finding in findings:
        print(finding)
    if not findings:
        print(f"no findings, {tables} tables, {rows} rows checked")
    return 1 if findings else 0


def _reports(tariffs: list[str] | None, product: str) -> list[Report]:
    try:
        sold = find_product(product)
    except ProductError as error:
        # One of the product's own tariffs, or its form: there is no form to check any tariff against.
        return [Report(tuple(Finding("error", problem) for problem in error.problems))]
    return [lint(find_tariff_file(name, sold), sold.form) for name in tariff_names(tariffs, sold)]
