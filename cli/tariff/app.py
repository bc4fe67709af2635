"""The group `mitsumori tariff`, and the options that its commands share."""

from contextvars import ContextVar
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="料率表 (tariffs: check, compare, measure, edit)", no_args_is_help=True)

PRODUCT = "cyber-security"
Product = Annotated[str, typer.Option("--product", help="商品 (product)")]
AsJson = Annotated[bool, typer.Option("--json", help="結果を JSON で出力する")]

_EXTRA_PRODUCTS: ContextVar[Path | None] = ContextVar("folder of further products", default=None)


@app.callback()
def group_options(
    context: typer.Context,
    products: Annotated[
        Path | None, typer.Option(envvar="MITSUMORI_PRODUCTS", help="追加の商品フォルダ (further product folders)")
    ] = None,
) -> None:
    """料率表 (tariffs: check, compare, measure, edit)."""
    before = _EXTRA_PRODUCTS.set(products)
    context.call_on_close(lambda: _EXTRA_PRODUCTS.reset(before))


def extra_products() -> Path | None:
    """The folder given with `--products`, for the command that runs now."""
    return _EXTRA_PRODUCTS.get()
