"""Letters as they were sent: staff ask notify for a copy, which is kept for some days."""

from dataclasses import dataclass

import structlog

from services.dashboard.domain.case import Case
from services.dashboard.domain.letter_copy import copy_id
from services.dashboard.ports.audit import Audit
from services.dashboard.ports.cases import Cases
from services.dashboard.ports.letters import LetterCopies
from shared.clock import Clock
from shared.events import LetterCopied, LetterCopyAsked

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskForCopy:
    """Ask notify for a letter of a case. Two clicks are one."""

    cases: Cases
    copies: LetterCopies
    audit: Audit
    now: Clock

    async def __call__(self, request_id: str, letter_id: str, account: str) -> bool:
        """False: the case has no such letter, or it was never written."""
        case = await self.cases.find(request_id)
        letters = case.letters if isinstance(case, Case) else ()
        if not any(letter.letter_id == letter_id and not letter.is_not_made for letter in letters):
            return False
        now = self.now()
        if letter_id in await self.copies.of(request_id, now):
            return True
        await self.audit.record("asked-for-letter", now, account, request_id, about=letter_id)
        asked = LetterCopyAsked(
            request_id=request_id,
            copy_id=copy_id(letter_id, now),
            letter_id=letter_id,
            asked_at=now,
            asked_by=account,
        )
        await self.copies.ask(asked)
        log.info("letter asked for", request_id=request_id, letter_id=letter_id, account=account)
        return True


@dataclass(frozen=True, slots=True)
class KeepCopy:
    """Keep a copy that has come, encrypted as it came. Safe to repeat."""

    copies: LetterCopies

    async def __call__(self, copied: LetterCopied) -> None:
        """Only the desk's own parcel is stored."""
        ours = {reader: parcel for reader, parcel in copied.parcels.items() if reader == "desk"}
        await self.copies.add(copied.model_copy(update={"parcels": ours}))
