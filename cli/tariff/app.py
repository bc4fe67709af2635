"""The commands put together, and what they all take."""

from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from pricing.tariff import PricedProduct

app = typer.Typer(help="料率表 (tariffs: check, compare, measure, edit)", no_args_is_help=True)

PRODUCT = "cyber-security"

_FURTHER: ContextVar[Path | None] = ContextVar("further product folders", default=None)


@app.callback()
def where(
    context: typer.Context,
    products: Annotated[
        Path | None, typer.Option(envvar="MITSUMORI_PRODUCTS", help="追加の商品フォルダ (further product folders)")
    ] = None,
) -> None:
    """料率表 (tariffs: check, compare, measure, edit)."""
    before = _FURTHER.set(products)
    context.call_on_close(lambda: _FURTHER.reset(before))


def product_named(slug: str) -> "PricedProduct":
    """The product called *slug*. Raises `Invalid`, or `ProductError` when the products are not whole."""
    from pricing.tariff import load_priced_products  # noqa: PLC0415  # `--help` stays quick
    from shared.errors import Invalid  # noqa: PLC0415  # `--help` stays quick

    products = load_priced_products(_FURTHER.get())
    if slug not in products:
        raise Invalid(f"商品「{slug}」がありません。次のいずれかを指定してください: {'、'.join(products)}")
    return products[slug]


def today(product: "PricedProduct") -> str:
    """The id of the tariff that prices a request today. Raises `Invalid` when none does."""
    from pricing.engine.in_force import in_force  # noqa: PLC0415  # `--help` stays quick
    from shared.clock import JST, utc_now  # noqa: PLC0415  # `--help` stays quick
    from shared.errors import Invalid  # noqa: PLC0415  # `--help` stays quick

    tariff = in_force(product.tariffs, utc_now().astimezone(JST).date())
    if tariff is None:
        raise Invalid("本日有効な料率表がありません。")
    return tariff.id
