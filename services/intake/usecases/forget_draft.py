"""Delete a draft: a customer starts afresh, wants nothing stored, or replaces or withdraws a colleague's link."""

from dataclasses import dataclass

from services.intake.domain.draft_encryption import stored_id
from services.intake.ports import Drafts


@dataclass(frozen=True, slots=True)
class ForgetDraft:
    """Delete what the holder of a key has typed. Safe to repeat."""

    drafts: Drafts

    async def __call__(self, key: str) -> None:
        """Delete the draft of this key, if there is one. Raises `Unavailable`."""
        await self.drafts.delete(stored_id(key))
