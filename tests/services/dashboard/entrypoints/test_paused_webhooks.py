"""A webhook that is paused: nothing is sent, nothing is lost, and after it everything comes in order."""

import asyncio
import json
from datetime import timedelta
from typing import Final

import pytest

from services.dashboard.domain.webhook import PAUSED_AT_MOST
from shared.runtime.adapters.mongo import Database
from tests.services.dashboard.builders import NOON, an_offer
from tests.services.dashboard.entrypoints.test_webhook_worker import System
from tests.services.dashboard.receiver import NO_CONTENT, Received, Receiver, accept

pytestmark = pytest.mark.anyio

AWAY: Final = b"HTTP/1.1 503 Away\r\nContent-Length: 0\r\n\r\n"


@pytest.fixture
async def system(database: Database) -> System:
    system = System(database)
    await system.deliveries.prepare()
    return system


def revisions(receiver: Receiver) -> list[int]:
    return [json.loads(one.body)["data"]["revision"] for one in receiver.received]


async def test_what_becomes_true_during_a_pause_is_told_in_order_after_it(system: System) -> None:
    async with Receiver().running() as paused, Receiver().running() as other, system.worker():
        await system.subscribe("crm", paused.url)
        await system.subscribe("other", other.url)
        await system.pause("crm")
        record = system.record()
        for revision in (3, 1, 2):
            await record(an_offer(revision=revision))
        await other.has(3)
        during = list(paused.received)
        await system.resume("crm")
        await paused.has(3)
        await system.settled(6)

    assert (during, revisions(paused)) == ([], [1, 2, 3])
    assert len(set(paused.ids)) == 3


async def test_what_is_being_sent_when_the_pause_begins_still_ends_and_the_next_waits(system: System) -> None:
    held, go_on = asyncio.Event(), asyncio.Event()

    async def hold(received: Received, writer: asyncio.StreamWriter) -> None:
        held.set()
        await go_on.wait()
        await accept(received, writer)

    async with Receiver(hold).running() as receiver, Receiver().running() as other, system.worker():
        await system.subscribe("crm", receiver.url)
        record = system.record()
        for revision in (1, 2):
            await record(an_offer(revision=revision))
        await held.wait()
        await system.pause("crm")
        go_on.set()
        await system.settled(1)
        await system.subscribe("other", other.url)
        await system.record()(an_offer(revision=3))
        await other.has(1)
        counts, tried = await system.deliveries.counts(), await system.deliveries.log("crm", 9)

    assert revisions(receiver) == [1]
    assert (counts["crm", "delivered"], counts["crm", "waiting"]) == (1, 2)
    assert [one.answer.status for one in tried] == [204]


async def test_what_was_put_off_before_the_pause_is_not_given_up_for_it(system: System) -> None:
    """A message is tried for 72 hours, but a pause is not the receiver's fault."""
    answers = [AWAY, AWAY, NO_CONTENT]

    async def away_at_first(_received: Received, writer: asyncio.StreamWriter) -> None:
        writer.write(answers.pop(0))

    async with Receiver(away_at_first).running() as receiver, system.worker():
        await system.subscribe("crm", receiver.url)
        await system.record()(an_offer())
        await receiver.has(1)
        await system.pause("crm")
        system.time += timedelta(days=4)
        await system.resume("crm")
        await receiver.has(2)
        async with asyncio.timeout(20):
            while len(await system.deliveries.log("crm", 9)) < 2:  # noqa: ASYNC110  # the database has no event for this
                await asyncio.sleep(0.01)
        system.time += timedelta(seconds=5)
        await system.settled(1)

    assert await system.deliveries.counts() == {("crm", "delivered"): 1}


async def test_a_pause_that_was_forgotten_ends_by_itself(system: System) -> None:
    async with Receiver().running() as receiver, Receiver().running() as other, system.worker():
        await system.subscribe("crm", receiver.url)
        await system.subscribe("other", other.url)
        await system.pause("crm", by="desk")
        await system.record()(an_offer())
        system.time += PAUSED_AT_MOST - timedelta(seconds=1)
        await system.record()(an_offer(revision=2))
        await other.has(2)
        before = list(receiver.received)
        system.time = NOON + PAUSED_AT_MOST
        await receiver.has(2)
        await system.settled(4)

    assert (before, revisions(receiver)) == ([], [1, 2])
    acts = [(act, by) for act, by, _ in system.audit.acts if act.startswith("webhook-")]
    assert acts[-2:] == [("webhook-paused", "desk"), ("webhook-resumed", "api:crm")]
    assert [one.paused_at for one in await system.subscriptions.all()] == [None, None]
