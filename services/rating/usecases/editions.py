"""What prices a quote, as it is kept beside it: once in text, and once compiled from that text alone (ADR 0009)."""

from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from pricing.tariff import Tariff, tariff_of
from services.rating.ports import Edition
from shared.products import Product
from shared.products.form import form_of
from shared.products.source import source_of


def edition_of(product: Product, tariff: Tariff) -> Edition:
    """The edition that *tariff* prices by, read against the product's form of today."""
    texts = (tariff.text, product.form.text)
    # The length parts the two, so that no other pair of texts has this hash.
    name = sha256(b"".join(f"{len(text)}:{text}".encode() for text in texts)).hexdigest()
    return Edition(name, product.slug, tariff.id, *texts)


@lru_cache(maxsize=16)
def tariff_in(edition: Edition) -> Tariff:
    """The tariff of *edition*, from its texts. Raises `ProductError` when this version of ours cannot read them."""
    form = form_of(source_of(Path("form.yaml"), edition.form_text.encode()), "")
    return tariff_of(source_of(Path(f"{edition.tariff}.yaml"), edition.tariff_text.encode()), form)
