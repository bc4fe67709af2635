"""The rows of one sheet as they came back, each with its number in Excel, and the complaints about them."""

from collections.abc import Iterator, Sequence
from typing import Any

from openpyxl.utils import get_column_letter

from pricing.actuary.excel.cell_kinds import Cell
from pricing.actuary.excel.cell_text import as_text
from pricing.actuary.excel.layouts import Column, Row, SheetLayout


class SheetRows:
    """The rows that could be read, `numbers` their rows in Excel, and all that is wrong."""

    def __init__(self, layout: SheetLayout) -> None:
        self.layout = layout
        self.column_numbers: Sequence[int] = range(1, len(layout.columns) + 1)
        self.numbers: list[int] = []
        self.rows: list[Row] = []
        self.complaints: list[str] = []
        self._number_by_key: dict[Row, int] = {}

    def add(self, number: int, typed: Sequence[Any]) -> None:
        """Read one row. *typed* are openpyxl's cells, one for each column; None where there is none."""
        row: list[Cell] = []
        complaints_before = len(self.complaints)
        for index, column in enumerate(self.layout.columns):
            try:
                row.append(_read(typed[index], row, column))
            except ValueError as error:
                self.complain(str(error), number, index)
                row.append("")
        if len(self.complaints) > complaints_before:
            return
        key = self._key(tuple(row))
        if key in self._number_by_key:
            self.complain(f"同じ行が {self._number_by_key[key]}行目にもあります", number, 0)
            return
        self._number_by_key[key] = number
        self.numbers.append(number)
        self.rows.append(tuple(row))

    def complain(self, text: str, number: int | None = None, index: int = 0) -> None:
        """Note what is wrong, with the cell where there is one."""
        self.complaints.append(f"{self.address(number, index)}: {text}")

    def address(self, number: int | None = None, index: int = 0) -> str:
        """A cell, or the sheet, as a person finds it."""
        sheet = f"シート「{self.layout.title}」"
        return sheet if number is None else f"{sheet}{get_column_letter(self.column_numbers[index])}{number}"

    def check_keys(self, exported: Sequence[Row]) -> None:
        """Hold the rows to what the sheet allows, and put those of a fixed sheet into the order of *exported*."""
        keys = [self._key(row) for row in exported]
        if not self.rows and exported and not self.complaints:
            self.complain("少なくとも1行必要です")
        if not self.layout.is_fixed or self.complaints:
            return
        for key in set(keys) - self._number_by_key.keys():
            self.complain(f"「{key[0]}」の行がありません")
        for key in self._number_by_key.keys() - set(keys):
            self.complain(f"「{key[0]}」という行は加えられません", self._number_by_key[key])
        positions = {key: position for position, key in enumerate(keys)}
        order = sorted(range(len(self.rows)), key=lambda index: positions.get(self._key(self.rows[index]), 0))
        self.rows, self.numbers = [self.rows[index] for index in order], [self.numbers[index] for index in order]

    def differences(self, written: Sequence[Row]) -> Iterator[str]:
        """A complaint for every cell that the file would not hold as it was given."""
        written_by_key = {self._key(row): row for row in written}
        for number, given in zip(self.numbers, self.rows, strict=True):
            row = written_by_key.pop(self._key(given), None)
            for index, column in enumerate(self.layout.columns):
                kind = column.kind_in(given)
                if kind is not None and (row is None or not kind.is_same(row[index], given[index])):
                    yield f"{self.address(number, index)}: このとおりには書き込めません"
        if written_by_key:
            yield f"{self.address()}: 行を書き込めません"

    def _key(self, row: Row) -> Row:
        return tuple(cell for cell, column in zip(row, self.layout.columns, strict=True) if column.is_key)


def is_filled(cell: Any) -> bool:  # noqa: ANN401  openpyxl's cell, or none
    """Whether anything is typed there."""
    return cell is not None and as_text(cell.value) != ""


def _read(cell: Any, before: Sequence[Cell], column: Column) -> Cell:  # noqa: ANN401  as above
    kind = column.kind_in(before)
    if kind is None:
        return ""
    if not is_filled(cell):
        if column.is_optional:
            return ""
        raise ValueError(f"「{column.name}」がありません")
    if cell.data_type in {"f", "e"}:
        raise ValueError("数式は使えません。値に置き換えてください")
    return kind.read(cell.value)
