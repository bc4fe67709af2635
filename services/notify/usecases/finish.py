"""Finishes a letter that was sent or has failed for good: what became of it is kept once and published."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

import structlog

from services.notify.domain.delivery_state import Ended
from services.notify.domain.letter import Letter
from services.notify.domain.unmade import DEAD_ADDRESS, why_too_late
from services.notify.ports import Letters, Outcomes
from services.notify.usecases.metrics import TIME_TO_MAIL
from services.notify.usecases.withhold import IsWithheld
from shared.errors import Invalid
from shared.events import NotMade

log = structlog.get_logger(__name__)

OnFailed = Callable[[str], Awaitable[None]]
"""Called with the request's id when a letter has failed for good. Raises `Invalid` when nobody can be told."""


@dataclass(frozen=True, slots=True)
class FinishLetter:
    """Keep the outcome, then report a failure, then finish the letter: after a crash the next try does what is left."""

    letters: Letters
    outcomes: Outcomes
    on_failed: OnFailed
    is_withheld: IsWithheld

    async def __call__(self, letter: Letter, end: Ended) -> None:
        """Safe to repeat. Raises `Unavailable`."""
        if not end.sent and (reason := await self._why_not_sent(letter, end)):
            is_first = await self.outcomes.add_unmade(letter, reason, end.at)
        else:
            is_first = await self.outcomes.add(letter, end)
        if not end.sent:
            await report_failure(self.on_failed, letter)
        await self.letters.finish(letter)
        if not is_first:
            return
        facts = {"letter_id": letter.id, "request_id": letter.request_id, "kind": letter.kind, "tries": end.attempts}
        # Never below zero: the two moments are of two hosts, whose clocks may differ.
        waited = max(end.at - letter.since, timedelta())
        if end.sent:
            TIME_TO_MAIL.labels(letter.kind).observe(waited.total_seconds())
            log.info("letter sent", took_ms=round(waited.total_seconds() * 1000, 1), **facts)
        else:
            log.warning("letter failed", code=end.code, reason=end.reason, **facts)

    async def _why_not_sent(self, letter: Letter, end: Ended) -> NotMade | None:
        """Why nobody tried any more; None when the mail server decided."""
        # Of one that may have arrived nobody says that it was not sent.
        if end.reason is None and (reason := why_too_late(letter.kind, letter.until, end.at)):
            return reason
        was_left = end.reason is None and end.code is None and not end.ambiguous
        return DEAD_ADDRESS if was_left and await self.is_withheld(letter) else None


async def report_failure(on_failed: OnFailed, letter: Letter) -> None:
    """Let the desk be told. Raises `Unavailable`."""
    try:
        await on_failed(letter.request_id)
    except Invalid as error:
        # Trying again would not help. The outcome is kept, and the dashboard shows it.
        facts = {"letter_id": letter.id, "request_id": letter.request_id, "kind": letter.kind}
        log.warning("nobody told of a failed letter", reason=str(error), **facts)
