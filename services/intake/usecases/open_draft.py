"""Open a draft with its key."""

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
        """The draft of this key; None when it never was, or its time is over. Raises `Unavailable`."""
        encrypted = await self.drafts.find(stored_id(key), self.now())
        return None if encrypted is None else decrypt_draft(key, encrypted)
