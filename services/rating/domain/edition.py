"""The tariff and form that price a quote, kept as text, so that it can be computed again years later (ADR 0009)."""

from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from pricing.tariff import Tariff, parse_tariff
from shared.products import Form, Product
from shared.products.form import parse_form
from shared.products.source import parse_yaml


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """A tariff and the form that it was checked against, both as text. `id` is a hash of the two texts."""

    id: str
    product: str
    tariff: str
    tariff_text: str
    form_text: str


@dataclass(frozen=True, slots=True)
class Pricing:
    """A loaded tariff, and the edition that keeps its texts."""

    edition: Edition
    tariff: Tariff


def pricing_under(product: Product, tariff: Tariff, form_version: str) -> Pricing:
    """What prices answers to that version of the form: the worksheet has its words, and its choices are known.

    Today's form where the product does not have that version. Raises `ProductError` when *tariff* does not fit the
    form.
    """
    form = product.form_of(form_version) or product.form
    edition = edition_of(product, tariff, form)
    return Pricing(edition, tariff if tariff.form_version == form.version else tariff_in(edition))


def edition_of(product: Product, tariff: Tariff, form: Form) -> Edition:
    """The edition of *tariff* with that *form*."""
    texts = (tariff.text, form.text)
    # The length separates the two, so that no other pair of texts has this hash.
    digest = sha256(b"".join(f"{len(text)}:{text}".encode() for text in texts)).hexdigest()
    return Edition(id=digest, product=product.slug, tariff=tariff.id, tariff_text=tariff.text, form_text=form.text)


@lru_cache(maxsize=16)
def tariff_in(edition: Edition) -> Tariff:
    """The tariff of *edition*, from its texts alone. Raises `ProductError` when this version cannot read them."""
    return parse_tariff(parse_yaml(Path(f"{edition.tariff}.yaml"), edition.tariff_text.encode()), form_in(edition))


@lru_cache(maxsize=16)
def form_in(edition: Edition) -> Form:
    """The form of *edition*, from its text alone. Raises `ProductError` when this version cannot read it."""
    return parse_form(parse_yaml(Path("form.yaml"), edition.form_text.encode()), "")
