"""`mitsumori tariff compare`: known premiums beside those that a tariff charges."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cli.errors import exit_on_error
from cli.options import AsJson
from cli.tariff.app import PRODUCT, Product
from cli.tariff.output import new_table, print_json, short_yen
from cli.tariff.products import find_product, tariff_or_in_force
from pricing.actuary.compare import ComparedPoint, Comparison, compare_points, read_points

COLUMNS = ("行", "業種", "売上高", "賠償/費用", "特約", "評点", "保険料", "計算値", "誤差")
NUMBERS = tuple(name for name in COLUMNS if name not in ("業種", "特約"))


@exit_on_error()
def compare(
    points: Annotated[Path, typer.Argument(help="比較する保険料の CSV")],
    tariff: Annotated[
        str | None, typer.Option("--tariff", help="実施日またはファイル。省略時は本日有効な料率表")
    ] = None,
    product: Product = PRODUCT,
    as_json: AsJson = False,  # noqa: FBT002  # a flag
) -> None:
    """既知の保険料と比べ、誤差を示す (predicted premiums against known ones; exit 1 when one is referred)."""
    compared_with = tariff_or_in_force(tariff, find_product(product))
    comparison = compare_points(read_points(points, compared_with), compared_with)
    if as_json:
        print_json(comparison.as_json())
    else:
        _print_comparison(comparison, compared_with.id)
    raise typer.Exit(1 if comparison.referred else 0)


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
