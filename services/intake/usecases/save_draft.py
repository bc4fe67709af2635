"""Save a draft, encrypted with its key. Each time, its lifetime begins again."""

from dataclasses import dataclass

from services.intake.domain.draft import Draft
from services.intake.domain.draft_encryption import encrypt_draft, stored_id
from services.intake.ports import Drafts
from shared.clock import Clock


@dataclass(frozen=True, slots=True)
class SaveDraft:
    """Store a draft so that only its key opens it, in place of what was stored before."""

    drafts: Drafts
    now: Clock

    async def __call__(self, key: str, draft: Draft) -> None:
        """Keep *draft* for its lifetime, counted from now. Raises `Unavailable`."""
        await self.drafts.save(stored_id(key), encrypt_draft(key, draft), self.now() + draft.lifetime)
