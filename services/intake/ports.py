"""What intake keeps and asks for, in its own words. What keeps raises `Unavailable` when the ledger is away."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from services.intake.domain.copy import Copy
from services.intake.domain.funnel import Step
from services.intake.domain.outcome import Outcome
from services.intake.domain.request import Request
from shared.events import ResumeLinkAsked
from shared.products import Product


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
    """Half-filled forms, which only the holder of their key can open: to us they are boxes."""

    async def put(self, draft_id: str, box: bytes, until: datetime) -> None:
        """Keep *box* until then, instead of what was there before."""
        ...

    async def get(self, draft_id: str, now: datetime) -> bytes | None:
        """The box, unless its time is over."""
        ...

    async def drop(self, draft_id: str) -> None:
        """Nothing is left of it."""
        ...


class Links(Protocol):
    """Links to drafts, which only their secret opens."""

    async def keep(self, link_id: str, box: bytes, event: ResumeLinkAsked) -> None:
        """Keep *box* with the unsent event that has its secret mailed, until the link is over."""
        ...

    async def find(self, link_id: str, now: datetime) -> bytes | None:
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


class Steps(Protocol):
    """How far visitors come, for counting. Nothing in it says who they are."""

    async def keep(self, step: Step) -> None:
        """Keep *step* if that can be done now; it raises nothing."""
        ...

    async def since(self, product: str, moment: datetime) -> Sequence[Step]:
        """The steps since then, oldest first."""
        ...


class Addresses(Protocol):
    """Japan's postal codes."""

    def at(self, postal_code: str) -> tuple[str, ...]:
        """The addresses of `100-0013`, each as far as the code tells it; none for a code that does not exist."""
        ...


class Papers(Protocol):
    """Documents as PDF."""

    async def questionnaire(self, product: Product) -> bytes:
        """All questions, to print and to fill in by pen."""
        ...

    async def copy(self, product: Product, copy: Copy) -> bytes:
        """What was sent."""
        ...
