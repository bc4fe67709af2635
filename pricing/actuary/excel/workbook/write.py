"""Writes a workbook whose sheets a person likes to work in."""

from collections.abc import Sequence
from io import BytesIO
from typing import Final
from unicodedata import east_asian_width

from openpyxl import Workbook
from openpyxl.cell.cell import Cell as ExcelCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import IllegalCharacterError
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from pricing.actuary.excel.cell_kinds import FIGURE, WHOLE, Cell
from pricing.actuary.excel.layouts import Column, Row, SheetLayout
from pricing.actuary.excel.workbook.cells import cell_at, set_text
from pricing.actuary.excel.workbook.original import ORIGINAL_TITLE, write_original
from shared.errors import Invalid

HEADER_ROW: Final = 3
"""The row with the columns' names."""

_INK, _PAPER, _YELLOW, _GREY, _DIM = "FF1F3A5F", "FFFFFFFF", "FFFFF9DB", "FFF1F3F5", "FF5B6570"
_RULE: Final = Side(style="thin", color="FFD0D5DB")
_BORDER: Final = Border(left=_RULE, right=_RULE, top=_RULE, bottom=_RULE)
_LINE_POINTS: Final = 15


def write_workbook(sheets: Sequence[tuple[SheetLayout, Sequence[Row]]], content: bytes) -> bytes:
    """A workbook of *sheets* that keeps *content*. Raises `Invalid` when a cell cannot hold what it should."""
    book = Workbook()
    book.remove(book.worksheets[0])
    try:
        for layout, rows in sheets:
            _write_sheet(book.create_sheet(layout.title), layout, rows)
        write_original(book.create_sheet(ORIGINAL_TITLE), content)
    except IllegalCharacterError:
        raise Invalid("Excel に書けない制御文字が料率表にあります。") from None
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _write_sheet(sheet: Worksheet, layout: SheetLayout, rows: Sequence[Row]) -> None:
    title, about = cell_at(sheet, 1, 1), cell_at(sheet, 2, 1)
    set_text(title, layout.title)
    title.font = Font(bold=True, size=14, color=_INK)
    set_text(about, layout.about)
    about.font = Font(color=_DIM)
    _write_header(sheet, layout)
    for row_number, row in enumerate(rows, start=HEADER_ROW + 1):
        for number, (column, value) in enumerate(zip(layout.columns, row, strict=True), start=1):
            _write_cell(cell_at(sheet, row_number, number), layout, row, column, value)
    _set_heights(sheet, layout, rows)
    keys = sum(column.is_key for column in layout.columns)
    sheet.freeze_panes = f"{get_column_letter(keys + 1)}{HEADER_ROW + 1}"
    sheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _write_header(sheet: Worksheet, layout: SheetLayout) -> None:
    for number, column in enumerate(layout.columns, start=1):
        head = cell_at(sheet, HEADER_ROW, number)
        set_text(head, column.name)
        head.font, head.fill = Font(bold=True, color=_PAPER), PatternFill("solid", fgColor=_INK)
        head.alignment, head.border = Alignment(vertical="center", wrap_text=True), _BORDER
        sheet.column_dimensions[get_column_letter(number)].width = column.width


def _write_cell(cell: ExcelCell, layout: SheetLayout, row: Row, column: Column, value: Cell) -> None:
    kind = column.kind_in(row)
    is_read_only = kind is None or (column.is_key and layout.is_fixed)
    cell.border = _BORDER
    cell.fill = PatternFill("solid", fgColor=_GREY if is_read_only else _YELLOW)
    cell.font = Font(color=_DIM if is_read_only else "FF000000", bold=column.is_key)
    if isinstance(value, int):
        cell.value = value
        cell.number_format = "#,##0"
    elif value != "":
        set_text(cell, value)
    if kind is FIGURE:
        # As text, so that neither Excel nor anybody's locale makes another figure of it.
        cell.number_format = "@"
    is_number = kind in {FIGURE, WHOLE}
    cell.alignment = Alignment(
        horizontal="right" if is_number else "left", vertical="top", wrap_text=not is_number and not column.is_key
    )


def _set_heights(sheet: Worksheet, layout: SheetLayout, rows: Sequence[Row]) -> None:
    """Not every program makes a row higher by itself when the text in it is broken into lines."""
    sheet.row_dimensions[1].height = 1.5 * _LINE_POINTS
    for number, row in enumerate([[column.name for column in layout.columns], *rows], start=HEADER_ROW):
        lines = (_lines(str(value), column.width) for column, value in zip(layout.columns, row, strict=True))
        sheet.row_dimensions[number].height = _LINE_POINTS * max(lines)


def _lines(text: str, width: int) -> int:
    """How many lines of *width* digits *text* needs at most; a word may leave some of a line empty."""
    needed = sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
    return 1 if needed <= width else 1 + needed * 10 // (width * 9)
