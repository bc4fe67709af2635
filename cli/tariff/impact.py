"""What a tariff would do to a book of requests, before it is published."""

from pathlib import Path
from typing import Annotated

import typer

from cli.errors import exit_on_error
from cli.tariff.app import PRODUCT, Product, app


@app.command()
def impact(  # noqa: PLR0917  # typer takes the options by name
    before: Annotated[str, typer.Argument(metavar="A", help="今の料率表(実施日またはファイル)")],
    after: Annotated[str, typer.Argument(metavar="B", help="比べる料率表(実施日またはファイル)")],
    requests: Annotated[Path | None, typer.Option(help="申込みのファイル(JSON Lines または JSON の配列)")] = None,
    synthetic: Annotated[int, typer.Option(min=1, max=5_000_000, help="模擬の申込みの数")] = 100_000,
    seed: Annotated[int, typer.Option(min=0, help="模擬の申込みを作る種。同じ種なら同じ申込み")] = 1,
    out: Annotated[Path, typer.Option(help="報告書を書くフォルダ")] = Path(),
    rows: Annotated[bool, typer.Option("--rows", help="申込みごとの CSV も書く")] = False,  # noqa: FBT002  # a flag
    product: Product = PRODUCT,
) -> None:
    """同じ申込みを二つの料率表で計算し直し、影響を報告する (re-rate a book under two tariffs).

    読み取れない行があったとき、または標本の照合で違いが見つかったときは 1 で終わる。
    """
    with exit_on_error():
        from cli.tariff.run.impact import measure_impact, report_impact  # noqa: PLC0415  # `--help` stays quick

        measured = measure_impact(before, after, product, requests=requests, synthetic=synthetic, seed=seed)
        raise typer.Exit(report_impact(measured, out, rows=rows))
