"""Gives a brochure to whoever has a link to it from one of our mails."""

from dataclasses import dataclass
from typing import Literal

from services.notify.domain.brochure import BrochureFile
from services.notify.domain.brochure_links import BrochureLink, BrochureLinks
from services.notify.ports import Brochures
from shared.clock import Clock


@dataclass(frozen=True, slots=True)
class NoBrochure:
    """Why there is none: nobody of us made this link, or it does not hold any more.

    `product`: of the link; empty where it is none of ours.
    """

    why: Literal["unknown", "over"]
    product: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchBrochure:
    """Find the brochure in the version that the mail was about. Raises `Unavailable`."""

    links: BrochureLinks
    brochures: Brochures
    now: Clock

    async def __call__(self, path: str) -> BrochureFile | NoBrochure:
        """*path*: that of the link, below its folder. The ledger is asked only about links that we have made."""
        link: BrochureLink | None = self.links.read(path)
        if link is None:
            return NoBrochure("unknown")
        if link.is_over(self.now()):
            return NoBrochure("over", link.product)
        return await self.brochures.file(link.product, link.version) or NoBrochure("over", link.product)
