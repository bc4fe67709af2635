"""Keeps the subscriptions of webhooks without the dashboard's process: for `mitsumori webhooks …`."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from services.dashboard.adapters.desk_box import load_desk_box
from services.dashboard.adapters.mongo_audit import MongoAudit
from services.dashboard.adapters.mongo_webhooks import MongoDeliveries, MongoFactLog, MongoSubscriptions
from services.dashboard.domain.webhook import Subscription
from services.dashboard.ports.api import Attempt, DeliveryState
from services.dashboard.usecases.pause_webhook import PauseWebhook, ResumeWebhook
from services.dashboard.usecases.subscribe import Replay, Subscribe, Unsubscribe
from services.registry import service
from shared.clock import utc_now
from shared.runtime.adapters.mongo import Database, connect


async def add_webhook(mongo: str, keys: Path, name: str, url: str, wants: Collection[str]) -> str:
    """The secret of the new subscription. *keys*: the dashboard's folder. Raises `Invalid`, `FileNotFoundError`."""
    box = load_desk_box(keys)
    async with _database(mongo) as database:
        subscribe = Subscribe(
            subscriptions=MongoSubscriptions(database, box),
            deliveries=MongoDeliveries(database),
            audit=MongoAudit(database),
            now=utc_now,
        )
        return await subscribe(name, url, wants)


async def list_webhooks(mongo: str) -> tuple[Sequence[Subscription], Mapping[tuple[str, DeliveryState], int]]:
    """Every subscription, and how many messages each has in which state."""
    async with _database(mongo) as database:
        subscriptions = await MongoSubscriptions(database).all()
        return subscriptions, await MongoDeliveries(database).counts()


async def remove_webhook(mongo: str, name: str) -> None:
    """Raises `Invalid` (no-such-subscription)."""
    async with _database(mongo) as database:
        remove = Unsubscribe(
            subscriptions=MongoSubscriptions(database),
            deliveries=MongoDeliveries(database),
            audit=MongoAudit(database),
            now=utc_now,
        )
        await remove(name)


async def pause_webhook(mongo: str, name: str) -> None:
    """Raises `Invalid` (no-such-subscription)."""
    async with _database(mongo) as database:
        pause = PauseWebhook(subscriptions=MongoSubscriptions(database), audit=MongoAudit(database), now=utc_now)
        await pause(name)


async def resume_webhook(mongo: str, name: str) -> None:
    """Raises `Invalid` (no-such-subscription)."""
    async with _database(mongo) as database:
        resume = ResumeWebhook(
            subscriptions=MongoSubscriptions(database),
            deliveries=MongoDeliveries(database),
            audit=MongoAudit(database),
            now=utc_now,
        )
        await resume(name)


async def replay_webhook(mongo: str, name: str, since: datetime) -> int:
    """How many messages are sent again. Raises `Invalid` (no-such-subscription)."""
    async with _database(mongo) as database:
        replay = Replay(
            subscriptions=MongoSubscriptions(database),
            deliveries=MongoDeliveries(database),
            facts=MongoFactLog(database),
            audit=MongoAudit(database),
            now=utc_now,
        )
        return await replay(name, since)


async def log_of_webhook(mongo: str, name: str, limit: int) -> Sequence[Attempt]:
    """The last attempts, the newest first."""
    async with _database(mongo) as database:
        return await MongoDeliveries(database).log(name, limit)


@asynccontextmanager
async def _database(mongo: str) -> AsyncIterator[Database]:
    async with connect(mongo, service("dashboard").database) as database:
        yield database
