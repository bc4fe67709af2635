"""What intake keeps, in its own words. Every method raises `Unavailable` when the ledger is away."""

from datetime import datetime
from typing import Protocol

from services.intake.domain.outcome import Outcome
from services.intake.domain.request import Request


class ReceptionNoTaken(Exception):
    """Another request has this reception number already."""


class Requests(Protocol):
    """The requests that were accepted; each is kept once, for good."""

    async def keep(self, request: Request) -> Request:
        """Keep *request* with its unsent event, durably; if its id is taken, the one that was there before.

        Raises `ReceptionNoTaken`.
        """
        ...

    async def find(self, request_id: str) -> Request | None:
        """The request of this id."""
        ...


class Drafts(Protocol):
    """Half-filled forms, which only their own browser can open: to us they are boxes."""

    async def put(self, draft_id: str, box: bytes, until: datetime) -> None:
        """Keep *box* until then, instead of what was there before."""
        ...

    async def get(self, draft_id: str, now: datetime) -> bytes | None:
        """The box, unless its time is over."""
        ...


class Outcomes(Protocol):
    """What became of requests, as other services said."""

    async def keep(self, outcome: Outcome) -> None:
        """Keep *outcome* once, however often it is told."""
        ...

    async def of(self, request_id: str) -> list[Outcome]:
        """Everything that was said about this request."""
        ...
