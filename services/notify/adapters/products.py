"""Products with their letters: their templates are checked at the start, before any customer waits for a letter."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Final

from services.notify.domain.letters import LETTERS
from services.notify.domain.message import MAX_BYTES
from services.notify.domain.product import ProductWithLetters
from services.notify.domain.quote_document import QuoteDocument
from shared.events import LetterKind
from shared.products import Problem, ProductError, brochure_files, load_products
from shared.products.documents import check_documents
from shared.products.letters import LetterTemplate, load_letters
from shared.products.load import collected

_END: Final = 1024
"""In so many bytes at the end stands the %%EOF of a PDF (ISO 32000-1, annex H.3, note 18)."""
_MOST_BYTES: Final = MAX_BYTES * 6 // 10
"""Base64 makes four bytes of three, and our own brochures and the text need room too."""


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
    problems = list(_unusable(folder))
    quote = {"quote": {field.name for field in fields(QuoteDocument)}}
    collected(problems, lambda: check_documents(folder, quote, notices))
    if problems:
        raise ProductError(problems)


def _unusable(folder: Path) -> Iterator[Problem]:
    """What is wrong with the ready PDFs, which are enclosed as they are."""
    ready = {path: path.read_bytes() for path in brochure_files(folder) if path.suffix == ".pdf"}
    for path, content in ready.items():
        if not (content.startswith(b"%PDF-") and b"%%EOF" in content[-_END:]):
            yield Problem(path, 0, "", "is no whole PDF")
    if sum(map(len, ready.values())) > _MOST_BYTES:
        yield Problem(folder / "brochures", 0, "", f"these PDFs are too big for a mail: {_MOST_BYTES:,} bytes together")
