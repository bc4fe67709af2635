"""Reads every product, and refuses to start with one that is not whole: all that is wrong is said at once."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Final, TypeVar

from shared.products.errors import Problem, ProductError
from shared.products.form import load_form
from shared.products.product import After, Agency, Insurer, Link, Privacy, Product, Start
from shared.products.sheet import ProductSheet
from shared.products.source import read_sheet, read_yaml

OURS: Final = Path(__file__).parent
_PRODUCT: Final = "product.yaml"
_SLUG: Final = re.compile("[a-z][a-z0-9-]*")
Read = TypeVar("Read")
ReadPart = Callable[[Path, Mapping[str, str]], object]
"""Reads what only one service needs of a product, given its folder and notices. Raises `ProductError`."""


def load_products(extra: Path | None = None, *parts: ReadPart) -> dict[str, Product]:
    """The products that come with us, and those in *extra*, by slug; their *parts* are read too.

    Raises `ProductError` with everything that is wrong.
    """
    problems: list[Problem] = []
    products: dict[str, Product] = {}
    for folder in product_folders(extra):
        product = collected(problems, partial(load_product, folder, *parts))
        if product is not None:
            products[product.slug] = product
    if problems:
        raise ProductError(problems)
    return products


def load_product(folder: Path, *parts: ReadPart) -> Product:
    """The product in *folder*, which has its name; its *parts* are read too. Raises `ProductError`, as above."""
    problems: list[Problem] = []
    if not _SLUG.fullmatch(folder.name):
        problems.append(Problem(folder, 0, folder.name, "a product's folder is called in small letters, digits and -"))
    sheet = collected(problems, partial(_sheet, folder / _PRODUCT))
    version = sheet.privacy.version if sheet else ""
    form = collected(problems, partial(load_form, folder / "form.yaml", version))
    # Without product.yaml nobody knows which notices there are, and every template would be blamed for it.
    if sheet is not None:
        for read_part in parts:
            collected(problems, partial(read_part, folder, sheet.notices))
    if problems or sheet is None or form is None:
        raise ProductError(problems)
    return Product(
        slug=folder.name,
        name=sheet.name,
        insurers=tuple(Insurer(one.name, date.fromisoformat(one.since)) for one in sheet.insurers),
        agency=Agency(**sheet.agency.model_dump()),
        release=sheet.release,
        document_no=sheet.document_no,
        notices=dict(sheet.notices),
        privacy=Privacy(sheet.privacy.version, sheet.privacy.text, sheet.privacy.url),
        links=tuple(Link(one.label, one.url) for one in sheet.links),
        start=Start(tuple(sheet.start.about), tuple(sheet.start.who)),
        after=After(**sheet.after.model_dump()),
        form=form,
        folder=folder,
    )


def product_folders(extra: Path | None) -> Iterator[Path]:
    """Our products, then those in *extra*; one of theirs takes the place of ours that has its name.

    Raises `ProductError` when there is no such folder.
    """
    if extra is not None and not extra.is_dir():
        raise ProductError([Problem(extra, 0, "", "there is no such folder")])
    found = {path.parent.name: path.parent for path in sorted(OURS.glob(f"*/{_PRODUCT}"))}
    if extra is not None:
        # Without a product.yaml, too: a product must not be missing from the shop because a file's name is mistyped.
        found |= {path.name: path for path in sorted(extra.iterdir()) if path.is_dir() and path.name[0] != "."}
    yield from found.values()


def _sheet(path: Path) -> ProductSheet:
    source = read_yaml(path)
    sheet = read_sheet(source, ProductSheet)
    late = [number for number, (one, next_one) in enumerate(pairwise(sheet.insurers), 1) if next_one.since <= one.since]
    if late:
        raise ProductError(
            source.problem(("insurers", number, "since"), "is not after the one before") for number in late
        )
    return sheet


def collected(problems: list[Problem], read: Callable[[], Read]) -> Read | None:
    """What *read* reads; nothing, and its *problems* noted, when it cannot: the other files are read all the same."""
    try:
        return read()
    except ProductError as error:
        problems += error.problems
        return None
