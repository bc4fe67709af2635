"""A tariff as a workbook."""

from pathlib import Path

from pricing.actuary.excel.layouts import SheetLayout
from pricing.actuary.excel.lossless_yaml.parse import parse_tree
from pricing.actuary.excel.lossless_yaml.tree import Tree
from pricing.actuary.excel.plan import plan_sheets
from pricing.actuary.excel.workbook.write import write_workbook
from pricing.tariff import parse_schema
from pricing.tariff.questions import priceable_questions
from shared.products import Product
from shared.products.source import parse_yaml


def export_tariff(path: Path, product: Product) -> bytes:
    """The workbook of the tariff in *path*. Raises `Invalid`, or `ProductError` when it is no tariff."""
    content = path.read_bytes()
    tree, layouts = read_tariff(path, content, product)
    return write_workbook([(layout, layout.rows(tree)) for layout in layouts], content)


def read_tariff(path: Path, content: bytes, product: Product) -> tuple[Tree, list[SheetLayout]]:
    """*content* as a tree, and the sheets of its workbook; *path* only names it. Raises the same."""
    source = parse_yaml(path, content)
    tree = parse_tree(source)
    return tree, plan_sheets(tree, parse_schema(source), priceable_questions(product.form))
