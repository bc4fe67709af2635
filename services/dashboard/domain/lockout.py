"""How long log-ins are locked after failed ones. Guessing passwords has to be slow, whoever guesses.

Strangers' failures lock strangers only: a browser that has logged in before has a counter of its own (OWASP, "device
cookies"). Else anybody could keep a member of staff out with five wrong passwords every half hour.

The database deletes tries by these times: before you change one, read the comment in `MongoTries`.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

ALLOWED_TRIES: Final = 5
"""For an account from unknown browsers, and for a known browser."""
ALLOWED_TRIES_OF_A_NETWORK: Final = 20
"""From unknown browsers, whichever accounts they try. More than for one account: an office may share an address."""
LOCKED_FOR: Final = timedelta(minutes=15)
TRIES_COUNT_FOR: Final = 2 * LOCKED_FOR
"""Older tries do not count. It is longer than the lock: one more failure right after a lock locks again."""

CLOCKS_DIFFER: Final = timedelta(minutes=1)
"""A try further ahead does not count: the clock was put back, and a lock must not last until it is there again."""


def counters(name: str, network: str, device: str) -> dict[str, int]:
    """What a try is counted under, with how many tries that allows. *device*: of a known browser, else empty."""
    if device:
        return {f"device:{device}:{name}": ALLOWED_TRIES}
    return {f"account:{name}": ALLOWED_TRIES, f"network:{network}": ALLOWED_TRIES_OF_A_NETWORK}


def locked_until(tries: Iterable[datetime], now: datetime, allowed: int = ALLOWED_TRIES) -> datetime | None:
    """When the lock after these failed *tries* ends; None if there is no lock *now*."""
    recent = [moment for moment in tries if now - TRIES_COUNT_FOR < moment <= now + CLOCKS_DIFFER]
    if len(recent) < allowed:
        return None
    end = max(recent) + LOCKED_FOR
    return end if now < end else None
