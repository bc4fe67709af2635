"""Reads every product, and refuses to start with one that is not whole: all that is wrong is said at once."""

import re
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

from shared.products.errors import Problem, ProductError
from shared.products.form import Form, load_form
from shared.products.letters import LetterTemplate, document_problems, read_letters
from shared.products.product import Agency, Insurer, Privacy, Product
from shared.products.sheet import ProductSheet
from shared.products.source import read_sheet, read_yaml
from shared.products.tariff import Tariff, load_tariff

OURS: Final = Path(__file__).parent
_PRODUCT: Final = "product.yaml"
_SLUG: Final = re.compile("[a-z][a-z0-9-]*")
Read = TypeVar("Read")


def load_products(extra: Path | None = None) -> dict[str, Product]:
    """The products that come with us, and those in *extra*, by slug. Raises `ProductError`."""
    problems: list[Problem] = []
    products: dict[str, Product] = {}
    for folder in _folders(extra, problems):
        product = _noting(problems, partial(load_product, folder))
        if product is not None:
            products[product.slug] = product
    if problems:
        raise ProductError(problems)
    return products


def load_product(folder: Path) -> Product:
    """The product in *folder*, which has its name. Raises `ProductError` with everything that is wrong."""
    problems: list[Problem] = []
    sheet = _noting(problems, partial(_sheet, folder / _PRODUCT))
    version = sheet.privacy.version if sheet else ""
    form = _noting(problems, partial(load_form, folder / "form.yaml", version))
    tariffs = _tariffs(folder / "tariff", form, problems) if form else ()
    letters: dict[str, LetterTemplate] = {}
    # Without product.yaml nobody knows which notices there are, and every letter would be blamed for it.
    if sheet is not None:
        letters, wrong = read_letters(folder / "letters", sheet.notices)
        problems += wrong + document_problems(folder, sheet.notices)
    if problems or sheet is None or form is None:
        raise ProductError(problems)
    return Product(
        slug=folder.name,
        name=sheet.name,
        insurers=tuple(Insurer(one.name, date.fromisoformat(one.since)) for one in sheet.insurers),
        agency=Agency(**sheet.agency.model_dump()),
        release=sheet.release,
        quote_valid_days=sheet.quote_valid_days,
        document_no=sheet.document_no,
        notices=dict(sheet.notices),
        privacy=Privacy(sheet.privacy.version, sheet.privacy.text, sheet.privacy.url),
        form=form,
        tariffs=tariffs,
        letters=letters,
        folder=folder,
    )


def _folders(extra: Path | None, problems: list[Problem]) -> list[Path]:
    """Every folder with a product.yaml, ours first. Two products of one name would hide each other."""
    if extra is not None and not extra.is_dir():
        problems.append(Problem(extra, 0, "", "there is no such folder"))
    found: dict[str, Path] = {}
    for parent in (OURS, *([extra] if extra else [])):
        for file in sorted(parent.glob(f"*/{_PRODUCT}")):
            slug = file.parent.name
            if slug in found:
                problems.append(Problem(file, 0, slug, f"this product is in {found[slug]} already"))
            elif not _SLUG.fullmatch(slug):
                problems.append(Problem(file, 0, slug, "a product's folder is called in small letters, digits and -"))
            else:
                found[slug] = file.parent
    return list(found.values())


def _sheet(path: Path) -> ProductSheet:
    source = read_yaml(path)
    sheet = read_sheet(source, ProductSheet)
    days = [one.since for one in sheet.insurers]
    if days != sorted(set(days)):
        raise ProductError([source.problem(("insurers",), "must be in the order of their dates, one a day")])
    return sheet


def _tariffs(folder: Path, form: Form, problems: list[Problem]) -> tuple[Tariff, ...]:
    paths = sorted(folder.glob("*.yaml"))
    if not paths:
        problems.append(Problem(folder, 0, "", "there is no tariff"))
    tariffs = [_noting(problems, partial(load_tariff, path, form)) for path in paths]
    return tuple(sorted((one for one in tariffs if one), key=lambda tariff: tariff.effective))


def _noting(problems: list[Problem], read: Callable[[], Read]) -> Read | None:
    """What *read* reads; nothing, and its *problems* noted, when it cannot: the other files are read all the same."""
    try:
        return read()
    except ProductError as error:
        problems += error.problems
        return None
