"""What staff are told by mail: their addresses, and what notify is asked to write to them.

Methods that use the database raise `Unavailable` when it cannot be reached.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from shared.events import StaffMail


class StaffAddresses(Protocol):
    """The mail addresses of accounts, which are personal. They are encrypted at rest, and go with their accounts."""

    async def keep(self, account: str, email: str | None) -> None:
        """In place of the one before; None removes it."""
        ...

    async def of(self, account: str) -> str | None:
        """None: there is none, or it cannot be read (any more)."""
        ...

    async def owners(self, email: str) -> Sequence[str]:
        """The accounts with this address, however it is written in upper and lower case."""
        ...


class StaffMails(Protocol):
    """What notify is asked to tell staff, each stored once and published from there."""

    async def add(self, mail: StaffMail, at: datetime, *, until: datetime, about: Sequence[str] = ()) -> bool:
        """Keep *mail* at least *until* then. False: another one is about something of the same, and nothing is kept.

        *about*: what it tells of, as words that are the same in every process.
        """
        ...

    async def told(self, about: Sequence[str]) -> frozenset[str]:
        """Which of these there has been a mail about."""
        ...
