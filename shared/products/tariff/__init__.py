"""One product's prices from one day on, as an actuary writes them (YAML) and as the engine reads them (lookups)."""

from shared.products.tariff.load import load_tariff, sheet_of, tariff_of
from shared.products.tariff.questions import Answer, Asked, Known
from shared.products.tariff.sheet import Sheet, TableSheet
from shared.products.tariff.tables import Banded, Certificates, Crossed, Curve, Exact, Interpolated, Item, Score, Table
from shared.products.tariff.tariff import Adjustment, Beside, GridPlan, Part, Rule, Step, Tariff, Unavailable

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
    "Rule",
    "Score",
    "Sheet",
    "Step",
    "Table",
    "TableSheet",
    "Tariff",
    "Unavailable",
    "load_tariff",
    "sheet_of",
    "tariff_of",
]
