"""Finds the product and the tariff that a command names."""

from datetime import date

from cli.tariff.app import extra_products
from pricing.actuary.tariff_file import load_tariff_file
from pricing.engine.in_force import in_force
from pricing.tariff import PricedProduct, Tariff, load_priced_products
from shared.clock import JST, utc_now
from shared.errors import Invalid


def find_product(slug: str) -> PricedProduct:
    """The product called *slug*. Raises `Invalid`, or `ProductError` when a product must not be used."""
    products = load_priced_products(extra_products(), in_preparation=True)
    if slug not in products:
        raise Invalid(f"商品「{slug}」がありません。次のいずれかを指定してください: {'、'.join(products)}")
    return products[slug]


def tariff_or_in_force(name: str | None, product: PricedProduct) -> Tariff:
    """The tariff called *name*; without a name the one that prices a request today. Raises `Invalid`."""
    if name is None:
        tariff = in_force(product.tariffs, today_in_japan())
        if tariff is None:
            raise Invalid("本日有効な料率表がありません。")
        return tariff
    return load_tariff_file(name, product).tariff


def tariff_names(names: list[str] | None, product: PricedProduct) -> list[str]:
    """*names*, or all published tariffs."""
    return names or [tariff.id for tariff in product.tariffs]


def today_in_japan() -> date:
    """The date that decides which tariff is in force."""
    return utc_now().astimezone(JST).date()
