"""One product's prices from one day on, as an actuary writes them (YAML) and as the engine reads them (lookups)."""

from shared.products.tariff.load import load_tariff
from shared.products.tariff.questions import Answer, Asked, Known
from shared.products.tariff.tables import Certificates, Curve, Exact, Interpolated, Score, Table
from shared.products.tariff.tariff import Adjustment, Part, Rule, Step, Tariff

__all__ = [
    "Adjustment",
    "Answer",
    "Asked",
    "Certificates",
    "Curve",
    "Exact",
    "Interpolated",
    "Known",
    "Part",
    "Rule",
    "Score",
    "Step",
    "Table",
    "Tariff",
    "load_tariff",
]
