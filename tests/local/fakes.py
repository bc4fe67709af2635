"""Papers that are made at once, and every letter that the preview shows, composed with them."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from local.sample_letters import CONTACTS, SampleLetter, sample_letters
from services.notify.adapters.products import load_products_with_letters
from services.notify.domain.attachment import FileName, pdf_part
from services.notify.domain.brochure import Brochure
from services.notify.domain.pieces import SharedPiece, joined
from services.notify.domain.quote_document import QuoteDocument
from shared.products import Product

NOON = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
"""Noon in Japan."""


@dataclass(frozen=True)
class PlainPapers:
    async def quote(self, product: Product, document: QuoteDocument, made_at: datetime) -> bytes:
        return f"%PDF-1.7 {product.slug} {document.quote_no} {made_at}".encode()

    def can_print(self, text: str) -> bool:
        return text.isprintable()

    async def brochures(self, product: Product) -> tuple[Brochure, ...]:
        name = FileName("商品のご案内.pdf", "guide.pdf")
        pdf = product.slug.encode()
        return (Brochure("商品のご案内", name, SharedPiece.of(pdf), SharedPiece.of(joined(pdf_part(name, pdf)))),)


@cache
def every_letter() -> dict[str, SampleLetter]:
    """By the case and the name of the letter."""

    async def composed() -> dict[str, SampleLetter]:
        product = load_products_with_letters()["cyber-security"]
        return {
            f"{case} {letter.name}": letter
            for case, contact in CONTACTS.items()
            async for letter in sample_letters(product, contact, PlainPapers(), NOON)
        }

    return asyncio.run(composed())
