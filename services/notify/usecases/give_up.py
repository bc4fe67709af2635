"""Gives up a letter that cannot be made: its outcome is kept once and published, so that a person acts in its place.

What an operator can still mend (domain/unmade.py) is published too, but not given up: its record becomes a dead letter
besides. A letter about no request is only that, because it has no case that anybody could look at.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

import structlog

from services.notify.domain.due import Due
from services.notify.domain.facts import WithoutRequest
from services.notify.domain.letter import LetterHead
from services.notify.domain.unmade import BUG, MAY_BE_MADE_LATER
from services.notify.ports import Outcomes
from services.notify.usecases.metrics import count_unmade
from shared.clock import Clock
from shared.errors import Invalid, Unavailable
from shared.events import RequestReceived

log = structlog.get_logger(__name__)

TRIES: Final = 5
"""After so many a bug is taken for one that stays: as many as a record has (`BUG_BACKOFF`)."""


@dataclass(frozen=True, slots=True)
class GivenUp:
    """A letter will not be made, by `error`. `is_first`: nobody has kept that before."""

    error: BaseException
    is_first: bool


@dataclass(frozen=True, slots=True)
class GiveUpLetter:
    """Decide whether a letter that failed is given up, and keep that it is. Safe to repeat."""

    outcomes: Outcomes
    now: Clock
    bugs: Counter[str] = field(default_factory=Counter)
    """Letter id → how often a bug has stopped it in this process."""

    async def __call__(self, due: Due, asked: RequestReceived | WithoutRequest, error: BaseException) -> GivenUp | None:
        """None when trying again may help, at once or later. Raises `Unavailable`."""
        if not isinstance(asked, RequestReceived) or not self._is_hopeless(due, error):
            return None
        head = LetterHead(
            id=due.letter_id,
            request_id=asked.request_id,
            reception_no=asked.reception_no,
            product=asked.product,
            kind=due.kind,
            corrected_by=due.corrected_by,
        )
        reason = str(error) if isinstance(error, Invalid) else BUG
        is_first = await self.outcomes.add_unmade(head, reason, self.now())
        if is_first:
            count_unmade(due.kind)
            facts = {"letter_id": head.id, "request_id": head.request_id, "kind": head.kind}
            log.warning("letter not made", reason=reason, **facts)
        return None if reason in MAY_BE_MADE_LATER else GivenUp(error, is_first)

    def _is_hopeless(self, due: Due, error: BaseException) -> bool:
        match error:
            case Unavailable():
                return False
            case Invalid():
                return True
            case _:
                self.bugs[due.letter_id] += 1
                return self.bugs[due.letter_id] >= TRIES
