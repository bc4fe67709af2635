"""End a dead letter: have its record worked on again, or decide that it need not be. Who did it is recorded first."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

import structlog

from services.dashboard.ports.audit import Audit
from services.dashboard.ports.backlog import DeadLetters
from shared.clock import Clock
from shared.errors import Invalid, Unavailable
from shared.runtime.dead_letters import DeadLetter

log = structlog.get_logger(__name__)

LONGEST_REASON: Final = 500


@dataclass(frozen=True, slots=True)
class Ended:
    """It does not wait any more."""


@dataclass(frozen=True, slots=True)
class NotEnded:
    """It still waits, for this reason: a word for machines."""

    reason: str


@dataclass(frozen=True, slots=True)
class RetryDeadLetter:
    """Work on its record again, by the same use case. Safe to repeat, also at the same time."""

    dead_letters: DeadLetters
    work_again: Callable[[DeadLetter], Awaitable[None]]
    audit: Audit
    now: Clock

    async def __call__(self, letter_id: str, account: str) -> Ended | NotEnded | None:
        """None: there is no such dead letter (any more). Raises `Unavailable`: it still waits."""
        letter = await self.dead_letters.find(letter_id)
        if letter is None:
            return None
        await self.audit.record("dead-letter-retried", self.now(), account, letter.subject, about=letter_id)
        try:
            await self.work_again(letter)
        except Unavailable:
            raise
        except Invalid as error:
            return NotEnded(str(error))
        except Exception as error:
            # The bug that it was set aside for may still be there.
            log.exception("dead letter failed again", error=type(error).__name__)
            return NotEnded("bug")
        await self.dead_letters.end(letter_id, "retried", at=self.now(), by=account)
        log.info("dead letter retried", account=account, topic=letter.topic)
        return Ended()


@dataclass(frozen=True, slots=True)
class DiscardDeadLetter:
    """Decide that its record is not worked on. It is kept, with who decided, when and why."""

    dead_letters: DeadLetters
    audit: Audit
    now: Clock

    async def __call__(self, letter_id: str, account: str, reason: str) -> Ended | NotEnded | None:
        """None: there is no such dead letter (any more)."""
        reason = reason.strip()
        if not reason or len(reason) > LONGEST_REASON:
            return NotEnded("no-reason")
        letter = await self.dead_letters.find(letter_id)
        if letter is None:
            return None
        await self.audit.record("dead-letter-discarded", self.now(), account, letter.subject, about=letter_id)
        await self.dead_letters.end(letter_id, "discarded", at=self.now(), by=account, reason=reason)
        log.info("dead letter discarded", account=account, topic=letter.topic)
        return Ended()
