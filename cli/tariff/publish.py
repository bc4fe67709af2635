"""From a draft to a tariff that prices requests."""

from pathlib import Path
from typing import Annotated

import typer

from cli.errors import exit_on_error
from cli.tariff.app import PRODUCT, Product, app


@app.command()
def publish(
    draft: Annotated[
        Path, typer.Argument(help="料率表のファイル(実施日.yaml)。検算例は、その隣の golden/ の同じ名前のファイル")
    ],
    product: Product = PRODUCT,
) -> None:
    """検査と検算例に合格した料率表を商品に加える。以後は変更できない (take a tariff in, for good)."""
    with exit_on_error():
        from cli.tariff.run.publish import run_publish  # noqa: PLC0415  # `--help` stays quick

        run_publish(draft, product)
