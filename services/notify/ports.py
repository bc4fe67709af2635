"""What notify needs from the world."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.notify.domain.attempts import Ended, Step
from services.notify.domain.due import Known
from services.notify.domain.message import Attachment
from services.notify.domain.sheet import Sheet
from shared.events import (
    Content,
    LetterKind,
    Parcel,
    QuoteOffered,
    QuoteReferred,
    QuoteReleased,
    RequestReceived,
    ResumeLinkAsked,
)
from shared.products import Product

Fact = RequestReceived | ResumeLinkAsked | QuoteOffered | QuoteReferred | QuoteReleased
Pause = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Letter:
    """A written letter. `since` is when its reader began to wait for it."""

    id: str
    request_id: str
    reception_no: str
    product: str
    kind: LetterKind
    sender: str
    recipient: str
    since: datetime
    created_at: datetime
    due: datetime
    """When to look at it next: a hint that saves looking, never what decides whether it is sent."""
    until: datetime | None = None
    """From then on it would help nobody: it is given up."""


class LineLost(Exception):
    """The conversation with the mail server broke off without an answer."""


class Facts(Protocol):
    """What notify has heard. Every method raises `Unavailable`."""

    async def add(self, fact: Fact) -> None:
        """Keep *fact*, once; hearing it again changes nothing."""
        ...

    async def known(self, request_id: str) -> Known:
        """Everything heard under this id, by this process or another."""
        ...


class Letters(Protocol):
    """Letters with their frozen bytes. Every method raises `Unavailable`."""

    async def keep(self, letter: Letter, content: bytes) -> bool:
        """Keep it for good, to be delivered. False: it was written before, and those bytes stay."""
        ...

    async def written(self, request_id: str) -> Collection[str]:
        """The ids of this request's letters."""
        ...

    async def next_due(self, now: datetime, beside: Collection[str]) -> Letter | None:
        """The one that has waited longest and may be looked at, leaving out the ids in *beside*."""
        ...

    async def content(self, letter_id: str) -> bytes:
        """Its bytes."""
        ...

    async def look_again(self, letter: Letter, at: datetime) -> None:
        """Look at it next *at* that moment, unless somebody else moved it in the meantime."""
        ...

    async def done(self, letter: Letter) -> None:
        """Its fate is settled: never look again."""
        ...

    async def pending(self) -> int:
        """How many wait for their fate."""
        ...


class Attempts(Protocol):
    """The steps of every attempt. Every method raises `Unavailable`."""

    async def of(self, letter_id: str) -> list[Step]:
        """All steps ever kept about this letter."""
        ...

    async def keep(self, step: Step) -> bool:
        """Keep *step* if nobody has kept that step yet; True if it is ours."""
        ...


class Workers(Protocol):
    """When each process that delivers was last alive. Every method raises `Unavailable`."""

    async def beat(self, worker: str, now: datetime) -> None:
        """*worker* is alive *now*; only itself may say so."""
        ...

    async def last_seen(self, worker: str) -> datetime | None:
        """When *worker* last said so. None: it has left, or is forgotten because all its leases are over."""
        ...

    async def leave(self, worker: str) -> None:
        """*worker* has stopped and holds nothing any more."""
        ...


class Outcomes(Protocol):
    """The fate of each letter, with the event that tells it. Raises `Unavailable`."""

    async def settle(self, letter: Letter, end: Ended) -> bool:
        """Keep how *letter* ended, once. False: that was known."""
        ...


class Post(Protocol):
    """One conversation with the mail server, for one letter at a time."""

    async def ready(self) -> None:
        """The server answers and nothing is half said. Raises `Unavailable`."""
        ...

    async def address(self, letter: Letter, size: int) -> int:
        """Say from whom and to whom. The server's reply code; raises `LineLost`."""
        ...

    async def transmit(self, content: bytes) -> int:
        """Say the letter. The reply code; raises `LineLost` when the server may have taken it."""
        ...

    async def hang_up(self) -> None:
        """End the conversation."""
        ...


class Papers(Protocol):
    """The documents that go with letters, as checked PDFs. Raises `Invalid` for one that is not sound."""

    async def quote(self, product: Product, sheet: Sheet, made_at: datetime) -> bytes:
        """The 見積書."""
        ...

    async def brochures(self, product: Product) -> tuple["Brochure", ...]:
        """The product's brochures."""
        ...


@dataclass(frozen=True, slots=True)
class Brochure:
    """A brochure with the title that the mail mentions it by."""

    title: str
    attachment: Attachment


class Parcels(Protocol):
    """Opens what is sealed for notify."""

    def open(self, parcel: Parcel) -> Content:
        """What is inside. Raises `Invalid`."""
        ...
