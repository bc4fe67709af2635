"""Reads every product, and refuses to start with a broken one: every problem is named at once."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Final, TypeVar

from shared.products.errors import Problem, ProductError
from shared.products.files import check_brochures, check_files
from shared.products.form import INSURERS_ORDER, Form, load_form, load_former_forms
from shared.products.hints import check_hints
from shared.products.product import After, Agency, Insurer, Link, Privacy, Product, Start
from shared.products.schema import ProductSchema
from shared.products.seal import find_seal
from shared.products.source import read_yaml, validate

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
    """The product in *folder*, whose name is its slug; its *parts* are read too. Raises `ProductError`, as above."""
    problems: list[Problem] = []
    if not _SLUG.fullmatch(folder.name):
        problems.append(Problem(folder, 0, folder.name, "a product's folder is called in small letters, digits and -"))
    schema = collected(problems, partial(_read, folder / _PRODUCT))
    version = schema.privacy.version if schema else ""
    form = collected(problems, partial(load_form, folder / "form.yaml", version))
    collected(problems, partial(check_files, folder))
    seal = collected(problems, partial(find_seal, folder))
    if form is not None:
        collected(problems, partial(check_brochures, folder, form))
    if form is not None and schema is not None:
        collected(problems, partial(check_hints, folder / _PRODUCT, schema.hints, form))
        collected(problems, partial(_check_orders, folder / _PRODUCT, schema, form))
    former_forms = collected(problems, partial(load_former_forms, folder / "former-forms", version))
    # Without product.yaml the notices are not known, and every template that uses one would seem wrong.
    if schema is not None:
        for read_part in parts:
            collected(problems, partial(read_part, folder, schema.notices))
    if problems or schema is None or form is None or former_forms is None or seal is None:
        raise ProductError(problems)
    desk = schema.desk.desk()
    return Product(
        slug=folder.name,
        name=schema.name,
        insurers=tuple(Insurer(insurer.name, date.fromisoformat(insurer.since)) for insurer in schema.insurers),
        agency=Agency(**schema.agency.model_dump(exclude_none=True), reply_within=desk.reply_within, seal=seal),
        desk=desk,
        authority=tuple(grant.grant() for grant in schema.authority),
        release=schema.release,
        estimate=schema.estimate,
        labels=schema.labels,
        document_no=schema.document_no,
        notices=dict(schema.notices),
        privacy=Privacy(schema.privacy.version, schema.privacy.text, schema.privacy.url),
        links=tuple(Link(link.label, link.url) for link in schema.links),
        start=Start(tuple(schema.start.about), tuple(schema.start.who)),
        after=After(
            **{
                name: text.replace("{reply_within}", desk.reply_within)
                for name, text in schema.after.model_dump().items()
            }
        ),
        hints=tuple(hint for entry in schema.hints for hint in entry.hints()),
        form=form,
        form_orders=schema.form_orders or {INSURERS_ORDER: 1},
        former_forms=former_forms,
        folder=folder,
    )


def product_folders(extra: Path | None) -> Iterator[Path]:
    """Our products, then those in *extra*; one in *extra* replaces ours of the same name.

    Raises `ProductError` when there is no such folder.
    """
    if extra is not None and not extra.is_dir():
        raise ProductError([Problem(extra, 0, "", "there is no such folder")])
    folders = {path.parent.name: path.parent for path in sorted(OURS.glob(f"*/{_PRODUCT}"))}
    if extra is not None:
        # Also those without a product.yaml: a mistyped file name must be a problem, not a product that is missing.
        folders |= {path.name: path for path in sorted(extra.iterdir()) if path.is_dir() and path.name[0] != "."}
    yield from folders.values()


def _read(path: Path) -> ProductSchema:
    source = read_yaml(path)
    schema = validate(source, ProductSchema)
    late = [
        number for number, (first, second) in enumerate(pairwise(schema.insurers), 1) if second.since <= first.since
    ]
    if late:
        raise ProductError(
            source.problem(("insurers", number, "since"), "is not after the one before") for number in late
        )
    return schema


def _check_orders(path: Path, schema: ProductSchema, form: Form) -> None:
    if unknown := [name for name in schema.form_orders or () if name not in form.orders]:
        source = read_yaml(path)
        raise ProductError(source.problem(("form_orders", name), f"form.yaml has no order {name}") for name in unknown)


def collected(problems: list[Problem], read: Callable[[], Read]) -> Read | None:
    """What *read* returns; None, and its problems added to *problems*, when it fails: other files are still read."""
    try:
        return read()
    except ProductError as error:
        problems += error.problems
        return None
