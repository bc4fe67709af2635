"""The ready PDFs in the products' folders, by their hash: what a letter enclosed is only shown if it is the same."""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from unicodedata import normalize

from shared.products import Product, brochure_files


class BrochureFiles:
    """`Brochures`. The folders are read once: an update of a product starts a new process."""

    def __init__(self, products: Iterable[Product]) -> None:
        self._of = {product.slug: dict(_ready(product)) for product in products}
        self._paths = {found: path for files in self._of.values() for found, path in files.items()}

    def of(self, product: str) -> Sequence[tuple[str, str]]:
        # A ready PDF is called in Japanese, as its readers see it.
        return [(normalize("NFC", path.stem), found) for found, path in self._of.get(product, {}).items()]

    def has(self, sha256: str) -> bool:
        return sha256 in self._paths

    async def content(self, sha256: str) -> bytes:
        return await asyncio.to_thread(self._paths[sha256].read_bytes)


def _ready(product: Product) -> Iterator[tuple[str, Path]]:
    for path in brochure_files(product.folder):
        if path.suffix == ".pdf":
            yield sha256(path.read_bytes()).hexdigest(), path
