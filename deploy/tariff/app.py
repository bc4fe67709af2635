"""The commands put together, and what they all take."""

import typer

from shared.products import Product

app = typer.Typer(help="料率表 (tariffs: check, compare, measure, edit)", no_args_is_help=True)

PRODUCT = "cyber-security"


def product_named(slug: str) -> Product:
    """The product called *slug*. Raises `Invalid`, or `ProductError` when the products are not whole."""
    from shared.errors import Invalid  # noqa: PLC0415  # `--help` stays quick
    from shared.products import load_products  # noqa: PLC0415  # `--help` stays quick

    products = load_products()
    if slug not in products:
        raise Invalid(f"商品「{slug}」がありません。次のいずれかを指定してください: {'、'.join(products)}")
    return products[slug]
