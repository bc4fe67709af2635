"""`mitsumori tariff golden`."""

from cli.tariff.run.output import print_json
from cli.tariff.run.products import find_product, tariff_names
from pricing.actuary.golden import CaseOutcome, check_cases, read_golden_cases
from pricing.actuary.tariff_file import load_tariff_file


def run_golden(tariffs: list[str] | None, product: str, *, as_json: bool) -> int:
    """Check the cases of every tariff and print those that fail; the exit code."""
    sold = find_product(product)
    outcomes_by_file: dict[str, list[CaseOutcome]] = {}
    for name in tariff_names(tariffs, sold):
        file = load_tariff_file(name, sold)
        cases = read_golden_cases(file.golden_path, sold.form)
        outcomes_by_file[str(file.source.path)] = check_cases(cases, file.tariff)
    all_outcomes = [outcome for outcomes in outcomes_by_file.values() for outcome in outcomes]
    failed = [outcome for outcome in all_outcomes if outcome.mismatches]
    if as_json:
        print_json({file: [outcome.as_json() for outcome in outcomes] for file, outcomes in outcomes_by_file.items()})
    else:
        for outcome in failed:
            _print_failed(outcome)
        print(f"検算例 {len(all_outcomes)}件、うち不一致 {len(failed)}件")
    return 1 if failed else 0


def _print_failed(outcome: CaseOutcome) -> None:
    print(f"✗ {outcome.case}")
    for mismatch in outcome.mismatches:
        print(f"    {mismatch.what}\n      期待  {mismatch.expected}\n      実際  {mismatch.actual}")
