"""Have a colleague's link mailed to them, in place of whoever asks (`ask_colleague.py`).

The mail holds the link and our own words. Nothing that was typed is in it, not even a name: the address may be a
stranger's, whom our mail would bring a message.
"""

from dataclasses import dataclass
from typing import Literal

from services.intake.domain.draft_encryption import id_about, stored_id
from services.intake.ports import Drafts, Links
from shared.clock import Clock
from shared.events import ColleagueAsked
from shared.events.link_parcels import ColleagueLinkForNotify
from shared.mail_address import mailbox_of
from shared.products import Product
from shared.runtime.parcels import Sealer

Mailed = Literal["mailed", "before", "over"]
"""It is mailed; it was within the same hour; or the link leads nowhere any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailColleagueLink:
    """Ask notify to mail a link. Safe to repeat: the same link goes to the same mailbox once in an hour."""

    links: Links
    drafts: Drafts
    sealer: Sealer
    public_url: str
    now: Clock

    async def __call__(self, product: Product, key: str, email: str) -> Mailed:
        """Have the link with *key* mailed to *email*. Raises `Unavailable`."""
        now = self.now()
        until = await self.drafts.kept_until(stored_id(key), now)
        if until is None:
            return "over"
        content = ColleagueLinkForNotify(email=email, url=f"{self.public_url}/{product.slug}/help/{key}")
        event = ColleagueAsked(
            request_id=id_about(key, f"{mailbox_of(email)}:{now:%Y-%m-%dT%H}"),
            product=product.slug,
            asked_at=now,
            expires_at=until,
            parcels={"notify": self.sealer.seal("notify", content)},
        )
        return "mailed" if await self.links.mail(event, event.asked_at) else "before"
