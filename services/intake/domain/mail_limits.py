"""How many mails strangers can make the agency send: to one mailbox, and in all. No request is refused for it.

Requests beyond a limit are kept, and their mails wait until staff let them go. Links to saved forms, and the mails
around a colleague's link, have a ceiling of their own: nobody can let one go later, so whoever asks for one is told.
Counted in the memory of this process: another process counts separately.
"""

from collections import OrderedDict, deque
from datetime import datetime, timedelta
from typing import Final

from services.intake.domain.suspicion import Suspicion
from shared.clock import has_passed
from shared.sliding_window import SlidingWindow

REQUESTS_TO_MAILBOX: Final = 2
"""Within 24 hours. A person who corrects something sends twice; whoever floods a stranger's mailbox sends more."""
_REPEATS_KNOWN: Final = 10_000


class MailLimits:
    """Counts accepted requests by mailbox, and those whose mails go out at once by the hour."""

    def __init__(self, mails_per_hour: int) -> None:
        self._to_mailbox = SlidingWindow(REQUESTS_TO_MAILBOX, timedelta(hours=24))
        self._mailed: deque[datetime] = deque(maxlen=mails_per_hour)
        self._held: deque[datetime] = deque(maxlen=mails_per_hour)
        self._links: deque[datetime] = deque(maxlen=mails_per_hour)
        self._known: OrderedDict[str, tuple[Suspicion, ...]] = OrderedDict()

    def suspicions(
        self, mailbox: str, request_id: str, now: datetime, *, is_held: bool = False
    ) -> tuple[Suspicion, ...]:
        """Why the mails of this request must wait. A request that is sent again is counted once, and judged alike.

        *is_held*: they wait for another reason already, so they take no part of the hour's mails. The desk is told of
        them all the same, so there is a ceiling of its own for them: a flood of them must bury neither its mailbox nor
        the requests of others.
        """
        if request_id not in self._known:
            self._known[request_id] = self._judge(mailbox, now, is_held=is_held)
            if len(self._known) > _REPEATS_KNOWN:
                self._known.popitem(last=False)
        return self._known[request_id]

    def _judge(self, mailbox: str, now: datetime, *, is_held: bool) -> tuple[Suspicion, ...]:
        is_known = self._to_mailbox.is_full(mailbox, now)
        # Also those beyond the limit: the window slides, and each of them is one that came within 24 hours.
        self._to_mailbox.add(mailbox, now)
        known: tuple[Suspicion, ...] = ("many-to-mailbox",) if is_known else ()
        is_below = _count(self._held if is_known or is_held else self._mailed, now)
        return known if is_below else (*known, "mail-ceiling")

    def allows_link(self, now: datetime) -> bool:
        """Whether one more mail about a form that is not sent yet may go out in this hour; if so, it is counted."""
        return _count(self._links, now)


def _count(mailed: deque[datetime], now: datetime) -> bool:
    """Whether the hour before *now* has room in *mailed*. If so, *now* is counted."""
    if len(mailed) == mailed.maxlen and not has_passed(timedelta(hours=1), mailed[0], now):
        return False
    mailed.append(now)
    return True
