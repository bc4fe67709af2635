"""Tell other programs what became true: queue a message for whoever wants it, and deliver one."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import structlog

from services.dashboard.domain.facts import Fact
from services.dashboard.domain.webhook import KEPT_FOR, Subscription, headers_of, message_of, next_try
from services.dashboard.ports.api import Attempt, Deliveries, Delivery, PostAnswer, Posts, Subscriptions
from services.dashboard.usecases.metrics import WEBHOOKS
from shared.clock import Clock

log = structlog.get_logger(__name__)

LOOKED_UP_EVERY: Final = timedelta(seconds=2)
"""How often the subscriptions are read. So much later a new one begins to be told, at the latest."""


@dataclass(slots=True, kw_only=True)
class QueueMessages:
    """Queue what is told of a fact. Safe to repeat: one fact is one message to each subscription."""

    subscriptions: Subscriptions
    deliveries: Deliveries
    now: Clock
    _known: tuple[Subscription, ...] = ()
    _known_until: datetime | None = field(default=None)
    _looking: asyncio.Lock = field(default_factory=asyncio.Lock)
    """The facts of a form come at the same moment: one look is for all of them."""

    async def __call__(self, fact: Fact) -> None:
        """What a subscription is too new for, or what is older than deliveries are kept, needs a replay."""
        now = self.now()
        subscriptions = await self._subscriptions(now)
        message = message_of(fact) if subscriptions else None
        if message is None:
            return
        for one in subscriptions:
            if one.has(message.type) and max(one.since, now - KEPT_FOR) <= message.at:
                await self.deliveries.add(one.name, message, now)

    async def _subscriptions(self, now: datetime) -> tuple[Subscription, ...]:
        async with self._looking:
            if self._known_until is None or not now < self._known_until <= now + LOOKED_UP_EVERY:
                self._known, self._known_until = tuple(await self.subscriptions.all()), now + LOOKED_UP_EVERY
            return self._known


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliver:
    """Make one attempt, and say when the next one is. A process that ends in between leaves it to another."""

    subscriptions: Subscriptions
    deliveries: Deliveries
    posts: Posts
    now: Clock

    async def __call__(self, delivery: Delivery, url: str) -> None:
        """Raises `Unavailable`: then it is tried again when nobody has it any more."""
        at, message = self.now(), delivery.message
        secret = await self.subscriptions.secret(delivery.subscription)
        if secret is None:
            answer = PostAnswer(None, "no-secret")
        else:
            headers = headers_of(message.id, message.body, secret, at)
            answer = await self.posts.post(url, message.body.encode(), headers)
        next_at = None if answer.is_accepted else next_try(delivery.tries, delivery.since, self.now())
        attempt = Attempt(
            subscription=delivery.subscription,
            message_id=message.id,
            type=message.type,
            number=delivery.tries,
            at=at,
            answer=answer,
        )
        await self.deliveries.settle(delivery, attempt, next_at)
        outcome = "delivered" if answer.is_accepted else "later" if next_at else "given-up"
        WEBHOOKS.labels(outcome).inc()
        line = log.info if answer.is_accepted else log.warning if next_at else log.error
        line(
            f"webhook {outcome}",
            subscription=delivery.subscription,
            type=message.type,
            tries=delivery.tries,
            status=answer.status,
            reason=answer.problem,
        )
