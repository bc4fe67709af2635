"""`mitsumori tariff compare`."""

from pathlib import Path

from rich.console import Console

from cli.tariff.run.output import new_table, print_json, short_yen
from cli.tariff.run.products import find_product, tariff_or_in_force
from pricing.actuary.compare import ComparedPoint, Comparison, compare_points, read_points

COLUMNS = ("行", "業種", "売上高", "賠償/費用", "特約", "評点", "保険料", "計算値", "誤差")
NUMBERS = tuple(name for name in COLUMNS if name not in ("業種", "特約"))


def run_compare(points: Path, tariff: str | None, product: str, *, as_json: bool) -> int:
    """Print each point with its prediction; the exit code."""
    compared_with = tariff_or_in_force(tariff, find_product(product))
    comparison = compare_points(read_points(points, compared_with), compared_with)
    if as_json:
        print_json(comparison.as_json())
    else:
        _print_comparison(comparison, compared_with.id)
    return 1 if comparison.referred else 0


def _print_comparison(comparison: Comparison, tariff: str) -> None:
    table = new_table(f"料率表 {tariff} と既知の保険料", *COLUMNS, right=NUMBERS)
    for row in comparison.rows:
        table.add_row(*_cells(row))
    Console().print(table)
    worst = comparison.worst
    if worst is not None:
        print(f"最大の誤差: {worst.error_percent:+}%({worst.point.line}行目)、{len(comparison.rows)}件")
    if comparison.referred:
        print(f"保険料を計算できない行: {comparison.referred}件")


def _cells(row: ComparedPoint) -> tuple[str, ...]:
    point, error = row.point, row.error_percent
    limits = (short_yen(int(point.terms[key])) for key in ("liability_limit", "cost_limit"))
    return (
        str(point.line),
        str(point.terms["industry"]),
        short_yen(int(point.terms["turnover"]) * 1_000),
        "/".join(limits),
        point.riders.replace("rider_", ""),
        f"{point.score}",
        "" if point.premium is None else f"{point.premium:,}",
        ", ".join(reason.code for reason in row.reasons) if row.predicted is None else f"{row.predicted:,}",
        "" if error is None else f"{error:+}%",
    )
