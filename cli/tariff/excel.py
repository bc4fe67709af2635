"""A tariff as a workbook, for those who would rather not edit YAML."""

from pathlib import Path
from typing import Annotated

import typer

from cli.errors import exit_on_error
from cli.tariff.app import PRODUCT, Product, app

Force = Annotated[bool, typer.Option("--force", help="同じ名前のファイルがあれば上書きする")]


@app.command("export")
def export_workbook(
    tariff: Annotated[str, typer.Argument(help="料率表の実施日またはファイル")],
    out: Annotated[Path, typer.Argument(help="書き出す Excel ファイル(.xlsx)")],
    product: Product = PRODUCT,
    force: Force = False,  # noqa: FBT002  # a flag
) -> None:
    """料率表を Excel に書き出す (a tariff as a workbook; figures stay exact)."""
    with exit_on_error():
        from cli.tariff.run.excel import run_export  # noqa: PLC0415  # `--help` stays quick

        run_export(tariff, out, product, force=force)


@app.command("import")
def import_workbook(
    workbook: Annotated[Path, typer.Argument(help="export で作り、編集した Excel ファイル")],
    out: Annotated[Path, typer.Argument(help="書き込む料率表(実施日.yaml)")],
    product: Product = PRODUCT,
    force: Force = False,  # noqa: FBT002  # a flag
) -> None:
    """Excel で編集した料率表を YAML に戻す (only what was edited changes; a broken tariff is not written)."""
    with exit_on_error():
        from cli.tariff.run.excel import run_import  # noqa: PLC0415  # `--help` stays quick

        run_import(workbook, out, product, force=force)
