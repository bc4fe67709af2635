"""The workbook itself: sheets that a person likes to work in, and the file as it was, out of sight."""

import json
from collections.abc import Iterator, Sequence
from hashlib import sha256
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any, Final
from unicodedata import east_asian_width

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell as ExcelCell
from openpyxl.cell.cell import MergedCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import IllegalCharacterError
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from pricing.actuary.excel.tabs import Column, Row, Tab
from pricing.actuary.excel.values import FIGURE, WHOLE, Cell, as_text, plain
from shared.errors import Invalid

HEADER: Final = 3
"""The row that the columns' names stand in."""

_ORIGINAL: Final = "_original"
_FORMAT: Final = "mitsumori tariff 1"
_LONGEST: Final = 32_767
_SEARCHED: Final = 20
_INK, _PAPER, _YELLOW, _GREY, _DIM = "FF1F3A5F", "FFFFFFFF", "FFFFF9DB", "FFF1F3F5", "FF5B6570"
_RULE: Final = Side(style="thin", color="FFD0D5DB")
_BORDER: Final = Border(left=_RULE, right=_RULE, top=_RULE, bottom=_RULE)
_LINE_POINTS: Final = 15

Grid = Sequence[tuple[int, Sequence[Any]]]
"""Rows of a sheet with their numbers; each cell is openpyxl's."""


def write(tabs: Sequence[tuple[Tab, Sequence[Row]]], content: bytes) -> bytes:
    """A workbook of *tabs* that remembers *content*. Raises `Invalid` when a cell cannot hold what it should."""
    book = Workbook()
    book.remove(book.worksheets[0])
    try:
        for tab, rows in tabs:
            _write(book.create_sheet(tab.title), tab, rows)
        _remember(book.create_sheet(_ORIGINAL), content)
    except IllegalCharacterError:
        raise Invalid("Excel に書けない制御文字が料率表にあります。") from None
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _cell(sheet: Worksheet, row: int, column: int) -> ExcelCell:
    found = sheet.cell(row, column)
    if isinstance(found, MergedCell):  # nothing is merged here; only the types say that something could be
        raise TypeError(found.coordinate)
    return found


def _write(sheet: Worksheet, tab: Tab, rows: Sequence[Row]) -> None:
    for at, text, font in ((1, tab.title, Font(bold=True, size=14, color=_INK)), (2, tab.about, Font(color=_DIM))):
        _text(_cell(sheet, at, 1), text)
        _cell(sheet, at, 1).font = font
    for number, column in enumerate(tab.columns, start=1):
        head = _cell(sheet, HEADER, number)
        _text(head, column.name)
        head.font, head.fill = Font(bold=True, color=_PAPER), PatternFill("solid", fgColor=_INK)
        head.alignment, head.border = Alignment(vertical="center", wrap_text=True), _BORDER
        sheet.column_dimensions[get_column_letter(number)].width = column.width
    for at, row in enumerate(rows, start=HEADER + 1):
        for number, (column, value) in enumerate(zip(tab.columns, row, strict=True), start=1):
            _write_cell(_cell(sheet, at, number), tab, row, column, value)
    _make_room(sheet, tab, rows)
    keys = sum(column.is_key for column in tab.columns)
    sheet.freeze_panes = f"{get_column_letter(keys + 1)}{HEADER + 1}"
    sheet.print_title_rows = f"{HEADER}:{HEADER}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _write_cell(cell: ExcelCell, tab: Tab, row: Row, column: Column, value: Cell) -> None:
    kind = column.kind_in(row)
    is_told = kind is None or (column.is_key and tab.is_fixed)
    cell.border = _BORDER
    cell.fill = PatternFill("solid", fgColor=_GREY if is_told else _YELLOW)
    cell.font = Font(color=_DIM if is_told else "FF000000", bold=column.is_key)
    if isinstance(value, int):
        cell.value = value
        cell.number_format = "#,##0"
    elif value != "":
        _text(cell, value)
    if kind is FIGURE:
        # As text, so that neither Excel nor anybody's locale makes another figure of it.
        cell.number_format = "@"
    is_number = kind in {FIGURE, WHOLE}
    cell.alignment = Alignment(
        horizontal="right" if is_number else "left", vertical="top", wrap_text=not is_number and not column.is_key
    )


def _make_room(sheet: Worksheet, tab: Tab, rows: Sequence[Row]) -> None:
    """Not every program does so by itself for what is broken into lines."""
    sheet.row_dimensions[1].height = 1.5 * _LINE_POINTS
    for at, row in enumerate([[column.name for column in tab.columns], *rows], start=HEADER):
        lines = (_lines(str(value), column.width) for column, value in zip(tab.columns, row, strict=True))
        sheet.row_dimensions[at].height = _LINE_POINTS * max(lines)


def _lines(text: str, width: int) -> int:
    """How many lines of *width* digits *text* takes at most; a word may leave some of a line empty."""
    taken = sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)
    return 1 if taken <= width else 1 + taken * 10 // (width * 9)


def _text(cell: ExcelCell, value: str) -> None:
    """Text that stays text: never a formula, whatever it begins with."""
    if len(value) > _LONGEST:
        raise Invalid(f"{cell.coordinate}: Excel のセルに入らない長さの文があります。")
    cell.value = value
    cell.data_type = "s"
    if value.startswith(("=", "+", "-", "@")):
        cell.number_format = "@"


def _remember(sheet: Worksheet, content: bytes) -> None:
    """The file, a line to a cell, each in quotes so that no spreadsheet can change a space or a sign in it."""
    lines = (json.dumps(line, ensure_ascii=False) for line in content.decode().split("\n"))
    for number, line in enumerate((_FORMAT, sha256(content).hexdigest(), *lines), start=1):
        _text(_cell(sheet, number, 1), line)
    sheet.sheet_state = "veryHidden"


class Book:
    """A workbook as it came back."""

    def __init__(self, path: Path) -> None:
        """Raises `Invalid` when it is not one of ours."""
        try:
            book = load_workbook(BytesIO(path.read_bytes()), read_only=True)
            self._sheets = {sheet.title: list(enumerate(sheet.iter_rows(), start=1)) for sheet in book.worksheets}
            book.close()
        except OSError as error:
            raise Invalid(f"{path}: ファイルを読めません({error.strerror or error})。") from None
        except Exception:  # noqa: BLE001  openpyxl raises whatever the broken part of a file makes it stumble over
            raise Invalid(f"{path}: Excel ファイル(.xlsx)として読めません。") from None
        self._path = path

    def original(self) -> bytes:
        """The tariff that the workbook was made of. Raises `Invalid` when it is not there, or not as it was."""
        cells = [as_text(row[0].value) if row else "" for _, row in self._sheets.get(_ORIGINAL, [])]
        if cells[:1] != [_FORMAT]:
            raise Invalid(f"{self._path}: `mitsumori tariff export` で作った Excel ではありません。")
        try:
            content = "\n".join(str(json.loads(line)) for line in cells[2:]).encode()
        except ValueError:
            content = b""
        if sha256(content).hexdigest() != cells[1]:
            raise Invalid(f"{self._path}: 隠しシートの原本が書き換えられています。もう一度 export してください。")
        return content

    def read(self, tab: Tab) -> "Found":
        """What stands on a sheet, and all that is wrong there."""
        found = Found(tab)
        grid = self._sheets.get(tab.title)
        head = None if grid is None else _header(grid, tab)
        if grid is None or head is None:
            found.complain("シートがありません" if grid is None else f"{HEADER}行目の見出しが変わっています")
            return found
        at, places = head
        found.places = places
        for number, cells in islice(grid, at, None):
            typed = [cells[place - 1] if place <= len(cells) else None for place in places]
            if any(_is_filled(cell) for cell, column in zip(typed, tab.columns, strict=True) if column.kind):
                found.take(number, typed)
        return found


class Found:
    """The rows of one sheet, each with its number in Excel, and the complaints about them."""

    def __init__(self, tab: Tab) -> None:
        self.tab = tab
        self.places: Sequence[int] = range(1, len(tab.columns) + 1)
        self.numbers: list[int] = []
        self.rows: list[Row] = []
        self.complaints: list[str] = []
        self._seen: dict[Row, int] = {}

    def take(self, number: int, typed: Sequence[Any]) -> None:
        """Read one row."""
        row: list[Cell] = []
        before = len(self.complaints)
        for at, column in enumerate(self.tab.columns):
            try:
                row.append(_read(typed[at], row, column))
            except ValueError as error:
                self.complain(str(error), number, at)
                row.append("")
        key = tuple(cell for cell, column in zip(row, self.tab.columns, strict=True) if column.is_key)
        if len(self.complaints) > before:
            return
        if key in self._seen:
            self.complain(f"同じ行が {self._seen[key]}行目にもあります", number, 0)
            return
        self._seen[key] = number
        self.numbers.append(number)
        self.rows.append(tuple(row))

    def complain(self, text: str, number: int | None = None, at: int = 0) -> None:
        """Say what is wrong, with the cell where there is one."""
        self.complaints.append(f"{self.address(number, at)}: {text}")

    def address(self, number: int | None = None, at: int = 0) -> str:
        """A cell, or the sheet, as a person finds it."""
        sheet = f"シート「{self.tab.title}」"
        return sheet if number is None else f"{sheet}{get_column_letter(self.places[at])}{number}"

    def settle(self, had: Sequence[Row]) -> None:
        """Hold the rows to what the sheet allows; *had* are those that were exported."""
        keys = [self._key(row) for row in had]
        if not self.rows and had and not self.complaints:
            self.complain("少なくとも1行必要です")
        if not self.tab.is_fixed or self.complaints:
            return
        for key in set(keys) - self._seen.keys():
            self.complain(f"「{key[0]}」の行がありません")
        for key in self._seen.keys() - set(keys):
            self.complain(f"「{key[0]}」という行は加えられません", self._seen[key])
        order = sorted(
            range(len(self.rows)), key=lambda one: keys.index(key) if (key := self._key(self.rows[one])) in keys else 0
        )
        self.rows, self.numbers = [self.rows[one] for one in order], [self.numbers[one] for one in order]

    def compare(self, written: Sequence[Row]) -> Iterator[str]:
        """Every cell that the file would not hold as it was given."""
        found = {self._key(row): row for row in written}
        for number, given in zip(self.numbers, self.rows, strict=True):
            row = found.pop(self._key(given), None)
            for at, column in enumerate(self.tab.columns):
                kind = column.kind_in(given)
                if kind is not None and (row is None or not kind.is_same(row[at], given[at])):
                    yield f"{self.address(number, at)}: このとおりには書き込めません"
        if found:
            yield f"{self.address()}: 行を書き込めません"

    def _key(self, row: Row) -> Row:
        return tuple(cell for cell, column in zip(row, self.tab.columns, strict=True) if column.is_key)


def _header(grid: Grid, tab: Tab) -> tuple[int, list[int]] | None:
    """After how many rows the figures begin, and in which column each thing stands."""
    for at, (_, cells) in enumerate(grid[:_SEARCHED], start=1):
        names = [plain(as_text(cell.value)) for cell in cells]
        if all(plain(column.name) in names for column in tab.columns):
            return at, [names.index(plain(column.name)) + 1 for column in tab.columns]
    return None


def _is_filled(cell: Any) -> bool:  # noqa: ANN401  openpyxl's cell, or none
    return cell is not None and as_text(cell.value) != ""


def _read(cell: Any, before: Sequence[Cell], column: Column) -> Cell:  # noqa: ANN401  as above
    kind = column.kind_in(before)
    if kind is None:
        return ""
    if not _is_filled(cell):
        if column.is_optional:
            return ""
        raise ValueError(f"「{column.name}」がありません")
    if cell.data_type in {"f", "e"}:
        raise ValueError("数式は使えません。値に置き換えてください")
    return kind.read(cell.value)
