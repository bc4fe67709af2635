"""What logging in is counted and limited by."""

from datetime import datetime
from typing import Literal, Protocol

from services.dashboard.domain.visitor import Visitor

Failure = Literal["refused", "locked"]
"""How a log-in failed: a wrong name or password, or too many of them before."""


class Devices(Protocol):
    """The browsers that have logged in before, by a digest of their token."""

    async def accounts(self, digest: str, now: datetime) -> frozenset[str]:
        """Who has logged in with it; empty for a token that we never gave out, or that has ended."""
        ...

    async def remember(self, digest: str, account: str, until: datetime) -> None:
        """Note that *account* has logged in with it. It ends at *until*."""
        ...

    async def forget(self, account: str) -> None:
        """No browser is known to *account* any more."""
        ...


class Tries(Protocol):
    """Log-ins that have not succeeded, by what they are counted under (an account, a browser, a network)."""

    async def count(self, counter: str, at: datetime, since: datetime) -> tuple[str, tuple[datetime, ...]]:
        """Count a try before its password is checked: many tries at the same moment must not escape the lock.

        Returns the id of the try, and when the other tries under *counter* after *since* were made.
        """
        ...

    async def uncount(self, try_id: str) -> None:
        """Forget one try: its password was right, or was not checked."""
        ...

    async def clear(self, counter: str) -> None:
        """Forget all tries under *counter*: the right password was given."""
        ...


class FailedLogIns(Protocol):
    """How often log-ins failed: a number for each hour, account and network, however many somebody tries."""

    async def add(self, failure: Failure, at: datetime, account: str | None, visitor: Visitor) -> int:
        """Count one; returns how many log-ins have failed in this hour in all.

        *account* is None when there is no such account: the name that was typed may be a password.
        """
        ...
