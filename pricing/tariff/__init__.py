"""One product's prices from one day on, as an actuary writes them (YAML) and as the engine reads them (lookups)."""

from pricing.tariff.load import load_tariff, sheet_of, tariff_of
from pricing.tariff.product import PricedProduct, PricedProducts, load_priced_product, load_priced_products
from pricing.tariff.questions import Answer, Asked, Known
from pricing.tariff.sheet import Sheet, TableSheet
from pricing.tariff.tables import Banded, Certificates, Crossed, Curve, Exact, Interpolated, Item, Score, Table
from pricing.tariff.tariff import Adjustment, Beside, GridPlan, Part, Rule, Step, Tariff, Unavailable

__all__ = [
    "Adjustment",
    "Answer",
    "Asked",
    "Banded",
    "Beside",
    "Certificates",
    "Crossed",
    "Curve",
    "Exact",
    "GridPlan",
    "Interpolated",
    "Item",
    "Known",
    "Part",
    "PricedProduct",
    "PricedProducts",
    "Rule",
    "Score",
    "Sheet",
    "Step",
    "Table",
    "TableSheet",
    "Tariff",
    "Unavailable",
    "load_priced_product",
    "load_priced_products",
    "load_tariff",
    "sheet_of",
    "tariff_of",
]
