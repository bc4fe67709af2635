"""Gives staff a letter as it was sent, when they ask for it: only notify has its bytes.

Why it is done by events is in docs/adr/0022-letters-as-sent.md.
"""

import asyncio
from dataclasses import dataclass

import structlog

from services.notify.domain.copy import KEPT_FOR, copy_of
from services.notify.ports import Copies, Facts, Letters
from shared.clock import Clock
from shared.events import LetterCopied, LetterCopyAsked, NoCopy
from shared.runtime.parcels import Sealer

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyLetter:
    """Answer with a copy, sealed for the desk, or with why there is none. Safe to repeat."""

    facts: Facts
    letters: Letters
    copies: Copies
    sealer: Sealer
    now: Clock

    async def __call__(self, asked: LetterCopyAsked) -> None:
        """What was asked for long ago, and is only read again, is not copied again."""
        now = self.now()
        if now - asked.asked_at > KEPT_FOR:
            return
        found = await self._content(asked)
        missing, parcels = None, {}
        if isinstance(found, bytes):
            parcels = {"desk": self.sealer.seal("desk", await asyncio.to_thread(copy_of, found))}
        else:
            missing = found
        copied = LetterCopied(
            request_id=asked.request_id,
            copy_id=asked.copy_id,
            letter_id=asked.letter_id,
            copied_at=now,
            missing=missing,
            parcels=parcels,
        )
        if await self.copies.add(copied):
            outcome = missing or "copied"
            log.info("letter copied", letter_id=asked.letter_id, request_id=asked.request_id, outcome=outcome)

    async def _content(self, asked: LetterCopyAsked) -> bytes | NoCopy:
        known = await self.facts.known(asked.request_id)
        if asked.letter_id not in known.written:
            # Also a letter of another request: nobody may see it under this one.
            is_unmade = any(one.letter_id == asked.letter_id and one.attempts == 0 for one in known.failures)
            return "not-made" if is_unmade else "gone"
        try:
            return await self.letters.content(asked.letter_id)
        except LookupError:
            return "gone"
