"""How often one place may ask. In this process's memory: a second process counts for itself.

What is sent is never turned away for being the sixth of an hour: it is marked. Only a flood is refused, and its answers
stay in the draft.
"""

from typing import Final, Literal

from limits import RateLimitItemPerDay, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

Deed = Literal["usual", "send", "begin", "look-up", "mail", "mail-place"]

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


class Guard:
    """Counts deeds, each by the place that it comes from or is done to."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def lets(self, deed: Deed, place: str) -> bool:
        """Whether *place* (an address, or whatever is protected) may do this once more; it is counted."""
        return place in _OURSELVES or self._limiter.hit(_LIMITS[deed], deed, place)
