"""How often one address may do something. Counted in the memory of this process: another process counts separately.

The sixth request of an address in one hour is accepted, but marked as suspicious. Only a flood is refused; its answers
stay in the draft.
"""

from typing import Annotated, Final, Literal

from fastapi import Depends, Request
from limits import RateLimitItemPerDay, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from services.intake.domain.suspicion import Suspicion
from shared.web.problems import HttpProblem

Action = Literal["send-unmarked", "send", "begin", "look-up", "mail-to", "mail-from"]

_LIMITS: Final = {
    # Above this a request is marked; above "send" it is refused.
    "send-unmarked": RateLimitItemPerHour(5),
    "send": RateLimitItemPerHour(30),
    "begin": RateLimitItemPerHour(120),
    "look-up": RateLimitItemPerMinute(60),
    "mail-to": RateLimitItemPerDay(3),
    "mail-from": RateLimitItemPerDay(10),
}
_NOT_COUNTED: Final = frozenset({"127.0.0.1", "::1", ""})
"""Not addresses of customers: a proxy on this machine that does not say for whom it asks, or a test."""


class RateLimiter:
    """Counts actions, each by who does it or to whom it is done."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def allows(self, action: Action, who: str) -> bool:
        """Whether *who* (an IP address, or the mailbox to protect) is below the limit; this action is counted."""
        return who in _NOT_COUNTED or self._limiter.hit(_LIMITS[action], action, who)


async def client_ip(request: Request) -> str:
    """The IP address of the client, from the server or a trusted proxy."""
    return request.client.host if request.client else ""


ClientIp = Annotated[str, Depends(client_ip)]


def check_rate(limiter: RateLimiter, ip: str) -> tuple[Suspicion, ...]:
    """The suspicions about a request from *ip* that is about to be stored. Raises `HttpProblem` (429) in a flood."""
    if not limiter.allows("send", ip):
        raise HttpProblem(429, "too-many")
    return () if limiter.allows("send-unmarked", ip) else ("many-requests",)
