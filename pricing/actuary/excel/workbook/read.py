"""Reads a workbook that came back."""

from collections.abc import Sequence
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any, Final

from openpyxl import load_workbook

from pricing.actuary.excel.cell_text import as_text, normalized
from pricing.actuary.excel.layouts import SheetLayout
from pricing.actuary.excel.workbook.original import ORIGINAL_TITLE, read_original
from pricing.actuary.excel.workbook.rows import SheetRows, is_filled
from pricing.actuary.excel.workbook.write import HEADER_ROW
from shared.errors import Invalid

_ROWS_SEARCHED: Final = 20
"""The header is looked for in this many rows: somebody may have inserted some above it."""

Grid = Sequence[tuple[int, Sequence[Any]]]
"""Rows of a sheet with their numbers; each cell is openpyxl's."""


class ReturnedWorkbook:
    """A workbook of ours, perhaps edited."""

    def __init__(self, path: Path) -> None:
        """Raises `Invalid` when it cannot be read."""
        try:
            book = load_workbook(BytesIO(path.read_bytes()), read_only=True)
            self._sheets = {sheet.title: list(enumerate(sheet.iter_rows(), start=1)) for sheet in book.worksheets}
            book.close()
        except OSError as error:
            raise Invalid(f"{path}: ファイルを読めません({error.strerror or error})。") from None
        except Exception:  # noqa: BLE001  openpyxl raises all kinds of errors, whatever part of the file is broken
            raise Invalid(f"{path}: Excel ファイル(.xlsx)として読めません。") from None
        self._path = path

    def original(self) -> bytes:
        """The tariff that it was made of. Raises `Invalid` when it is not there, or not as it was."""
        cells = [as_text(row[0].value) if row else "" for _, row in self._sheets.get(ORIGINAL_TITLE, [])]
        try:
            return read_original(cells)
        except Invalid as error:
            raise Invalid(f"{self._path}: {error}") from None

    def read(self, layout: SheetLayout) -> SheetRows:
        """What is on a sheet, and all that is wrong there."""
        sheet = SheetRows(layout)
        grid = self._sheets.get(layout.title)
        if grid is None:
            sheet.complain("シートがありません")
            return sheet
        header = _find_header(grid, layout)
        if header is None:
            sheet.complain(f"{HEADER_ROW}行目の見出しが変わっています")
            return sheet
        rows_above, sheet.column_numbers = header
        for number, cells in islice(grid, rows_above, None):
            typed = [cells[column - 1] if column <= len(cells) else None for column in sheet.column_numbers]
            if any(is_filled(cell) for cell, column in zip(typed, layout.columns, strict=True) if column.kind):
                sheet.add(number, typed)
        return sheet


def _find_header(grid: Grid, layout: SheetLayout) -> tuple[int, list[int]] | None:
    """After how many rows the figures begin, and in which column each of the layout's columns is."""
    for number, (_, cells) in enumerate(grid[:_ROWS_SEARCHED], start=1):
        names = [normalized(as_text(cell.value)) for cell in cells]
        if all(normalized(column.name) in names for column in layout.columns):
            return number, [names.index(normalized(column.name)) + 1 for column in layout.columns]
    return None
