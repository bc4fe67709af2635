"""A tariff as a workbook, and back: without an edit the same bytes, with one only the lines that it is about."""

from pricing.actuary.excel.export_tariff import export_tariff
from pricing.actuary.excel.import_tariff import ImportedTariff, import_tariff

__all__ = ["ImportedTariff", "export_tariff", "import_tariff"]
