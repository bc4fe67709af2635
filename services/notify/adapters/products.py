"""Products with their letters: their templates are checked at the start, before any customer waits for a letter."""

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path

from services.notify.domain.letters import LETTERS
from services.notify.domain.product import ProductWithLetters
from services.notify.domain.quote_document import QuoteDocument
from shared.events import LetterKind
from shared.products import LetterTemplate, check_documents, load_letters, load_products


def load_products_with_letters(extra: Path | None = None) -> dict[str, ProductWithLetters]:
    """The shipped products, and those in *extra*, by slug. Raises `ProductError` with all that is wrong."""
    letters: dict[str, dict[LetterKind, LetterTemplate]] = {}

    def read_letters_of(folder: Path, notices: Mapping[str, str]) -> None:
        letters[folder.name] = read_letters(folder, notices)

    products = load_products(extra, read_letters_of, check_papers)
    return {slug: ProductWithLetters.extending(product, letters=letters[slug]) for slug, product in products.items()}


def read_letters(folder: Path, notices: Mapping[str, str]) -> dict[LetterKind, LetterTemplate]:
    """The letters of the product in *folder*. Raises `ProductError`."""
    return load_letters(folder / "letters", {kind: letter.field_names for kind, letter in LETTERS.items()}, notices)


def check_papers(folder: Path, notices: Mapping[str, str]) -> None:
    """Check the 見積書 and the brochures of the product in *folder*. Raises `ProductError`."""
    check_documents(folder, {"quote": {field.name for field in fields(QuoteDocument)}}, notices)
