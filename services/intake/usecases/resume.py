"""Going on later, or on another machine: a link by mail that opens the draft once.

The link's secret opens a box with the draft's own key; the ledger holds the box, the mail the secret. Asking again
makes a new link, and the draft knows only the newest: older ones, and one that was used, lead nowhere.
"""

from dataclasses import dataclass, replace
from uuid import UUID, uuid5

from services.intake.ports import Links
from services.intake.usecases.draft import LINK_LIFETIME, Draft, KeepDraft, lock, name_of, new_key, unlock
from shared.clock import Clock
from shared.events import ResumeLinkAsked
from shared.products import Product
from shared.runtime.parcels import Sealer

_ASKINGS = UUID("8d1c1c9e-1f0b-5f0e-8a53-3c4b0a6e2d71")


@dataclass(frozen=True, slots=True)
class Resume:
    """Hand out links to drafts, and follow them."""

    links: Links
    drafts: KeepDraft
    sealer: Sealer
    public_url: str
    now: Clock

    async def ask(self, product: Product, key: str, draft: Draft, email: str) -> Draft:
        """Have a link to *draft* mailed to *email*; the draft as it is kept now. Raises `Unavailable`."""
        token, now = new_key(), self.now()
        link_id = name_of(token)
        linked = replace(draft, link=link_id)
        # The draft first: a link that its draft does not know would lead nowhere.
        await self.drafts.close(key, linked)
        url = f"{self.public_url}/{product.slug}/resume/{token}"
        event = ResumeLinkAsked(
            request_id=str(uuid5(_ASKINGS, link_id)),
            product=product.slug,
            asked_at=now,
            expires_at=now + LINK_LIFETIME,
            parcels={"notify": self.sealer.seal("notify", {"email": email, "url": url})},
        )
        await self.links.keep(link_id, lock(token, {"key": key}), event)
        return linked

    async def leads_somewhere(self, token: str) -> bool:
        """False for a link that is not the newest, was used, or is over. Raises `Unavailable`."""
        return await self._find(token) is not None

    async def use(self, token: str) -> tuple[str, Draft] | None:
        """The draft and its key, once; the link is used up. Raises `Unavailable`."""
        found = await self._find(token)
        if found is None:
            return None
        key, draft = found
        opened = replace(draft, link=None)
        await self.drafts.close(key, opened)
        return key, opened

    async def _find(self, token: str) -> tuple[str, Draft] | None:
        link_id = name_of(token)
        box = await self.links.find(link_id, self.now())
        content = None if box is None else unlock(token, box)
        if content is None:
            return None
        key = str(content["key"])
        draft = await self.drafts.open(key)
        return None if draft is None or draft.link != link_id else (key, draft)
