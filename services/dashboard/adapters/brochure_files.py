"""The ready PDFs in the products' folders, by their hash: what a letter enclosed is only shown if it is the same."""

import asyncio
from collections.abc import Iterable
from hashlib import sha256

from shared.products import Product, brochure_files


class BrochureFiles:
    """`Brochures`. The folders are read once: an update of a product starts a new process."""

    def __init__(self, products: Iterable[Product]) -> None:
        files = (path for product in products for path in brochure_files(product.folder) if path.suffix == ".pdf")
        self._paths = {sha256(path.read_bytes()).hexdigest(): path for path in files}

    def has(self, sha256: str) -> bool:
        return sha256 in self._paths

    async def content(self, sha256: str) -> bytes:
        return await asyncio.to_thread(self._paths[sha256].read_bytes)
