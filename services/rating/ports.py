"""What rating needs from the world, in its own words."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from shared.events import Parcel, QuoteOffered, QuoteReferred


@dataclass(frozen=True, slots=True)
class Edition:
    """A tariff and the form that it was read against, as text: whatever priced somebody can be read again.

    `id` is a hash of both texts.
    """

    id: str
    product: str
    tariff: str
    tariff_text: str
    form_text: str


@dataclass(frozen=True, slots=True)
class Quote:
    """A quote as it is kept for good, with the event that tells of it.

    `answers` is the request's own parcel, still sealed: what the price was made from can be opened and priced again.
    `workings` are label, factor and amount; what each follows from is in the `worksheet`, sealed for rating itself.
    `edition` is what priced it; there is none before the first tariff. `decision` made a revision after the first.
    """

    id: str
    event: QuoteOffered | QuoteReferred
    form_version: str
    edition: str | None
    answers: Parcel
    worksheet: Parcel
    workings: Sequence[dict[str, str]]
    decision: str | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """A quote as the ledger has it."""

    quote_id: str
    request_id: str
    reception_no: str
    product: str
    revision: int
    tariff_id: str
    tariff_sha256: str
    engine: str
    form_version: str
    issued_at: datetime
    edition: str | None
    answers: Parcel
    worksheet: Parcel
    result: Literal["offered", "referred"]
    basis: Literal["tariff", "manual"]
    premium_yen: int | None
    expires_on: str | None
    decision: str | None


class Quotes(Protocol):
    """The ledger of quotes. Nothing in it ever changes but what the relay notes. All raise `Unavailable`."""

    async def keep(self, quote: Quote) -> bool:
        """Keep *quote* with its unsent event; False when its id has one already, which stays as it is."""
        ...

    async def revision(self, request_id: str, revision: int) -> Kept | None:
        """That revision of a request's quote."""
        ...

    async def named(self, word: str) -> Kept | None:
        """The quote with that id or 見積番号, or the latest revision of the request with that reception number."""
        ...

    def every(self) -> AsyncIterator[Kept]:
        """All of them, oldest first."""
        ...

    async def count(self) -> int:
        """How many there are."""
        ...


class Editions(Protocol):
    """What priced somebody, kept for as long as the quotes. All raise `Unavailable`."""

    async def keep(self, edition: Edition) -> None:
        """Keep *edition*, unless it is there."""
        ...

    async def get(self, edition_id: str) -> Edition | None:
        """The edition with that id."""
        ...
