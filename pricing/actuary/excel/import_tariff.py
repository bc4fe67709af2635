"""An edited workbook as a tariff: without an edit the same bytes, with one only the lines that it is about."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pricing.actuary.excel.export_tariff import read_tariff
from pricing.actuary.excel.lossless_yaml.parse import parse_tree
from pricing.actuary.excel.workbook.read import ReturnedWorkbook
from pricing.actuary.excel.workbook.rows import SheetRows
from pricing.tariff import parse_tariff
from shared.errors import Invalid
from shared.products import Product
from shared.products.errors import Problem, ProductError
from shared.products.source import Source, parse_yaml


@dataclass(frozen=True, slots=True)
class ImportedTariff:
    """A tariff out of a workbook, and the one that the workbook was made of."""

    before: bytes
    after: bytes


def import_tariff(workbook: Path, name: str, product: Product) -> ImportedTariff:
    """The tariff in *workbook*, to be called *name*. Raises `Invalid` with everything that is wrong, cell by cell."""
    book = ReturnedWorkbook(workbook)
    before = book.original()
    tree, layouts = read_tariff(Path(name), before, product)
    sheets = [book.read(layout) for layout in layouts]
    for sheet in sheets:
        sheet.check_keys(sheet.layout.rows(tree))
    _refuse([complaint for sheet in sheets for complaint in sheet.complaints])
    for sheet in sheets:
        sheet.layout.put(sheet.rows, tree)
    after = tree.text().encode()
    _check(after, name, sheets, product)
    return ImportedTariff(before, after)


def _check(content: bytes, name: str, sheets: Sequence[SheetRows], product: Product) -> None:
    """Hold what would be written to what the workbook has, and to everything that a tariff must be."""
    source = parse_yaml(Path(name), content)
    tree = parse_tree(source)
    _refuse([complaint for sheet in sheets for complaint in sheet.differences(sheet.layout.rows(tree))])
    _refuse(list(_tariff_complaints(source, content, sheets, product)))


def _tariff_complaints(source: Source, content: bytes, sheets: Sequence[SheetRows], product: Product) -> Iterator[str]:
    cells = _cells(source, sheets)
    day, name = source.data["tariff"], source.path.name
    if name != f"{day}.yaml":
        yield f"{cells['tariff']}: 実施日が {day} なので、ファイル名は {day}.yaml としてください({name})"
    try:
        parse_tariff(parse_yaml(Path(f"{day}.yaml"), content), product.form)
    except ProductError as error:
        yield from (_with_cell(problem, cells) for problem in error.problems)


def _cells(source: Source, sheets: Sequence[SheetRows]) -> dict[str, str]:
    """The cell of every entry of the file; a figure's own rather than its key's, and a cell rather than its sheet."""
    cells: dict[str, str] = {}
    for sheet in sheets:
        columns = sorted(
            enumerate(sheet.layout.columns), key=lambda numbered: numbered[1].is_key or numbered[1].is_optional
        )
        for number, row in zip(sheet.numbers, sheet.rows, strict=True):
            places = sheet.layout.places(row)
            for index, column in columns:
                if column.kind is not None:
                    cells.setdefault(source.name_of(places[index]), sheet.address(number, index))
    for sheet in sheets:
        cells.setdefault(source.name_of(sheet.layout.place), sheet.address())
    return cells


def _with_cell(problem: Problem, cells: dict[str, str]) -> str:
    """*problem* with its cell, or with the nearest one around it."""
    name = problem.key
    while name and name not in cells:
        name = name.rpartition(".")[0]
    return f"{cells[name]}: {problem.key}: {problem.message}" if name else f"{problem.key}: {problem.message}"


def _refuse(complaints: Sequence[str]) -> None:
    if complaints:
        raise Invalid("\n".join(complaints))
