"""Have a link mailed, to go on with a draft later or on another machine.

The database has the draft's key encrypted; the secret that decrypts it is in the mail only. Asking again
makes a new link, and the draft knows only the newest: older links, and one that was used, no longer work.
"""

from dataclasses import dataclass, replace
from uuid import UUID, uuid5

from services.intake.domain.draft import LINK_LIFETIME, Draft
from services.intake.domain.draft_encryption import encrypt, new_key, stored_id
from services.intake.ports import Links
from services.intake.usecases.save_draft import SaveDraft
from shared.clock import Clock
from shared.events import ResumeLinkAsked
from shared.events.parcels import ResumeLinkForNotify
from shared.products import Product
from shared.runtime.parcels import Sealer

_REQUEST_IDS = UUID("8d1c1c9e-1f0b-5f0e-8a53-3c4b0a6e2d71")


@dataclass(frozen=True, slots=True, kw_only=True)
class MailResumeLink:
    """Make a new link to a draft, and ask notify to mail it."""

    links: Links
    save: SaveDraft
    sealer: Sealer
    public_url: str
    now: Clock

    async def __call__(self, product: Product, key: str, draft: Draft, email: str) -> None:
        """Have a link to *draft* mailed to *email*. Raises `Unavailable`."""
        token, now = new_key(), self.now()
        link_id = stored_id(token)
        # The draft first: a link that its draft does not know would not work.
        await self.save(key, replace(draft, link=link_id))
        content = ResumeLinkForNotify(email=email, url=f"{self.public_url}/{product.slug}/resume/{token}")
        event = ResumeLinkAsked(
            request_id=str(uuid5(_REQUEST_IDS, link_id)),
            product=product.slug,
            asked_at=now,
            expires_at=now + LINK_LIFETIME,
            parcels={"notify": self.sealer.seal("notify", content)},
        )
        await self.links.add(link_id, encrypt(token, {"key": key, "product": product.slug}), event)
