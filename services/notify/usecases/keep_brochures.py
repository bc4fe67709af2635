"""Keeps the brochures that mails will link to, before the first mail does: a link must hold in every process."""

from dataclasses import dataclass

from services.notify.domain.brochure import divided
from services.notify.ports import Brochures, Papers
from shared.products import Product


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepBrochures:
    """Keep those of a product that are too big for a mail. Safe to repeat. Raises `Unavailable`."""

    papers: Papers
    brochures: Brochures
    enclosed_bytes: int

    async def __call__(self, product: Product) -> None:
        """An earlier version of a brochure stays: links to it may be in mails."""
        _, linked = divided(await self.papers.brochures(product), self.enclosed_bytes)
        for brochure in linked:
            await self.brochures.add(product.slug, brochure)
