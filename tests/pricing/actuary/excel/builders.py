"""Workbooks of the shipped tariff, edited as an actuary edits them."""

import difflib
from collections.abc import Callable
from datetime import datetime
from functools import cache
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from pricing.actuary.excel import export_tariff, import_tariff
from pricing.tariff import TariffSchema, parse_schema
from shared.errors import Invalid
from shared.products.source import parse_yaml
from tests.pricing.builders import PRODUCT

FOLDER = PRODUCT.folder / "tariff"
NAME = "2026-10-01.yaml"
SHIPPED = FOLDER / NAME

INDUSTRY = "業種別の基本保険料"
CURVE = "売上高"
LIMITS = "賠償損害の支払限度額"
CROSSED = "プランと情報漏えい限定補償特約"
WEIGHTS = "配点 controls"
RULES = "査定ルール"

Edit = Callable[[Workbook], object]
Typed = str | float | datetime | None


@cache
def _untouched() -> bytes:
    return export_tariff(SHIPPED, PRODUCT)


class EditedWorkbook:
    """A workbook of the shipped tariff, or of *original*."""

    def __init__(self, folder: Path, original: bytes | None = None) -> None:
        self.source = folder / "source" / NAME
        self.source.parent.mkdir(exist_ok=True)
        self.source.write_bytes(SHIPPED.read_bytes() if original is None else original)
        self.path = folder / "review.xlsx"
        self.path.write_bytes(export_tariff(self.source, PRODUCT) if original else _untouched())

    def edit(self, edit: Edit) -> "EditedWorkbook":
        book = load_workbook(self.path)
        edit(book)
        book.save(self.path)
        return self

    def imported(self, name: str = NAME) -> bytes:
        return import_tariff(self.path, name, PRODUCT).after

    def changes(self, name: str = NAME) -> list[str]:
        before, after = (content.decode().split("\n") for content in (self.source.read_bytes(), self.imported(name)))
        return [line for line in difflib.ndiff(before, after) if line[0] in "+-"]

    def refusal(self, name: str = NAME) -> list[str]:
        with pytest.raises(Invalid) as refused:
            self.imported(name)
        return str(refused.value).splitlines()


def row_of(sheet: Worksheet, *keys: object) -> int:
    for row in sheet.iter_rows(min_row=4):
        if tuple(cell.value for cell in row[: len(keys)]) == keys:
            return row[0].row or 0
    raise AssertionError(keys)


def put(title: str, keys: tuple[object, ...], column: str, value: Typed) -> Edit:
    """Type *value* into the row that begins with *keys*."""

    def edit(book: Workbook) -> None:
        sheet = book[title]
        names = [cell.value for cell in sheet[3]]
        sheet.cell(row_of(sheet, *keys), names.index(column) + 1).value = value

    return edit


def insert(title: str, before: tuple[object, ...], *cells: object) -> Edit:
    """Type *cells* into a new row above the one that begins with *before*."""

    def edit(book: Workbook) -> None:
        sheet = book[title]
        number = row_of(sheet, *before)
        sheet.insert_rows(number)
        for column, value in enumerate(cells, start=1):
            sheet.cell(number, column).value = value  # type: ignore[assignment]  # whatever a person types

    return edit


def delete(title: str, *keys: object) -> Edit:
    """Delete the row that begins with *keys*."""

    def edit(book: Workbook) -> None:
        book[title].delete_rows(row_of(book[title], *keys))

    return edit


def schema_in(content: bytes) -> TariffSchema:
    """A tariff's content by the grammar alone."""
    return parse_schema(parse_yaml(Path(NAME), content))
