"""What serving other programs needs from outside: tokens, quotes in the order of time, and webhooks.

Methods that use the database raise `Unavailable` when it cannot be reached.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from services.dashboard.domain.facts import Fact
from services.dashboard.domain.quote_listing import Quote, QuoteFilter, QuotePlace
from services.dashboard.domain.token import ApiToken
from services.dashboard.domain.webhook import Message, Subscription


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


class FactLog(Protocol):
    """All facts, read across cases."""

    def since(self, moment: datetime) -> AsyncIterator[Fact]:
        """Those that became true at *moment* or later, in no order. One that cannot be read is left out."""
        ...


class Subscriptions(Protocol):
    """The programs that are told by webhooks."""

    async def add(self, subscription: Subscription, secret: str) -> bool:
        """The secret is encrypted at rest. False: there is one of this name."""
        ...

    async def all(self) -> Sequence[Subscription]:
        """Every subscription, by name."""
        ...

    async def find(self, name: str) -> Subscription | None:
        """None: there is none of this name."""
        ...

    async def secret(self, name: str) -> str | None:
        """What its messages are signed with; None when it cannot be read (any more)."""
        ...

    async def pause(self, name: str, at: datetime) -> None:
        """Paused since *at*, or since before, where it is paused already."""
        ...

    async def resume(self, name: str) -> None:
        """Paused no more."""
        ...

    async def remove(self, name: str) -> bool:
        """False: there is none of this name."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One message to one subscription, in the hands of one process.

    `tries`: with this one. `since`: when it was queued, last by a replay or after a pause.
    """

    subscription: str
    message: Message
    tries: int
    since: datetime


PostProblem = Literal["forbidden-address", "not-https", "no-address", "connection-failed", "timed-out", "no-secret"]


@dataclass(frozen=True, slots=True)
class PostAnswer:
    """The status that a receiver answered with, or why there is none."""

    status: int | None
    problem: PostProblem | None = None

    @property
    def is_accepted(self) -> bool:
        """Only 2xx: a redirect is not followed."""
        return self.status is not None and self.status // 100 == 2  # noqa: PLR2004  # 2xx


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One line of the delivery log."""

    subscription: str
    message_id: str
    type: str
    number: int
    at: datetime
    answer: PostAnswer


DeliveryState = Literal["waiting", "delivered", "given-up"]


class Deliveries(Protocol):
    """The messages on their way: one for each subscription and fact."""

    async def add(self, subscription: str, message: Message, at: datetime) -> bool:
        """Due at once. False: it was there already, whatever became of it."""
        ...

    async def add_again(self, subscription: str, message: Message, at: datetime) -> None:
        """Due at once, also where it was delivered or given up."""
        ...

    async def begin_again(self, subscription: str, at: datetime) -> None:
        """Whatever waits is due at *at*, as if it had been queued then, and comes in the order of its moments."""
        ...

    async def due(self, now: datetime) -> Sequence[str]:
        """The subscriptions that something is due for."""
        ...

    async def claim(self, subscription: str, now: datetime, until: datetime) -> Delivery | None:
        """One that is due, the oldest first. No other process gets it before *until*, and then another may."""
        ...

    async def settle(self, delivery: Delivery, attempt: Attempt, next_at: datetime | None) -> None:
        """Keep the attempt. Without *next_at* it has ended: delivered, or given up."""
        ...

    async def log(self, subscription: str, limit: int) -> Sequence[Attempt]:
        """The last attempts, the newest first."""
        ...

    async def counts(self) -> Mapping[tuple[str, DeliveryState], int]:
        """How many there are of each subscription and state."""
        ...

    async def remove(self, subscription: str) -> None:
        """Nothing is on its way to it any more. What was tried stays in the log."""
        ...


class Posts(Protocol):
    """Sends to receivers over HTTP, to public addresses or those that the operator has allowed."""

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> PostAnswer:
        """One attempt, which ends within seconds. Whatever goes wrong is part of the answer."""
        ...
