"""A held decision goes out once or not at all: with a real mongod and relay, after a crash, and in two processes."""

import asyncio
import json
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import pytest

from services.dashboard.adapters.mongo import MongoCases
from services.dashboard.adapters.mongo_decisions import MongoDecisions
from services.dashboard.domain.case import Case, case_of
from services.dashboard.domain.take_back import MARGIN
from services.dashboard.ports.cases import Withdrawn
from shared.events import DecisionWithdrawn, QuoteReleased
from shared.products.desk import TAKE_BACK
from shared.runtime.adapters.mongo import Database, connect
from shared.runtime.adapters.mongo_outbox import MongoOutbox
from shared.runtime.outbox import OutboxEntry
from shared.runtime.relay import POLL, Relay
from tests.services.dashboard.builders import (
    NOON,
    REQUEST,
    a_note,
    a_release,
    a_request,
    a_withdrawal,
    an_offer,
)

pytestmark = pytest.mark.anyio

RELEASED_AT: Final = a_release().released_at
RELEASE_ID: Final = f"{REQUEST}:r1:released"
DUE: Final = RELEASED_AT + TAKE_BACK
CASE: Final = (a_request(product="by-desk"), an_offer())
MANY: Final = 60
CHILD: Final = Path(__file__).parent / "take_back_child.py"


class Topic:
    """What Kafka has acknowledged."""

    def __init__(self) -> None:
        self.records: list[OutboxEntry] = []

    async def publish(self, event: OutboxEntry) -> None:
        self.records.append(event)

    def types(self) -> list[str]:
        return [record.headers["ce_type"] for record in self.records]


class Process:
    """A dashboard's process, as far as decisions go. `announced`: what it would publish at once."""

    def __init__(self, database: Database, topic: Topic, now: datetime) -> None:
        self.announced: list[OutboxEntry] = []
        self.decisions = MongoDecisions(database, self.announced.append)
        self.cases = MongoCases(database)
        self.relay = Relay(MongoOutbox(database, ["decisions"]), topic.publish, lambda: self.now)
        self.now = now

    async def poll(self, now: datetime) -> None:
        self.now = now
        await self.relay.publish_due()
        await self.relay.mark()


@pytest.fixture
async def process(database: Database) -> Process:
    one = Process(database, Topic(), RELEASED_AT)
    await one.decisions.prepare()
    for fact in CASE:
        await one.cases.add(fact)
    return one


async def test_nobody_hears_of_a_held_decision_before_it_is_due(database: Database, process: Process) -> None:
    topic = Topic()
    others = Process(database, topic, RELEASED_AT)
    await process.decisions.add(a_release())
    await process.decisions.add(a_note())

    await others.poll(DUE - timedelta(milliseconds=1))
    before = topic.types()
    await others.poll(DUE)

    assert [entry.headers["ce_type"] for entry in process.announced] == [a_note().type]
    assert QuoteReleased.type not in before
    assert topic.types().count(QuoteReleased.type) == 1


def test_a_due_decision_is_found_within_two_seconds() -> None:
    """No announcement wakes the relay for it: the longest pause between two looks decides."""
    assert max(POLL.waits_s) <= 2


async def test_what_was_taken_back_is_never_published_and_that_is_published(
    database: Database, process: Process
) -> None:
    topic = Topic()
    await process.decisions.add(a_release())

    done = await process.decisions.withdraw(RELEASE_ID, a_withdrawal(), after=1, before=RELEASED_AT + MARGIN)
    await Process(database, topic, RELEASED_AT).poll(DUE + timedelta(hours=1))

    assert done is Withdrawn.DONE
    assert [entry.headers["ce_type"] for entry in process.announced] == [DecisionWithdrawn.type]
    assert topic.types() == [DecisionWithdrawn.type]
    trace = await database["decisions"].find_one({"_id": RELEASE_ID})
    assert trace is not None
    assert trace["withdrawn"]["event"]["released_by"] == "desk"


async def test_what_comes_back_from_the_topic_changes_nothing(process: Process) -> None:
    """The dashboard reads its own events; and who makes everything again from the topics has only these."""
    await process.decisions.add(a_release())
    await process.decisions.withdraw(RELEASE_ID, a_withdrawal(), after=1, before=RELEASED_AT + MARGIN)
    await process.decisions.add(a_release())
    before = await process.cases.find(REQUEST)

    for echo in (a_withdrawal(), a_release()):
        await process.cases.add(echo)

    assert await process.cases.find(REQUEST) == before
    assert before == case_of([*CASE, a_withdrawal(), a_release()], last_number=2)


async def test_a_crash_while_it_is_held_sends_it_once(database: Database, process: Process) -> None:
    """Only the document is left: a new process finds it when it is due."""
    topic = Topic()
    await process.decisions.add(a_release())
    restarted = Process(database, topic, RELEASED_AT + timedelta(seconds=3))

    await restarted.poll(RELEASED_AT + timedelta(seconds=5))
    await restarted.poll(DUE)
    await restarted.poll(DUE + timedelta(seconds=5))

    assert topic.types() == [QuoteReleased.type]


async def test_a_crash_after_it_was_taken_back_sends_it_never(database: Database, process: Process) -> None:
    topic = Topic()
    await process.decisions.add(a_release())
    await process.decisions.withdraw(RELEASE_ID, a_withdrawal(), after=1, before=RELEASED_AT + MARGIN)
    restarted = Process(database, topic, DUE)

    await restarted.poll(DUE)
    case = await restarted.cases.find(REQUEST)

    assert QuoteReleased.type not in topic.types()
    assert isinstance(case, Case)
    assert case.releases == ()


async def test_a_relay_that_has_taken_it_up_and_dies_leaves_nothing_to_take_back(
    database: Database, process: Process
) -> None:
    """It may be in Kafka already. So a clock that is wrong, or a process that stood still, cannot unsay it."""
    topic = Topic()
    await process.decisions.add(a_release())
    await MongoOutbox(database, ["decisions"]).due(DUE, 10)

    late = await process.decisions.withdraw(RELEASE_ID, a_withdrawal(), after=1, before=RELEASED_AT)
    await Process(database, topic, DUE).poll(DUE)

    assert late is Withdrawn.TOO_LATE
    assert topic.types() == [QuoteReleased.type]


async def test_what_kafka_refused_once_is_not_taken_back_though_it_waits_again(
    database: Database, process: Process
) -> None:
    """It may have arrived all the same."""
    await process.decisions.add(a_release())
    outbox = MongoOutbox(database, ["decisions"])
    [entry] = await outbox.due(DUE, 10)
    await outbox.postpone(entry, DUE + timedelta(minutes=1))

    late = await process.decisions.withdraw(RELEASE_ID, a_withdrawal(), after=1, before=DUE)

    assert late is Withdrawn.TOO_LATE


async def test_in_two_processes_each_of_many_is_published_or_taken_back_and_never_both(
    database: Database, mongo_uri: str
) -> None:
    """One process takes back from the last on, while the relay of the other finds the first ones due."""
    topic = Topic()
    relaying = Process(database, topic, DUE)
    await relaying.decisions.prepare()
    names = [f"case-{number}" for number in range(MANY)]
    for number, name in enumerate(names):
        at = NOON + timedelta(milliseconds=number)
        await relaying.decisions.add(QuoteReleased(request_id=name, quote_id=name, released_at=at, released_by="desk"))
    child = await asyncio.create_subprocess_exec(
        sys.executable, str(CHILD), mongo_uri, database.name, *names, stdout=asyncio.subprocess.PIPE
    )
    assert child.stdout is not None
    await child.stdout.readline()

    for number in range(MANY):
        await relaying.poll(NOON + TAKE_BACK + timedelta(milliseconds=number))
    told: dict[str, str] = json.loads(await child.stdout.readline())
    await child.wait()
    await relaying.poll(DUE)

    withdrawn = {name for name, end in told.items() if end == Withdrawn.DONE}
    published = {record.key for record in topic.records if record.headers["ce_type"] == QuoteReleased.type}
    assert withdrawn | published == set(names)
    assert withdrawn & published == set()


async def test_at_the_same_moment_the_database_decides_for_each(database: Database, process: Process) -> None:
    """The relay has read them all before the first is taken back: it must look again before it publishes."""
    names = [f"case-{number}" for number in range(MANY)]
    for name in names:
        held = QuoteReleased(request_id=name, quote_id=name, released_at=NOON, released_by="desk")
        await process.decisions.add(held)

    withdraw = process.decisions.withdraw
    due, ends = await asyncio.gather(
        MongoOutbox(database, ["decisions"]).due(NOON + TAKE_BACK, MANY),
        asyncio.gather(*(withdraw(f"{name}:released", _withdrawal_of(name), after=1, before=NOON) for name in names)),
    )

    withdrawn = {name for name, end in zip(names, ends, strict=True) if end is Withdrawn.DONE}
    to_publish = {entry.key for entry in due if entry.headers["ce_type"] == QuoteReleased.type}
    assert withdrawn | to_publish == set(names)
    assert withdrawn & to_publish == set()


def _withdrawal_of(request_id: str) -> DecisionWithdrawn:
    return a_withdrawal().model_copy(update={"request_id": request_id, "decision_id": f"{request_id}:back"})


async def test_a_process_that_is_killed_while_it_is_held_leaves_it_to_the_others(
    database: Database, mongo_uri: str, process: Process
) -> None:
    topic = Topic()
    child = await asyncio.create_subprocess_exec(sys.executable, str(CHILD), mongo_uri, database.name, "--decide")
    killed = await child.wait()
    async with connect(mongo_uri, database.name) as reopened:
        await Process(reopened, topic, DUE).poll(DUE)

    assert killed == -9
    assert process.announced == []
    assert topic.types() == [QuoteReleased.type]
