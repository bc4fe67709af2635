"""One product's prices from one day on, as an actuary writes them (YAML) and as the engine reads them (lookups)."""

from pricing.tariff.load import load_tariff, parse_schema, parse_tariff
from pricing.tariff.product import PricedProduct, PricedProducts, load_priced_product, load_priced_products
from pricing.tariff.questions import Answer, Asked, Known
from pricing.tariff.schema import TableSchema, TariffSchema
from pricing.tariff.score import Certificates, Item, Score
from pricing.tariff.tables import Banded, Crossed, Curve, Exact, Interpolated, Table
from pricing.tariff.tariff import Adjustment, Alternatives, GridPlan, Part, Rule, Step, Tariff, Unavailable

__all__ = [
    "Adjustment",
    "Alternatives",
    "Answer",
    "Asked",
    "Banded",
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
    "Step",
    "Table",
    "TableSchema",
    "Tariff",
    "TariffSchema",
    "Unavailable",
    "load_priced_product",
    "load_priced_products",
    "load_tariff",
    "parse_schema",
    "parse_tariff",
]
