"""Holds the mails of requests back when strangers make the agency send too many of them."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import structlog
from prometheus_client import Counter, Gauge

from services.intake.domain.mail_limits import MailLimits
from services.intake.domain.suspicion import Suspicion, is_held
from shared.clock import Clock, has_passed
from shared.mail_address import mailbox_of

log = structlog.get_logger(__name__)

_REPORTED_EVERY: Final = timedelta(hours=1)
HELD: Final = Counter("mail_ceiling_requests_total", "Requests whose mails wait: too many were asked for in the hour")
REACHED: Final = Gauge("mail_ceiling_reached", "1 from a request beyond the hourly ceiling of mails until one below it")


@dataclass(slots=True)
class LimitMails:
    """Judges each accepted request once, whichever way it came."""

    limits: MailLimits
    now: Clock
    _reported_at: datetime | None = field(default=None, init=False)

    def __call__(self, email: str, request_id: str, suspicions: Collection[str]) -> tuple[Suspicion, ...]:
        """More suspicions, because of which the mails of this request wait. Safe to repeat."""
        now = self.now()
        more = self.limits.suspicions(mailbox_of(email), request_id, now, is_held=is_held(suspicions))
        is_beyond = "mail-ceiling" in more
        REACHED.set(is_beyond)
        if is_beyond:
            HELD.inc()
            self._report(now)
        return more

    def allows_link(self) -> bool:
        """Whether one more mail about a form that is not sent yet may go out in this hour; if so, it is counted."""
        now = self.now()
        is_allowed = self.limits.allows_link(now)
        if not is_allowed:
            self._report(now)
        return is_allowed

    def _report(self, now: datetime) -> None:
        if has_passed(_REPORTED_EVERY, self._reported_at, now):
            self._reported_at = now
            log.error("too many mails")
