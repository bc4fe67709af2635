"""How often one address may do something. In this process's memory: a second process counts for itself.

The sixth request of an hour is not refused but marked. Only a flood is refused, and its answers stay
in the draft.
"""

from typing import Annotated, Final, Literal

from fastapi import Depends, Request
from limits import RateLimitItemPerDay, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from services.intake.domain.suspicion import Suspicion
from shared.web.problems import HttpProblem

Action = Literal["usual", "send", "begin", "look-up", "mail", "mail-place"]

_LIMITS: Final = {
    # Above it, a request is marked; above "send", refused.
    "usual": RateLimitItemPerHour(5),
    "send": RateLimitItemPerHour(30),
    "begin": RateLimitItemPerHour(120),
    "look-up": RateLimitItemPerMinute(60),
    "mail": RateLimitItemPerDay(3),
    "mail-place": RateLimitItemPerDay(10),
}
_OURSELVES: Final = frozenset({"127.0.0.1", "::1", ""})
"""No customer's address: a proxy on this machine that does not say for whom it asks, or a test."""


class RateLimiter:
    """Counts actions, each by who does it or to whom it is done."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def allows(self, action: Action, who: str) -> bool:
        """Whether *who* (an IP address, or the mailbox to protect) is below the limit; this action is counted."""
        return who in _OURSELVES or self._limiter.hit(_LIMITS[action], action, who)


async def client_ip(request: Request) -> str:
    """The address that asks, from the server or a trusted proxy."""
    return request.client.host if request.client else ""


ClientIp = Annotated[str, Depends(client_ip)]


def check_rate(limiter: RateLimiter, ip: str) -> tuple[Suspicion, ...]:
    """The suspicions about a request from *ip* that is about to be stored. Raises `HttpProblem` (429) in a flood."""
    if not limiter.allows("send", ip):
        raise HttpProblem(429, "too-many")
    return () if limiter.allows("usual", ip) else ("many-requests",)
