"""Have whoever asked a colleague told by mail that all is answered, once for each link.

No link to the form is in that mail. It goes to an address that nobody has confirmed, without anybody's asking for it at
this moment, so it must open nothing (docs/adr/0026-answers-are-saved-as-they-are-given.md).
"""

from contextlib import suppress
from dataclasses import dataclass, replace

from services.intake.domain.asker import Asker
from services.intake.domain.draft_encryption import id_about
from services.intake.ports import Drafts, Links
from services.intake.usecases.limit_mails import LimitMails
from services.intake.usecases.open_draft import OpenDraft
from services.intake.usecases.save_draft import DraftChanged, SaveDraft
from shared.clock import Clock
from shared.events import ColleagueAnswered


@dataclass(frozen=True, slots=True, kw_only=True)
class TellAsker:
    """Ask notify to tell whoever asked. Safe to repeat: the same link always makes the same mail."""

    links: Links
    drafts: Drafts
    open_draft: OpenDraft
    save: SaveDraft
    limit_mails: LimitMails
    now: Clock

    async def __call__(self, product: str, key: str) -> None:
        """Nothing until all is answered, or where nobody wants to be told. *key* is the link's. Raises `Unavailable`.

        Nothing either where the form of whoever asked is gone: the answers will arrive nowhere.
        """
        answered = await self.open_draft(key)
        asker = Asker.read(answered.tells) if answered is not None and answered.is_answered else None
        if answered is None or asker is None:
            return
        until = await self.drafts.kept_until(asker.draft_id, self.now())
        if until is not None:
            if not self.limit_mails.allows_link():
                return
            event = ColleagueAnswered(
                request_id=id_about(key, "answered"),
                product=product,
                answered_at=self.now(),
                expires_at=until,
                parcels={"notify": asker.parcel},
            )
            await self.links.mail(event, event.answered_at)
        # Then the address is not needed any more. Where something else was saved at this moment, the next look does it.
        with suppress(DraftChanged):
            await self.save(key, replace(answered, tells={}))
