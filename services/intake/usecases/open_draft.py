"""What somebody has typed so far is read back with the key in their cookie or link."""

from dataclasses import dataclass

from services.intake.domain.draft import Draft
from services.intake.domain.draft_encryption import decrypt_draft, stored_id
from services.intake.ports import Drafts
from shared.clock import Clock


@dataclass(frozen=True, slots=True)
class OpenDraft:
    """Read what the holder of a key has typed so far."""

    drafts: Drafts
    now: Clock

    async def __call__(self, key: str) -> Draft | None:
        """The draft of this key; None if there is no such draft, or its time is over. Raises `Unavailable`."""
        encrypted = await self.drafts.find(stored_id(key), self.now())
        return None if encrypted is None else decrypt_draft(key, encrypted)

    async def was_moved(self, key: str) -> bool:
        """Whether somebody goes on with it by a link, with another key. Raises `Unavailable`."""
        return await self.drafts.was_moved(stored_id(key))
