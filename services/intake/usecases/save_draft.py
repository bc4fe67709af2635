"""Save a draft, encrypted with its key. Each time, its lifetime begins again."""

from dataclasses import dataclass
from typing import Final

from services.intake.domain.draft import Draft
from services.intake.domain.draft_encryption import encrypt_draft, stored_id
from services.intake.ports import Drafts
from shared.clock import Clock
from shared.errors import Invalid, Unavailable

MOST_BYTES: Final = 80_000
"""Of an encrypted draft. The worst that `domain/kept.py` leaves of our form is below it, and a form that a customer has
filled in to the last character has a sixth of it.
"""


class DraftChanged(Unavailable):
    """Another request has saved or moved this draft since it was read; read again, the same work may succeed."""


class DraftTooLarge(Invalid):
    """It holds more than any form asks."""


@dataclass(frozen=True, slots=True)
class SaveDraft:
    """Store a draft so that only its key opens it, in place of what it was read from."""

    drafts: Drafts
    now: Clock

    async def __call__(self, key: str, draft: Draft) -> None:
        """Keep *draft* for its lifetime, counted from now. Raises `DraftTooLarge`, `DraftChanged`, `Unavailable`."""
        encrypted = encrypt_draft(key, draft)
        if len(encrypted) > MOST_BYTES:
            raise DraftTooLarge("draft")
        until = self.now() + draft.lifetime
        if not await self.drafts.save(stored_id(key), encrypted, until, before=draft.box):
            raise DraftChanged("draft")
