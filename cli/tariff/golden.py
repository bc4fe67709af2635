"""`mitsumori tariff golden`: whether tariffs still give the premiums of the golden cases beside them."""

import typer

from cli.errors import exit_on_error
from cli.options import AsJson
from cli.tariff.app import PRODUCT, Product, Tariffs
from cli.tariff.output import print_json
from cli.tariff.products import find_product, tariff_names
from pricing.actuary.golden import CaseOutcome, check_cases, read_golden_cases
from pricing.actuary.tariff_file import load_tariff_file


@exit_on_error()
def check_golden(tariffs: Tariffs = None, product: Product = PRODUCT, as_json: AsJson = False) -> None:  # noqa: FBT002  # a flag
    """検算例を計算し、違いを示す (the golden cases beside the tariff; exit 1 when one fails)."""
    priced = find_product(product)
    outcomes_by_file: dict[str, list[CaseOutcome]] = {}
    for name in tariff_names(tariffs, priced):
        file = load_tariff_file(name, priced)
        cases = read_golden_cases(file.golden_path, file.form)
        outcomes_by_file[str(file.source.path)] = check_cases(cases, file.tariff)
    all_outcomes = [outcome for outcomes in outcomes_by_file.values() for outcome in outcomes]
    failed = [outcome for outcome in all_outcomes if outcome.mismatches]
    if as_json:
        print_json({file: [outcome.as_json() for outcome in outcomes] for file, outcomes in outcomes_by_file.items()})
    else:
        for outcome in failed:
            _print_failed(outcome)
        print(f"検算例 {len(all_outcomes)}件、うち不一致 {len(failed)}件")
    raise typer.Exit(1 if failed else 0)


def _print_failed(outcome: CaseOutcome) -> None:
    print(f"✗ {outcome.case}")
    for mismatch in outcome.mismatches:
        print(f"    {mismatch.what}\n      期待  {mismatch.expected}\n      実際  {mismatch.actual}")
