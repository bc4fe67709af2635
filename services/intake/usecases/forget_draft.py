"""Delete a draft, and what colleagues were asked for it: a customer starts afresh, or wants nothing stored."""

from collections.abc import Iterable
from dataclasses import dataclass

from services.intake.domain.draft_encryption import stored_id
from services.intake.ports import Drafts


@dataclass(frozen=True, slots=True)
class ForgetDraft:
    """Delete what the holder of a key has typed. Safe to repeat."""

    drafts: Drafts

    async def __call__(self, key: str, asked: Iterable[str] = ()) -> None:
        """Delete the drafts of colleagues whose keys are *asked*, then the draft of *key*. Raises `Unavailable`.

        In this order: only the draft knows the others, so that one more try finds what is left.
        """
        await self.withdraw(asked)
        await self.drafts.delete(stored_id(key))

    async def withdraw(self, asked: Iterable[str]) -> None:
        """Delete the drafts of colleagues: their links stop working."""
        for key in asked:
            await self.drafts.delete(stored_id(key))
