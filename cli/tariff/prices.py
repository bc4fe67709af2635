"""What a tariff charges: compared with premiums that are known, and at a glance."""

from pathlib import Path
from typing import Annotated

import typer

from cli.errors import exit_on_error
from cli.tariff.app import PRODUCT, AsJson, Product, app

InForce = Annotated[str | None, typer.Option("--tariff", help="実施日またはファイル。省略時は本日有効な料率表")]


@app.command()
def compare(
    points: Annotated[Path, typer.Argument(help="比較する保険料の CSV")],
    tariff: InForce = None,
    product: Product = PRODUCT,
    as_json: AsJson = False,  # noqa: FBT002  # a flag
) -> None:
    """既知の保険料と比べ、誤差を示す (predicted premiums against known ones; exit 1 when one is referred)."""
    with exit_on_error():
        from cli.tariff.run.compare import run_compare  # noqa: PLC0415  # `--help` stays quick

        raise typer.Exit(run_compare(points, tariff, product, as_json=as_json))


@app.command()
def table(  # noqa: PLR0917  # one option for each term of the cover; typer takes them by name
    tariff: Annotated[str | None, typer.Argument(help="実施日またはファイル。省略時は本日有効な料率表")] = None,
    plan: Annotated[str, typer.Option(help="プラン")] = "basic",
    liability_limit: Annotated[int, typer.Option(help="賠償損害の支払限度額(円)")] = 100_000_000,
    cost_limit: Annotated[int, typer.Option(help="費用損害の支払限度額(円)")] = 30_000_000,
    liability_deductible: Annotated[int, typer.Option(help="賠償損害の免責金額(円)")] = 100_000,
    cost_deductible: Annotated[int, typer.Option(help="費用損害の免責金額(円)")] = 0,
    riders: Annotated[str, typer.Option(help="特約(; 区切り)")] = "",
    score: Annotated[str, typer.Option(help="告知の評点(0から1)")] = "0.5",
    product: Product = PRODUCT,
    as_csv: Annotated[bool, typer.Option("--csv", help="CSV で出力する")] = False,  # noqa: FBT002  # a flag
) -> None:
    """業種・売上高ごとの保険料の一覧 (premiums by industry and turnover)."""
    with exit_on_error():
        from cli.tariff.run.table import run_table  # noqa: PLC0415  # `--help` stays quick

        terms: dict[str, str | int] = {
            "plan": plan,
            "liability_limit": liability_limit,
            "cost_limit": cost_limit,
            "liability_deductible": liability_deductible,
            "cost_deductible": cost_deductible,
        }
        run_table(tariff, product, terms, riders=riders, score=score, print_csv=as_csv)
