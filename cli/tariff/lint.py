"""`mitsumori tariff lint`: the mistakes in tariffs."""

import typer

from cli.errors import exit_on_error
from cli.options import AsJson
from cli.tariff.app import PRODUCT, Product, Tariffs
from cli.tariff.output import print_json
from cli.tariff.products import find_product, tariff_names
from pricing.actuary.lint import Finding, Report, lint
from pricing.actuary.tariff_file import find_tariff_file
from shared.products import ProductError


@exit_on_error()
def lint_tariffs(tariffs: Tariffs = None, product: Product = PRODUCT, as_json: AsJson = False) -> None:  # noqa: FBT002  # a flag
    """料率表の誤りを探す (everything the loader refuses, and what it lets pass; exit 1 on any finding)."""
    reports = _reports(tariffs, product)
    findings = [finding for report in reports for finding in report.findings]
    tables, rows = sum(report.tables for report in reports), sum(report.rows for report in reports)
    if as_json:
        print_json({"findings": [finding.as_json() for finding in findings], "tables": tables, "rows": rows})
    elif findings:
        print("\n".join(map(str, findings)))
    else:
        print(f"no findings, {tables} tables, {rows} rows checked")
    raise typer.Exit(1 if findings else 0)


def _reports(tariffs: list[str] | None, product: str) -> list[Report]:
    try:
        priced = find_product(product)
    except ProductError as error:
        # One of the product's own tariffs, or its form: there is no form to check any tariff against.
        return [Report(tuple(Finding("error", problem) for problem in error.problems))]
    return [lint(find_tariff_file(name, priced), priced.form) for name in tariff_names(tariffs, priced)]
