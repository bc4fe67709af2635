"""How often one place may do something. Counted in the memory of this process: another process counts separately.

The sixth request of a place in one hour is accepted, but marked as suspicious. Only a flood is refused; its answers
stay in the draft. What limits mails, whichever way a request came, is in `domain/mail_limits.py`.
"""

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Annotated, Final, Literal

from fastapi import Depends, Request

from services.intake.domain.sliding_window import SlidingWindow
from services.intake.domain.suspicion import Suspicion
from shared.clock import Clock
from shared.web.problems import HttpProblem

Action = Literal[
    "send-unmarked", "send", "repeat", "refuse", "post", "begin", "look-up", "ask", "mail-link", "count", "check-quote"
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
    # Posts by programs and by the agency's own page that come back with what is wrong: 80 KB each.
    "refuse": (300, _HOUR),
    "begin": (120, _HOUR),
    "look-up": (60, timedelta(minutes=1)),
    # Each link to a colleague is a draft that is kept for 14 days, and so is the form that asks.
    "ask": (60, _DAY),
    "mail-link": (10, _DAY),
    # Steps for the statistics, which are kept for 400 days: 30 people in an office who fill in a form each.
    "count": (600, _HOUR),
    # Nobody can guess the address of a quote; this keeps whoever tries from asking the database for all of them.
    "check-quote": (60, timedelta(minutes=1)),
}
_NEIGHBOURHOOD: Final = 8
"""A neighbourhood may do as much as this many places: an office, or a provider's customers behind few addresses."""
_LINKS_FROM_NEIGHBOURHOOD: Final = 3
_LINKS_TO_MAILBOX: Final = 10


@dataclass(frozen=True, slots=True)
class Place:
    """Where a request comes from: one customer's network, and the `neighbourhood` around it.

    Whoever has one IPv6 address has 2^64 of them, and a rented server's neighbours may be rented by the same person.
    """

    name: str
    neighbourhood: str
    is_local: bool
    """Not the address of a customer: a proxy on this machine that does not say for whom it asks, or a test."""


@lru_cache(maxsize=1_000)
def locate(ip: str) -> Place:
    """The place of an address: IPv4 with its /24, IPv6 as its /64 with its /48; an IPv4-mapped one is IPv4."""
    try:
        address = ip_address(ip)
    except ValueError:
        return Place(ip, ip, is_local=not ip)
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if isinstance(address, IPv4Address):
        return Place(str(address), _network(address, 24), is_local=address.is_loopback)
    return Place(_network(address, 64), _network(address, 48), is_local=address.is_loopback)


def _network(address: IPv4Address | IPv6Address, length: int) -> str:
    return str(ip_network((address.packed, length), strict=False))


def locate_client(request: Request) -> Place:
    """The place of the client, from the server or a trusted proxy."""
    return locate(request.client.host if request.client else "")


async def client_place(request: Request) -> Place:
    """`locate_client` for routes that ask for it. Where every page passes, it is called: a dependency costs 50 µs."""
    return locate_client(request)


ClientPlace = Annotated[Place, Depends(client_place)]


class RateLimiter:
    """Counts actions, each by the place where it comes from."""

    def __init__(self, now: Clock) -> None:
        self._now = now
        self._places = {action: SlidingWindow(most, window) for action, (most, window) in _LIMITS.items()}
        self._neighbourhoods = {
            action: SlidingWindow(most * _NEIGHBOURHOOD, window) for action, (most, window) in _LIMITS.items()
        }
        self._sent = SlidingWindow(1, _HOUR)
        self._links = SlidingWindow(_LINKS_FROM_NEIGHBOURHOOD, _DAY)
        self._links_to = SlidingWindow(_LINKS_TO_MAILBOX, _DAY)

    def allows(self, action: Action, place: Place) -> bool:
        """Whether *place* and its neighbourhood are below their limits. If so, this action is counted."""
        if place.is_local:
            return True
        own, around, now = self._places[action], self._neighbourhoods[action], self._now()
        if own.is_full(place.name, now) or around.is_full(place.neighbourhood, now):
            return False
        own.add(place.name, now)
        around.add(place.neighbourhood, now)
        return True

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

    def allows_link(self, place: Place, mailbox: str) -> bool:
        """Whether one more link may be mailed to *mailbox*; if so, it is counted.

        Three a day for whoever asks, so that a stranger who asks for links to somebody's mailbox uses up their own and
        not those of its owner; ten a day from everywhere.
        """
        pair, now = f"{place.neighbourhood} {mailbox}", self._now()
        if self._links.is_full(pair, now) or self._links_to.is_full(mailbox, now):
            return False
        self._links.add(pair, now)
        self._links_to.add(mailbox, now)
        return True
