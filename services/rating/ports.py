"""What rating's use cases need from outside, as protocols."""

from collections.abc import AsyncIterator
from typing import Protocol

from services.rating.domain.edition import Edition
from services.rating.domain.quote import Quote
from shared.events import QuoteOffered, QuoteReferred, TariffStarted


class Quotes(Protocol):
    """The ledger of quotes. Only the relay's fields in it ever change. All raise `Unavailable`."""

    async def add(self, quote: Quote, event: QuoteOffered | QuoteReferred) -> bool:
        """Add *quote* with its unsent event. False: there is a quote with its id already, which stays as it is."""
        ...

    async def revision(self, request_id: str, revision: int) -> Quote | None:
        """That revision of a request's quote."""
        ...

    async def find(self, name: str) -> Quote | None:
        """The quote with that id or 見積番号, or the latest revision of the request with that reception number."""
        ...

    def every(self) -> AsyncIterator[Quote]:
        """All of them, oldest first."""
        ...

    async def count(self) -> int:
        """How many quotes there are, with every revision."""
        ...


class Editions(Protocol):
    """The tariffs and forms that priced quotes, kept as long as the quotes. All raise `Unavailable`."""

    async def add(self, edition: Edition) -> None:
        """Add *edition*, unless it is there."""
        ...

    async def get(self, edition_id: str) -> Edition | None:
        """The edition with that id."""
        ...


class StartedTariffs(Protocol):
    """The tariffs that were published for estimates. All raise `Unavailable`."""

    async def has(self, edition_id: str) -> bool:
        """Whether that edition is there: to work one out takes a while."""
        ...

    async def add(self, event: TariffStarted) -> bool:
        """Add the tariff with its unsent event. False: its edition is there already, and stays as it is."""
        ...
