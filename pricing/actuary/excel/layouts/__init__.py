"""The kinds of sheet in the workbook: which cells there are, where in the file each is, and how it is put back."""

from pricing.actuary.excel.layouts.crossed import CrossedLayout
from pricing.actuary.excel.layouts.entries import EntriesLayout
from pricing.actuary.excel.layouts.layout import Column, DerivedText, Row, SheetLayout
from pricing.actuary.excel.layouts.records import RecordsLayout
from pricing.actuary.excel.layouts.single_values import SingleValue, SingleValuesLayout
from pricing.actuary.excel.layouts.steps import StepsLayout

__all__ = [
    "Column",
    "CrossedLayout",
    "DerivedText",
    "EntriesLayout",
    "RecordsLayout",
    "Row",
    "SheetLayout",
    "SingleValue",
    "SingleValuesLayout",
    "StepsLayout",
]
