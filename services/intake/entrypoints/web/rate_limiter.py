"""How often one place may do something. Counted in the memory of this process: another process counts separately.

The sixth request of a place in one hour is accepted, but marked as suspicious. Only a flood is refused; its answers
stay in the draft. What limits mails, whichever way a request came, is in `domain/mail_limits.py`.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated, Final, Literal

from fastapi import Depends, Request

from services.intake.domain.suspicion import Suspicion
from shared.clock import Clock
from shared.sliding_window import SlidingWindow
from shared.web.place import Place, locate_client
from shared.web.place_limit import PlaceLimit
from shared.web.problems import HttpProblem

Action = Literal[
    "send-unmarked",
    "send",
    "repeat",
    "refuse",
    "post",
    "keep",
    "begin",
    "look-up",
    "estimate",
    "ask",
    "mail-link",
    "tell-asker",
    "count",
    "check-quote",
]

_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
_LIMITS: Final[dict[Action, tuple[int, timedelta]]] = {
    # Above this a request is marked; above "send" it is refused.
    "send-unmarked": (5, _HOUR),
    "send": (30, _HOUR),
    # The same key again, with the same answers or with others, which is a conflict: both are sealed and looked up.
    # In an outage of an hour a program may try every ten seconds.
    "repeat": (600, _HOUR),
    # Posts to our own pages, right or wrong: 30 people in an office who send a page every ten seconds.
    "post": (240, timedelta(minutes=1)),
    # Answers that are saved as they are given: 30 people in an office who give one every two seconds.
    "keep": (900, timedelta(minutes=1)),
    # Posts by programs and by the agency's own page that come back with what is wrong: 80 KB each.
    "refuse": (300, _HOUR),
    "begin": (120, _HOUR),
    "look-up": (60, timedelta(minutes=1)),
    # Apart from look-ups, so that whoever tries conditions can still fill in an address.
    "estimate": (60, timedelta(minutes=1)),
    # Each link to a colleague is a draft that is kept for 14 days, and so is the form that asks.
    "ask": (60, _DAY),
    "mail-link": (10, _DAY),
    # Mails to whoever asked a colleague, which nobody asks for one by one.
    "tell-asker": (10, _DAY),
    # Steps for the statistics, which are kept for 400 days: 30 people in an office who fill in a form each.
    "count": (600, _HOUR),
    # Nobody can guess the address of a quote; this keeps whoever tries from asking the database for all of them.
    "check-quote": (60, timedelta(minutes=1)),
}
_LINKS_FROM_NEIGHBOURHOOD: Final = 3
_LINKS_TO_MAILBOX: Final = 10
_TELLING_OF_NEIGHBOURHOOD: Final = 5
_TELLING_MAILBOX: Final = 10
_MAILS_OF_DRAFT: Final = 5


async def client_place(request: Request) -> Place:
    """`locate_client` for routes that ask for it. Where every page passes, it is called: a dependency costs 50 µs."""
    return locate_client(request)


ClientPlace = Annotated[Place, Depends(client_place)]


class RateLimiter:
    """Counts actions, each by the place where it comes from."""

    def __init__(self, now: Clock) -> None:
        self._now = now
        self._limits = {action: PlaceLimit(most, window, now) for action, (most, window) in _LIMITS.items()}
        self._sent = SlidingWindow(1, _HOUR)
        self._links = _Mailboxes(_LINKS_FROM_NEIGHBOURHOOD, _LINKS_TO_MAILBOX)
        self._told = _Mailboxes(_TELLING_OF_NEIGHBOURHOOD, _TELLING_MAILBOX)
        self._to_colleagues = SlidingWindow(_MAILS_OF_DRAFT, _HOUR)

    def allows(self, action: Action, place: Place) -> bool:
        """Whether *place* and its neighbourhood are below their limits. If so, this action is counted."""
        return self._limits[action].allows(place)

    def check_send(self, place: Place, request: str) -> tuple[Suspicion, ...]:
        """The suspicions about a request that is about to be stored. Raises `HttpProblem` (429) in a flood.

        *request* tells a repetition from another one: it is counted apart, and marks nobody.
        """
        name, now = f"{place.name} {request}", self._now()
        if place.is_local:
            return ()
        if self._sent.is_full(name, now):
            self.check("repeat", place)
            return ()
        if not self.allows("send", place):
            raise HttpProblem(429, "too-many")
        self._sent.add(name, now)
        return () if self.allows("send-unmarked", place) else ("many-requests",)

    def check(self, action: Action, place: Place) -> None:
        """As `allows`. Raises `HttpProblem` (429)."""
        if not self.allows(action, place):
            raise HttpProblem(429, "too-many")

    def check_estimate(self, place: Place) -> None:
        """As `check`; the answer says that a minute is long enough to wait. Raises `HttpProblem` (429)."""
        if not self.allows("estimate", place):
            raise HttpProblem(429, "too-many-estimates", headers={"Retry-After": "60"})

    def allows_link(self, place: Place, mailbox: str) -> bool:
        """Whether one more link may be mailed to *mailbox*; if so, it is counted.

        Three a day for whoever asks, so that a stranger who asks for links to somebody's mailbox uses up their own and
        not those of its owner; ten a day from everywhere.
        """
        return self._links.allow(place, mailbox, self._now())

    def telling(self, place: Place) -> Callable[[str], bool]:
        """Says whether a mailbox may be told once more that a colleague has answered; if so, it is counted.

        As `allows_link`, and apart from it, so that it takes no link from anybody. *place* is that of whoever asked.
        """

        def allows(mailbox: str) -> bool:
            now = self._now()
            has_room = self._told.has_room(place, mailbox, now) and self.allows("tell-asker", place)
            return has_room and self._told.allow(place, mailbox, now)

        return allows

    def check_colleagues(self, draft: str) -> None:
        """Count one more mail to a colleague from *draft*. Raises `HttpProblem` (429) after five in an hour."""
        now = self._now()
        if self._to_colleagues.is_full(draft, now):
            raise HttpProblem(429, "too-many-to-colleagues")
        self._to_colleagues.add(draft, now)


class _Mailboxes:
    """How many mails a day one neighbourhood may cause to a mailbox, and all together."""

    def __init__(self, from_neighbourhood: int, from_everywhere: int) -> None:
        self._pairs = SlidingWindow(from_neighbourhood, _DAY)
        self._mailboxes = SlidingWindow(from_everywhere, _DAY)

    def has_room(self, place: Place, mailbox: str, now: datetime) -> bool:
        return not (self._pairs.is_full(self._pair(place, mailbox), now) or self._mailboxes.is_full(mailbox, now))

    def allow(self, place: Place, mailbox: str, now: datetime) -> bool:
        """Whether there is room; if so, it is taken."""
        if not self.has_room(place, mailbox, now):
            return False
        self._pairs.add(self._pair(place, mailbox), now)
        self._mailboxes.add(mailbox, now)
        return True

    @staticmethod
    def _pair(place: Place, mailbox: str) -> str:
        return f"{place.neighbourhood} {mailbox}"
