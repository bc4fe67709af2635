"""Reads every product, and refuses to start with one that is not whole: all that is wrong is said at once."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Final, TypeVar

from shared.products.documents import check_documents
from shared.products.errors import Problem, ProductError
from shared.products.form import Form, load_form
from shared.products.letters import LetterTemplate, load_letters
from shared.products.product import After, Agency, Insurer, Link, Privacy, Product, Start
from shared.products.sheet import ProductSheet
from shared.products.source import read_sheet, read_yaml
from shared.products.tariff import Tariff, load_tariff
from shared.products.tariff.published import unpublished

OURS: Final = Path(__file__).parent
_PRODUCT: Final = "product.yaml"
_SLUG: Final = re.compile("[a-z][a-z0-9-]*")
Read = TypeVar("Read")


def load_products(extra: Path | None = None) -> dict[str, Product]:
    """The products that come with us, and those in *extra*, by slug. Raises `ProductError`."""
    problems: list[Problem] = []
    products: dict[str, Product] = {}
    if extra is not None and not extra.is_dir():
        raise ProductError([Problem(extra, 0, "", "there is no such folder")])
    for folder in _folders(extra):
        product = _noting(problems, partial(load_product, folder))
        if product is not None:
            products[product.slug] = product
    if problems:
        raise ProductError(problems)
    return products


def load_product(folder: Path) -> Product:
    """The product in *folder*, which has its name. Raises `ProductError` with everything that is wrong."""
    problems: list[Problem] = []
    if not _SLUG.fullmatch(folder.name):
        problems.append(Problem(folder, 0, folder.name, "a product's folder is called in small letters, digits and -"))
    sheet = _noting(problems, partial(_sheet, folder / _PRODUCT))
    version = sheet.privacy.version if sheet else ""
    form = _noting(problems, partial(load_form, folder / "form.yaml", version))
    tariffs = _tariffs(folder / "tariff", form, problems) if form else ()
    letters: dict[str, LetterTemplate] | None = None
    # Without product.yaml nobody knows which notices there are, and every letter would be blamed for it.
    if sheet is not None:
        letters = _noting(problems, partial(load_letters, folder / "letters", sheet.notices))
        _noting(problems, partial(check_documents, folder, sheet.notices))
    if problems or sheet is None or form is None or letters is None:
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
        tariffs=tariffs,
        letters=letters,
        folder=folder,
    )


def _folders(extra: Path | None) -> Iterator[Path]:
    """Our products, then those in *extra*; one of theirs takes the place of ours that has its name."""
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


def _tariffs(folder: Path, form: Form, problems: list[Problem]) -> tuple[Tariff, ...]:
    paths = sorted(folder.glob("*.yaml"))
    if not paths:
        problems.append(Problem(folder, 0, "", "there is no tariff"))
    read = {path.name: _noting(problems, partial(load_tariff, path, form)) for path in paths}
    tariffs = {name: tariff for name, tariff in read.items() if tariff}
    # One that cannot be read has been told of already, and says nothing about what was published.
    if paths and len(tariffs) == len(paths):
        hashes = {name: tariff.sha256 for name, tariff in tariffs.items()}
        problems += _noting(problems, lambda: list(unpublished(folder, hashes))) or ()
    return tuple(sorted(tariffs.values(), key=lambda tariff: tariff.effective))


def _noting(problems: list[Problem], read: Callable[[], Read]) -> Read | None:
    """What *read* reads; nothing, and its *problems* noted, when it cannot: the other files are read all the same."""
    try:
        return read()
    except ProductError as error:
        problems += error.problems
        return None
