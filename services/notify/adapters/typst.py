"""The PDFs of letters: the 見積書 and the brochures, from the templates in each product's folder."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from services.notify.domain.message import Attachment
from services.notify.domain.quote_document import QuoteDocument
from services.notify.ports import Brochure
from shared.products import FONTS, Product
from shared.runtime.typst import Show, Typesetter


class TypstPapers:
    """`Papers`, set with Typst from each product's own templates."""

    def __init__(self, now: Callable[[], datetime], fonts: Path = FONTS) -> None:
        self._typesetter = Typesetter(fonts)
        self._now = now
        self._brochures: dict[str, tuple[Brochure, ...]] = {}

    async def quote(self, product: Product, document: QuoteDocument, made_at: datetime) -> bytes:
        template = product.folder / "documents" / "quote.typ"

        def fill(show: Show) -> dict[str, Any]:
            return {**product.about, **asdict(document), **_from_outside(document, show)}

        return await self._typesetter.pdf(template, product.folder, fill, made_at)

    async def brochures(self, product: Product) -> tuple[Brochure, ...]:
        """Made once, at the first call."""
        if product.slug not in self._brochures:
            templates = sorted((product.folder / "brochures").glob("*.typ"))
            self._brochures[product.slug] = tuple([await self._brochure(product, template) for template in templates])
        return self._brochures[product.slug]

    async def _brochure(self, product: Product, template: Path) -> Brochure:
        content = await self._typesetter.pdf(template, product.folder, lambda _show: product.about, self._now())
        title = await self._typesetter.title(template, product.folder, product.about)
        return Brochure(title, Attachment(f"{product.slug}-{template.stem}.pdf", content))


def _from_outside(document: QuoteDocument, show: Show) -> dict[str, Any]:
    """What the customer typed, and what came in events: texts that no check at the start has seen."""
    return {
        "company": show(document.company),
        "department": show(document.department),
        "person": show(document.person),
        "hints": [(show(advice), saves) for advice, saves in document.hints],
        "declared": [(show(question), show(answer)) for question, answer in document.declared],
    }
