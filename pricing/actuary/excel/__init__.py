"""A tariff as a workbook, and back: without an edit the same bytes, with one just the lines that it is about."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pricing.actuary.excel.book import Book, Found, write
from pricing.actuary.excel.lossless import Tree, tree_of
from pricing.actuary.excel.plan import tabs_of
from pricing.actuary.excel.tabs import Tab
from pricing.tariff import parse_schema, parse_tariff
from pricing.tariff.questions import priceable_questions
from shared.errors import Invalid
from shared.products import Product
from shared.products.errors import Problem, ProductError
from shared.products.source import Source, parse_yaml


def exported(path: Path, product: Product) -> bytes:
    """The workbook of the tariff in *path*. Raises `Invalid`, or `ProductError` when it is no tariff."""
    content = path.read_bytes()
    tree, tabs = _opened(path, content, product)
    return write([(tab, tab.rows(tree)) for tab in tabs], content)


@dataclass(frozen=True, slots=True)
class Imported:
    """A tariff out of a workbook, and the one that the workbook was made of."""

    before: bytes
    after: bytes


def imported(workbook: Path, name: str, product: Product) -> Imported:
    """The tariff in *workbook*, to be called *name*. Raises `Invalid` with everything that is wrong, cell by cell."""
    book = Book(workbook)
    before = book.original()
    tree, tabs = _opened(Path(name), before, product)
    sheets = [book.read(tab) for tab in tabs]
    for sheet in sheets:
        sheet.settle(sheet.tab.rows(tree))
    _refuse([complaint for sheet in sheets for complaint in sheet.complaints])
    for sheet in sheets:
        sheet.tab.put(sheet.rows, tree)
    after = tree.text().encode()
    _check(after, name, sheets, product)
    return Imported(before, after)


def _opened(path: Path, content: bytes, product: Product) -> tuple[Tree, list[Tab]]:
    source = parse_yaml(path, content)
    tree = tree_of(source)
    return tree, tabs_of(tree, parse_schema(source), priceable_questions(product.form))


def _check(content: bytes, name: str, sheets: Sequence[Found], product: Product) -> None:
    """Hold what would be written to what the workbook says, and to everything that a tariff must be."""
    source = parse_yaml(Path(name), content)
    tree = tree_of(source)
    _refuse([complaint for sheet in sheets for complaint in sheet.compare(sheet.tab.rows(tree))])
    cells = _cells(source, sheets)
    day = source.data["tariff"]
    complaints = []
    if name != f"{day}.yaml":
        complaints.append(f"{cells['tariff']}: 実施日が {day} なので、ファイル名は {day}.yaml としてください({name})")
    try:
        parse_tariff(parse_yaml(Path(f"{day}.yaml"), content), product.form)
    except ProductError as error:
        complaints += [_said(problem, cells) for problem in error.problems]
    _refuse(complaints)


def _cells(source: Source, sheets: Sequence[Found]) -> dict[str, str]:
    """Where in the workbook everything in the file stands; a figure before its key, and a cell before its sheet."""
    cells: dict[str, str] = {}
    for sheet in sheets:
        columns = sorted(enumerate(sheet.tab.columns), key=lambda one: one[1].is_key or one[1].is_optional)
        for number, row in zip(sheet.numbers, sheet.rows, strict=True):
            places = sheet.tab.places(row)
            for at, column in columns:
                if column.kind is not None:
                    cells.setdefault(source.name_of(places[at]), sheet.address(number, at))
    for sheet in sheets:
        cells.setdefault(source.name_of(sheet.tab.place), sheet.address())
    return cells


def _said(problem: Problem, cells: dict[str, str]) -> str:
    name = problem.key
    while name and name not in cells:
        name = name.rpartition(".")[0]
    return f"{cells[name]}: {problem.key}: {problem.message}" if name else f"{problem.key}: {problem.message}"


def _refuse(complaints: Sequence[str]) -> None:
    if complaints:
        raise Invalid("\n".join(complaints))
