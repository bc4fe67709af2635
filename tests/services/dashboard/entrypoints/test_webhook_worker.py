"""The whole way of a webhook: a fact from Kafka, a real MongoDB, a real HTTP server, and workers that are killed."""

import asyncio
import base64
import hashlib
import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import pytest

from services.dashboard.adapters.http_post import HttpPosts
from services.dashboard.adapters.mongo import MongoCases
from services.dashboard.adapters.mongo_summaries import MongoSummaries
from services.dashboard.adapters.mongo_webhooks import MongoDeliveries, MongoSubscriptions
from services.dashboard.domain.public_address import networks_in
from services.dashboard.entrypoints.worker import CLAIMED_FOR, WebhookDispatcher
from services.dashboard.usecases.pause_webhook import PauseWebhook, ResumeWebhook
from services.dashboard.usecases.record_fact import RecordFact
from services.dashboard.usecases.subscribe import Subscribe
from services.dashboard.usecases.summarise import SummariseTogether
from services.dashboard.usecases.webhooks import Deliver, QueueMessages
from shared.runtime.adapters.mongo import Database
from tests.services.dashboard.adapters.test_mongo_sealed import a_box
from tests.services.dashboard.builders import NOON, OPENER, a_whole_story, an_offer
from tests.services.dashboard.fakes import InMemoryAudit, summarising
from tests.services.dashboard.receiver import NO_CONTENT, Received, Receiver, accept

pytestmark = pytest.mark.anyio

LOOPBACK: Final = networks_in("127.0.0.0/8")


@dataclass
class System:
    """The dashboard's parts for webhooks on one database, with a clock to move."""

    database: Database
    time: datetime = NOON
    audit: InMemoryAudit = field(default_factory=InMemoryAudit)

    def __post_init__(self) -> None:
        self.subscriptions = MongoSubscriptions(self.database, a_box())
        self.deliveries = MongoDeliveries(self.database)

    def now(self) -> datetime:
        return self.time

    async def subscribe(self, name: str, url: str) -> str:
        subscribe = Subscribe(
            subscriptions=self.subscriptions, deliveries=self.deliveries, audit=self.audit, now=self.now
        )
        return await subscribe(name, url, ["*"])

    @property
    def pause(self) -> PauseWebhook:
        return PauseWebhook(subscriptions=self.subscriptions, audit=self.audit, now=self.now)

    @property
    def resume(self) -> ResumeWebhook:
        return ResumeWebhook(
            subscriptions=self.subscriptions, deliveries=self.deliveries, audit=self.audit, now=self.now
        )

    def record(self) -> RecordFact:
        cases = MongoCases(self.database)
        summarise = summarising(cases, MongoSummaries(self.database))
        queue = QueueMessages(subscriptions=self.subscriptions, deliveries=self.deliveries, now=self.now)
        return RecordFact(
            cases=cases,
            summarise=SummariseTogether(summarise),
            queue_messages=queue,
            summaries=MongoSummaries(self.database),
            opener=OPENER,
        )

    @asynccontextmanager
    async def worker(self) -> AsyncIterator[None]:
        """A worker that is killed at the end of the block, whatever it is doing."""
        deliver = Deliver(
            subscriptions=self.subscriptions, deliveries=self.deliveries, posts=HttpPosts(LOOPBACK), now=self.now
        )
        dispatcher = WebhookDispatcher(self.subscriptions, self.deliveries, deliver, self.resume, self.now, poll_s=0.01)
        task = asyncio.create_task(dispatcher.run())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def settled(self, number: int) -> None:
        """Returns when *number* deliveries have ended."""
        async with asyncio.timeout(20):
            while await self._ended() < number:  # noqa: ASYNC110  # the database has no event for this
                await asyncio.sleep(0.01)

    async def _ended(self) -> int:
        return sum(count for (_, state), count in (await self.deliveries.counts()).items() if state != "waiting")


@pytest.fixture
async def system(database: Database) -> System:
    system = System(database)
    await system.deliveries.prepare()
    return system


def is_signed(one: Received, secret: str) -> bool:
    """As a receiver checks it, written without our own code."""
    told = f"{one.headers['webhook-id']}.{one.headers['webhook-timestamp']}.".encode() + one.body
    digest = hmac.new(base64.b64decode(secret.removeprefix("whsec_")), told, hashlib.sha256).digest()
    return one.headers["webhook-signature"] == f"v1,{base64.b64encode(digest).decode()}"


async def test_every_fact_of_a_case_is_told_signed_and_once(system: System) -> None:
    story = a_whole_story()
    async with Receiver().running() as receiver, system.worker():
        secret = await system.subscribe("crm", receiver.url)
        record = system.record()
        for fact in [*story, *story]:
            await record(fact)
        await receiver.has(len(story))
        await system.settled(len(story))

    assert len(set(receiver.ids)) == len(receiver.ids) == len(story)
    assert all(is_signed(one, secret) for one in receiver.received)
    assert not is_signed(receiver.received[0], await system.subscribe("other", receiver.url))


async def test_a_worker_that_is_killed_loses_nothing_and_a_duplicate_has_the_same_id(system: System) -> None:
    """It is killed when the receiver has the message and nobody knows it: only a second delivery is safe."""
    held = asyncio.Event()

    async def first_hangs(received: Received, writer: asyncio.StreamWriter) -> None:
        if not held.is_set():
            held.set()
            await asyncio.Event().wait()
        await accept(received, writer)

    async with Receiver(first_hangs).running() as receiver:
        await system.subscribe("crm", receiver.url)
        record = system.record()
        for revision in range(1, 6):
            await record(an_offer(revision=revision))
        async with system.worker():
            await held.wait()
        async with system.worker():
            await receiver.has(5)
            before = set(receiver.ids)
            system.time += CLAIMED_FOR
            await receiver.has(6)
            await system.settled(5)

    assert len(before) == 5
    assert len(receiver.ids) == 6
    assert receiver.ids.count(receiver.ids[0]) == 2
    assert set(receiver.ids) == before
    assert receiver.received[0].body == next(
        one.body for one in receiver.received[1:] if one.headers["webhook-id"] == receiver.ids[0]
    )


async def test_two_workers_share_the_work_and_send_nothing_twice(system: System) -> None:
    async with Receiver().running() as receiver:
        for name in ("crm", "board"):
            await system.subscribe(name, receiver.url)
        record = system.record()
        for revision in range(1, 21):
            await record(an_offer(revision=revision))
        async with system.worker(), system.worker():
            await receiver.has(40)
            await system.settled(40)

    assert sorted(receiver.ids.count(one) for one in set(receiver.ids)) == [2] * 20


async def test_a_subscriber_that_hangs_delays_only_itself(system: System) -> None:
    async def hang(_received: Received, _writer: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    async with Receiver(hang).running() as hanging, Receiver().running() as other, system.worker():
        await system.subscribe("a-hangs", hanging.url)
        await system.subscribe("b-works", other.url)
        record = system.record()
        for revision in range(1, 11):
            await record(an_offer(revision=revision))
        await hanging.has(1)
        await other.has(10)

    assert len(hanging.received) == 1


async def test_a_subscriber_that_is_down_is_told_when_it_is_back(system: System) -> None:
    is_down = True

    async def down_at_first(_received: Received, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 503 Away\r\nContent-Length: 0\r\n\r\n" if is_down else NO_CONTENT)

    async with Receiver(down_at_first).running() as receiver, system.worker():
        await system.subscribe("crm", receiver.url)
        await system.record()(an_offer())
        await receiver.has(1)
        is_down = False
        while len(receiver.received) < 2:
            system.time += timedelta(seconds=5)
            await asyncio.sleep(0.02)
        await system.settled(1)

    assert len(set(receiver.ids)) == 1
    log = await system.deliveries.log("crm", 9)
    assert [one.answer.status for one in log] == [204, 503]
