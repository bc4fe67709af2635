"""Cells of openpyxl, written so that text stays text."""

from typing import Final

from openpyxl.cell.cell import Cell as ExcelCell
from openpyxl.cell.cell import MergedCell
from openpyxl.worksheet.worksheet import Worksheet

from shared.errors import Invalid

LONGEST_TEXT: Final = 32_767
"""What a cell of Excel holds."""


def cell_at(sheet: Worksheet, row: int, column: int) -> ExcelCell:
    """That cell, both counted from 1."""
    cell = sheet.cell(row, column)
    if isinstance(cell, MergedCell):  # nothing is merged here; only the types allow for it
        raise TypeError(cell.coordinate)
    return cell


def set_text(cell: ExcelCell, text: str) -> None:
    """Text that stays text: never a formula, whatever it begins with. Raises `Invalid` when it is too long."""
    if len(text) > LONGEST_TEXT:
        raise Invalid(f"{cell.coordinate}: Excel のセルに入らない長さの文があります。")
    cell.value = text
    cell.data_type = "s"
    if text.startswith(("=", "+", "-", "@")):
        cell.number_format = "@"
