"""The PDFs of letters: the 見積書 and the brochures, from the templates in each product's folder."""

import asyncio
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from services.notify.domain.attachment import pdf_part, titled_file_name
from services.notify.domain.brochure import Brochure
from services.notify.domain.offer import ChangedTerm, Cover
from services.notify.domain.pieces import SharedPiece, joined
from services.notify.domain.premium_table import PremiumTable, TableCell, TableRow
from services.notify.domain.quote_document import NamedOption, QuoteDocument
from shared.fields import fields_of
from shared.products import Product, brochure_files
from shared.products.documents import FONTS
from shared.qr_code import qr_code
from shared.runtime.typst import Compiler, Show, Typesetter

_COVER: Final = Cover(label="見本", basis="見本", limit="1億円", deductible="なし")
_OPTION: Final = NamedOption(
    name="見本", limits=("1億円", "1億円"), deductibles=("なし", "なし"), premium="0", is_head=True
)
_SPECIMEN: Final = QuoteDocument(
    quote_no="見本",
    insurer="見本",
    issued_on="見本",
    expires_on="見本",
    company="見本",
    department="見本",
    person="見本",
    industry="見本",
    turnover="見本",
    plan="見本",
    riders=("見本",),
    fixed_premium=True,
    covers=(_COVER,),
    premium="0",
    is_manual=True,
    changes=(ChangedTerm(term="見本", requested="見本", offered="見本", why="見本"),),
    options=(_OPTION,),
    boards=(
        PremiumTable(
            title="見本", columns=("見本",), lines=(TableRow("見本", (TableCell(text="0", is_head=True),)),), notes=()
        ),
    ),
    hints=(("見本", "0円"),),
    declared=(("見本", "見本"),),
    check_url="https://form.example.jp/",
    check_code=qr_code("https://form.example.jp/"),
)
"""Has something in every place, so that every line of a template is tried."""


class TypstPapers:
    """`Papers`, set with Typst from each product's own templates."""

    def __init__(self, now: Callable[[], datetime], compiler: Compiler, fonts: Path = FONTS) -> None:
        self._typesetter = Typesetter(fonts, compiler)
        self._now = now
        self._brochures: dict[str, tuple[Brochure, ...]] = {}

    async def quote(self, product: Product, document: QuoteDocument, made_at: datetime) -> bytes:
        template = product.folder / "documents" / "quote.typ"

        def fill(show: Show) -> dict[str, Any]:
            return {**product.about, **_printable(document, show)}

        return await self._typesetter.pdf(template, product.folder, fill, made_at)

    def can_print(self, text: str) -> bool:
        return self._typesetter.can_print(text)

    async def prepare(self, product: Product) -> None:
        """Make every paper once: one that cannot be made stops the start, and no customer waits for the first."""
        await self.brochures(product)
        await self.quote(product, _SPECIMEN, self._now())

    async def brochures(self, product: Product) -> tuple[Brochure, ...]:
        """Made once, at the first call."""
        if product.slug not in self._brochures:
            files = enumerate(brochure_files(product.folder), start=1)
            self._brochures[product.slug] = tuple([await self._brochure(product, *file) for file in files])
        return self._brochures[product.slug]

    async def _brochure(self, product: Product, number: int, template: Path) -> Brochure:
        if template.suffix == ".pdf":
            content = await asyncio.to_thread(template.read_bytes)
            title, name = unicodedata.normalize("NFC", template.stem), f"{product.slug}-brochure-{number}.pdf"
        else:
            content = await self._typesetter.pdf(template, product.folder, lambda _show: product.about, self._now())
            title = await self._typesetter.title(template, product.folder, product.about)
            name = f"{product.slug}-{template.stem}.pdf"
        called = titled_file_name(title, name)
        return Brochure(title, called, SharedPiece.of(content), SharedPiece.of(joined(pdf_part(called, content))))


def _printable(document: QuoteDocument, show: Show) -> dict[str, Any]:
    """Its fields; what the customer typed, and what came in events, as it is printed: no check has seen it before."""
    return {
        **fields_of(document),
        **{name: show(getattr(document, name)) for name in ("company", "department", "person")},
        "changes": [replace(change, why=show(change.why)) for change in document.changes],
        "boards": [replace(board, notes=tuple(map(show, board.notes))) for board in document.boards],
        "hints": [(show(advice), saves) for advice, saves in document.hints],
        "declared": [(show(question), show(answer)) for question, answer in document.declared],
    }
