"""Products with their letters: their templates are checked at the start, before any customer waits for a letter."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from functools import partial
from pathlib import Path
from typing import Final

from services.notify.domain.brochure import ENCLOSED_BYTES, LINKED_BYTES
from services.notify.domain.letters import LETTERS
from services.notify.domain.product import ProductWithLetters
from services.notify.domain.quote_document import QuoteDocument
from shared.events import LetterKind
from shared.products import Problem, ProductError, brochure_files, load_products
from shared.products.documents import check_documents
from shared.products.letters import LetterTemplate, load_letters
from shared.products.load import collected

_END: Final = 1024
"""In so many bytes at the end stands the %%EOF of a PDF (ISO 32000-1, annex H.3, note 18)."""
_LINKS: Final = {
    "linked": "brochures that are too big for a mail would be with nobody",
    "news_url": "nobody could stop the news that the form offers",
}
"""The fields of a receipt with links, and what would be without each."""


def load_products_with_letters(
    extra: Path | None = None, *, with_links: bool | None = False
) -> dict[str, ProductWithLetters]:
    """The shipped products, and those in *extra*, by slug. Raises `ProductError` with all that is wrong.

    *with_links*: mails may have links to brochures that are too big for them, and to where news are stopped.
    None: whether they have is not known, and what depends on it is not looked at.
    """
    letters: dict[str, dict[LetterKind, LetterTemplate]] = {}

    def read_letters_of(folder: Path, notices: Mapping[str, str]) -> None:
        letters[folder.name] = read_letters(folder, notices)

    products = load_products(extra, read_letters_of, partial(check_papers, with_links=with_links))
    return {slug: ProductWithLetters.extending(product, letters=letters[slug]) for slug, product in products.items()}


def read_letters(folder: Path, notices: Mapping[str, str]) -> dict[LetterKind, LetterTemplate]:
    """The letters of the product in *folder*. Raises `ProductError`."""
    return load_letters(folder / "letters", {kind: letter.field_names for kind, letter in LETTERS.items()}, notices)


def check_papers(folder: Path, notices: Mapping[str, str], *, with_links: bool | None = False) -> None:
    """Check the 見積書 and the brochures of the product in *folder*. Raises `ProductError`."""
    problems = [*_unusable(folder)]
    if with_links is not None:
        problems += _unlinkable(folder) if with_links else _too_big(folder)
    quote = {"quote": {field.name for field in fields(QuoteDocument)}}
    collected(problems, lambda: check_documents(folder, quote, notices))
    if problems:
        raise ProductError(problems)


def _unusable(folder: Path) -> Iterator[Problem]:
    """What is wrong with the ready PDFs, which are enclosed as they are."""
    for path in _ready(folder):
        content = path.read_bytes()
        if not (content.startswith(b"%PDF-") and b"%%EOF" in content[-_END:]):
            yield Problem(path, 0, "", "is no whole PDF")


def _too_big(folder: Path) -> Iterator[Problem]:
    if sum(path.stat().st_size for path in _ready(folder)) > ENCLOSED_BYTES:
        message = (
            f"these PDFs are too big for a mail: {ENCLOSED_BYTES:,} bytes together; make them smaller, or set"
            " MITSUMORI_BROCHURES_URL, so that mails have links to them (docs/papers.md)"
        )
        yield Problem(folder / "brochures", 0, "", message)


def _unlinkable(folder: Path) -> Iterator[Problem]:
    for path in _ready(folder):
        if path.stat().st_size > LINKED_BYTES:
            yield Problem(path, 0, "", f"is too big to be downloaded: {LINKED_BYTES:,} bytes")
    receipt = folder / "letters" / "receipt.txt"
    # A receipt that cannot be read is named by whoever reads the letters.
    text = receipt.read_text("utf-8", "replace") if receipt.is_file() else None
    for field, without in _LINKS.items():
        if text is not None and field not in text:
            yield Problem(receipt, 0, field, f"is not used: {without}")


def _ready(folder: Path) -> list[Path]:
    return [path for path in brochure_files(folder) if path.suffix == ".pdf"]
