"""Who is told by webhooks: add and remove a program, and tell it again. What an operator does is recorded first."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from services.dashboard.domain.token import TOKEN_NAME
from services.dashboard.domain.webhook import WANTED, Subscription, message_of, new_secret
from services.dashboard.ports.api import Deliveries, FactLog, Subscriptions
from services.dashboard.ports.audit import Audit
from shared.clock import Clock
from shared.errors import Invalid

MOST: Final = 50
"""Each is looked at for every fact, and has a connection of its own."""
_LONGEST_URL: Final = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscribe:
    """Tell a program from now on. Returns its secret, which is shown once."""

    subscriptions: Subscriptions
    deliveries: Deliveries
    audit: Audit
    now: Clock

    async def __call__(self, name: str, url: str, wants: Collection[str], *, by: str = "") -> str:
        """*by*: the admin's account; empty on the command line.

        Raises `Invalid`: bad-name, bad-url, bad-events, name-taken, too-many.

        Where *url* leads is not checked here, but at each attempt.
        """
        if not TOKEN_NAME.fullmatch(name):
            raise Invalid("bad-name")
        if not _is_usable(url):
            raise Invalid("bad-url")
        if not wants or not set(wants) <= WANTED:
            raise Invalid("bad-events")
        known = await self.subscriptions.all()
        if len(known) >= MOST:
            raise Invalid("too-many")
        if any(one.name == name for one in known):
            raise Invalid("name-taken")
        now, secret = self.now(), new_secret()
        await self.audit.record("webhook-added", now, by or f"api:{name}", about=f"{name}={' '.join(sorted(wants))}")
        # What a process queued for one of this name while that was being removed is not for this one.
        await self.deliveries.remove(name)
        added = Subscription(name=name, url=url, wants=frozenset(wants), since=now)
        if not await self.subscriptions.add(added, secret):
            raise Invalid("name-taken")  # By somebody else, at this moment.
        return secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsubscribe:
    """Tell a program no more, not even what is on its way."""

    subscriptions: Subscriptions
    deliveries: Deliveries
    audit: Audit
    now: Clock

    async def __call__(self, name: str, *, by: str = "") -> None:
        """Raises `Invalid` (no-such-subscription)."""
        await find(self.subscriptions, name)
        await self.audit.record("webhook-removed", self.now(), by or f"api:{name}", about=name)
        await self.subscriptions.remove(name)
        await self.deliveries.remove(name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """Tell a program again, with the same ids: after it has lost something, or of what was before it was added."""

    subscriptions: Subscriptions
    deliveries: Deliveries
    facts: FactLog
    audit: Audit
    now: Clock

    async def __call__(self, name: str, since: datetime, *, by: str = "") -> int:
        """Everything that became true at *since* or later; returns how many. Raises `Invalid`."""
        subscription, now, count = await find(self.subscriptions, name), self.now(), 0
        await self.audit.record("webhook-replayed", now, by or f"api:{name}", about=f"{name}={since.isoformat()}")
        async for fact in self.facts.since(since):
            message = message_of(fact)
            if message and subscription.has(message.type):
                await self.deliveries.add_again(name, message, now)
                count += 1
        return count


async def find(subscriptions: Subscriptions, name: str) -> Subscription:
    """Raises `Invalid` (no-such-subscription)."""
    found = await subscriptions.find(name)
    if found is None:
        raise Invalid("no-such-subscription")
    return found


def _is_usable(url: str) -> bool:
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  # it is read when it is asked for
    except ValueError:
        return False
    is_plain = url.isascii() and url.isprintable() and " " not in url and len(url) <= _LONGEST_URL
    return is_plain and parts.scheme in {"https", "http"} and bool(parts.hostname) and parts.username is None
