"""What serving other programs needs from outside: their tokens, and the quotes in the order of time.

Methods that use the database raise `Unavailable` when it cannot be reached.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from services.dashboard.domain.quote_listing import Quote, QuoteFilter, QuotePlace
from services.dashboard.domain.token import ApiToken


class Tokens(Protocol):
    """The tokens of other programs, by their digests. A revoked one is kept: the audit names it."""

    async def add(self, token: ApiToken, digest: str) -> bool:
        """False: there is or was one of this name."""
        ...

    async def find(self, digest: str) -> ApiToken | None:
        """The token with this digest, also one that no longer works."""
        ...

    async def note_use(self, name: str, at: datetime) -> None:
        """Remember when it was used last."""
        ...

    async def all(self) -> Sequence[ApiToken]:
        """Every token, by name."""
        ...

    async def revoke(self, name: str, at: datetime) -> bool:
        """It opens nothing from now on. False: there is none of this name that works."""
        ...


class Quotes(Protocol):
    """The quotes that rating has published, read across cases."""

    async def page(self, wanted: QuoteFilter, after: QuotePlace | None, limit: int) -> Sequence[Quote]:
        """At most *limit* of them that come after a place, the newest first. One that cannot be read is left out."""
        ...

    async def find(self, quote_id: str) -> Quote | None:
        """None also for one that cannot be read."""
        ...
