"""What intake needs from outside: its database, postal codes, companies and papers.

Methods that use the database raise `Unavailable` when it cannot be reached, unless they say otherwise.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Protocol

from services.intake.domain.company import Company
from services.intake.domain.copy import Copy
from services.intake.domain.funnel import Step
from services.intake.domain.outcome import Outcome
from services.intake.domain.place import Place
from services.intake.domain.request import Request
from shared.events import ColleagueAnswered, ColleagueAsked, FormCounted, ResumeLinkAsked, TariffStarted
from shared.products import Product

LinkMail = ColleagueAsked | ColleagueAnswered
"""An event that only has something mailed about a link."""


class ReceptionNoTaken(Exception):
    """Another request has this reception number already."""


class Requests(Protocol):
    """The requests that were accepted; each is stored once, for good. Only an erasure changes one."""

    async def add(self, request: Request) -> Request:
        """Store *request* with its unsent event, durably; if its id is taken, the one that was there before (`find`).

        Raises `ReceptionNoTaken`.
        """
        ...

    async def find(self, request_id: str) -> Request | None:
        """The request of this id, without its parcels: intake can open none, and its event has them."""
        ...

    async def count(self) -> int:
        """How many there are."""
        ...


class Erasures(Protocol):
    """The requests that an operator has erased."""

    async def waiting(self, limit: int) -> Sequence[str]:
        """The ids of at most *limit* requests that intake has not forgotten yet."""
        ...

    async def mark(self, request_id: str) -> None:
        """Note that intake has forgotten it. Safe to repeat."""
        ...


class Drafts(Protocol):
    """Half-filled forms, encrypted: only the holder of a draft's key can read it (`domain/draft_encryption.py`)."""

    async def save(self, draft_id: str, encrypted: bytes, until: datetime, *, before: bytes | None = None) -> bool:
        """Keep *encrypted* until then in place of *before*, or of whatever is there.

        False, and nothing is stored: another request has stored something else meanwhile, or the draft was moved.
        """
        ...

    async def move(self, draft_id: str, before: bytes, new_id: str, encrypted: bytes, until: datetime) -> bool:
        """Drop *before*, and keep *encrypted* until then as *new_id*. Of several that move the same, one does.

        False, and nothing is changed: *draft_id* no longer is *before*. Afterwards it `was_moved`.
        """
        ...

    async def find(self, draft_id: str, now: datetime) -> bytes | None:
        """The encrypted draft, unless its time is over or it was moved."""
        ...

    async def was_moved(self, draft_id: str) -> bool:
        """Whether it is kept under another id meanwhile."""
        ...

    async def kept_until(self, draft_id: str, now: datetime) -> datetime | None:
        """Until when it is kept; of one that was moved, until when it was to be kept then. None when it is gone."""
        ...

    async def count(self) -> int:
        """How many there are."""
        ...

    async def delete(self, draft_id: str) -> None:
        """Delete it. A draft that is not there is no error."""
        ...


class Links(Protocol):
    """Links to drafts, encrypted: only a link's own secret opens it."""

    async def add(self, link_id: str, encrypted: bytes, event: ResumeLinkAsked) -> None:
        """Store *encrypted* with the unsent event that has its secret mailed, until the link is over."""
        ...

    async def find(self, link_id: str, now: datetime) -> bytes | None:
        """The encrypted link, unless its time is over."""
        ...

    async def mail(self, event: LinkMail, at: datetime) -> bool:
        """Store the unsent *event* of *at*, until its time is over. False, and nothing changes: it was there before."""
        ...


class Outcomes(Protocol):
    """What became of requests, as other services published it."""

    async def add(self, outcome: Outcome) -> None:
        """Store *outcome* once, however often it is added."""
        ...

    async def of(self, request_id: str) -> list[Outcome]:
        """Everything that became of this request, in any order."""
        ...

    async def find(self, outcome_id: str) -> Outcome | None:
        """The outcome of this id."""
        ...


class Steps(Protocol):
    """How far visitors come, for counting. Nothing in it says who they are."""

    async def add(self, step: Step) -> None:
        """Store *step* if that can be done now; it raises nothing."""
        ...

    async def since(self, product: str, moment: datetime) -> Sequence[Step]:
        """The steps since then, oldest first."""
        ...


class FormCounts(Protocol):
    """What was counted of the steps, for the other services."""

    async def add(self, count: FormCounted) -> None:
        """Store *count* with its unsent event, unless the same was counted before."""
        ...


class Tariffs(Protocol):
    """The newest tariff of each product, as rating published it."""

    async def keep(self, tariff: TariffStarted) -> None:
        """Keep *tariff* in place of the one before, unless that one is newer. Safe to repeat, in any order."""
        ...

    async def newest(self, product: str, *, unless: str | None = None) -> TariffStarted | None:
        """The tariff that is kept of *product*; None also where it is the edition of the id *unless*."""
        ...


class Addresses(Protocol):
    """Japan's postal codes."""

    def at(self, postal_code: str) -> tuple[Place, ...]:
        """The places of `100-0013`, each as far as the code determines it; none for a code that does not exist."""
        ...


class Companies(Protocol):
    """Japan's companies, as the National Tax Agency publishes them. An agency may have no list of them."""

    def are_known(self) -> bool:
        """Whether there is a list."""
        ...

    async def numbered(self, number: str) -> Company | None:
        """The company with this 法人番号. Raises `Unavailable` when the list cannot be read."""
        ...

    async def beginning(self, key: str, most: int) -> tuple[Company, ...]:
        """Those whose name, then those whose reading begins with *key*, as `name_key` writes it; short ones first.

        At most *most* by name and as many by reading: the first in the order of keys. Raises `Unavailable`.
        """
        ...


class NewCompanyList(Protocol):
    """A list that is being made, beside the one that is read."""

    def add(self, company: Company) -> None:
        """One more. Of several with the same number the last is kept."""
        ...

    def close(self) -> tuple[int, int]:
        """No more come: how many are kept, and how many were a repetition."""
        ...

    def publish(self) -> None:
        """Put it in the place of the list before, at once."""
        ...


class CompanyList(Protocol):
    """Where the list of companies is kept."""

    def count(self) -> int:
        """How many companies the present list has; none without a list."""
        ...

    def new(self) -> AbstractContextManager[NewCompanyList]:
        """A new list. Unless it is published, nothing of it stays. Raises `Invalid` when it cannot be written."""
        ...


class CompanyFiles(Protocol):
    """Files as the National Tax Agency publishes them."""

    def rows(self, path: Path, progress: Callable[[float], None]) -> Iterator[Sequence[str]]:
        """Its lines, cut into columns; *progress* is told the part that was read. Raises `Invalid`."""
        ...


class Papers(Protocol):
    """Documents as PDF."""

    def can_print(self, text: str) -> bool:
        """Whether the papers show *text* as it is, and nothing in it as 〓. A look into sets: it costs no time."""
        ...

    async def questionnaire(self, product: Product) -> bytes:
        """All questions, to print and to fill in by pen."""
        ...

    async def copy(self, product: Product, copy: Copy, client: str = "") -> bytes:
        """What was sent. *client*: who asks, so that nobody takes every place; nothing when that is not known.

        Raises `Unavailable` when too many papers wait.
        """
        ...
