"""What Kafka has lost of a service's events is published again, and nothing else is."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from shared.errors import Unavailable
from shared.events import REQUESTS, TARIFFS
from shared.runtime.adapters.mongo import Database
from shared.runtime.reconciler import MOST_ROUNDS, Reconciler, Topic
from shared.runtime.topic_ends import MARGIN
from tests.shared.runtime.fakes import NOON, REPLICAS, LossyBroker, WritingProcess

pytestmark = pytest.mark.anyio


def repairs(topic: str = REQUESTS) -> float:
    return REGISTRY.get_sample_value("reconciler_repairs_total", {"topic": topic}) or 0


async def states(database: Database) -> dict[str, str]:
    return {one["_id"]: one["relay"]["state"] async for one in database["facts"].find()}


async def test_an_event_has_the_place_at_which_kafka_has_it(database: Database) -> None:
    process = await WritingProcess(database, LossyBroker()).start()

    await process.tell("0-a", "1-a", "0-b")

    found = {one["_id"]: one["relay"] async for one in database["facts"].find()}
    places = {name: (relay["partition"], relay["offset"]) for name, relay in found.items()}
    assert places == {"0-a": (0, 0), "1-a": (1, 0), "0-b": (0, 1)}
    assert await process.sent.reached() == {REQUESTS: {0: 2, 1: 1}}


async def test_while_nothing_is_lost_nothing_is_published_again_and_the_ledger_is_not_asked(
    database: Database,
) -> None:
    broker, before = LossyBroker(), repairs()
    process = await WritingProcess(database, broker).start()
    await process.tell("0-a", "1-a", "0-b")
    await database.command("profile", 2)

    for _ in range(3):
        await process.reconciler.look()

    await database.command("profile", 0)
    assert await database["system.profile"].count_documents({"ns": {"$regex": "facts$"}}) == 0
    assert broker.asked == 3
    assert broker.topics[REQUESTS] == [["0-a", "0-b"], ["1-a"]]
    assert repairs() == before


async def test_what_was_cut_off_the_end_of_a_topic_is_published_again_and_counted(database: Database) -> None:
    """A broker that came back without its last records left 21 of 96 requests without a quote, and nobody was told."""
    broker, before = LossyBroker(), repairs()
    process = await WritingProcess(database, broker).start()
    await process.tell(*(f"0-{number}" for number in range(5)), "1-a")
    broker.cut(partition=0, left=2)

    with capture_logs() as lines:
        await process.repair()

    assert {"0-2", "0-3", "0-4"} <= set(broker.topics[REQUESTS][0][2:])
    assert broker.topics[REQUESTS][1] == ["1-a"]
    assert set((await states(database)).values()) == {"sent"}
    assert repairs() > before
    assert {(line["event"], line["log_level"]) for line in lines} == {("records lost", "error")}


async def test_a_loss_shows_when_new_records_have_taken_the_place_of_the_lost_ones(database: Database) -> None:
    """Then the topic ends where it should, and more often than not nobody has looked in between."""
    broker = LossyBroker()
    process = await WritingProcess(database, broker).start()
    await process.tell(*(f"0-{number}" for number in range(4)))
    broker.cut(partition=0, left=2)

    await process.tell("0-new", "0-newer")
    assert process.ends.has_lost.is_set()
    await process.repair()

    assert {"0-2", "0-3"} <= set(broker.topics[REQUESTS][0])


async def test_a_reader_that_was_past_the_lost_places_gets_everything_that_has_come_there_since(
    database: Database,
) -> None:
    """It goes on where it was, and would never see what has taken the places before."""
    broker = LossyBroker()
    process = await WritingProcess(database, broker).start()
    await process.tell(*(f"0-{number}" for number in range(6)))
    reader_is_at = len(broker.topics[REQUESTS][0])
    broker.cut(partition=0, left=2)

    await process.tell("0-new")
    await process.repair()

    assert {"0-2", "0-3", "0-4", "0-5", "0-new"} <= set(broker.topics[REQUESTS][0][reader_is_at:])


async def test_a_process_that_starts_after_the_loss_finds_it_too(database: Database) -> None:
    """A power cut takes all of them at once."""
    broker = LossyBroker()
    await (await WritingProcess(database, broker).start()).tell("0-a", "0-b", "0-c")
    broker.cut(partition=0, left=1)

    after = await WritingProcess(database, broker).start()
    await after.repair()

    assert {"0-b", "0-c"} <= set(broker.topics[REQUESTS][0][1:])


async def test_what_another_process_has_published_since_the_loss_hides_nothing(database: Database) -> None:
    """It has not known how far the topic was, and what it published stands where lost records were."""
    broker = LossyBroker()
    first, second = await WritingProcess(database, broker).start(), await WritingProcess(database, broker).start()
    await first.tell("0-a", "0-b", "0-c", "0-d")
    broker.cut(partition=0, left=1)
    await second.tell("0-new")

    await first.repair()

    assert {"0-b", "0-c", "0-d", "0-new"} <= set(broker.topics[REQUESTS][0][4:])


async def test_records_of_another_process_and_records_that_come_during_a_look_are_no_loss(database: Database) -> None:
    broker, before = LossyBroker(), repairs()
    first, second = await WritingProcess(database, broker).start(), await WritingProcess(database, broker).start()

    class Slow(LossyBroker):
        """Its answer is older than the record that has come meanwhile."""

        async def look(self, names: Sequence[str]) -> Mapping[str, Topic | None]:
            answer = await broker.look(names)
            await first.tell("0-meanwhile")
            return answer

    await second.tell("0-a", "0-b")
    await Reconciler([REQUESTS], first.ends, first.sent, Slow(), lambda: NOON).look()
    await first.reconciler.look()
    await second.reconciler.look()

    assert broker.topics[REQUESTS][0] == ["0-a", "0-b", "0-meanwhile"]
    assert repairs() == before


async def test_while_kafka_is_away_nothing_is_known_to_be_lost_and_nothing_is_published(database: Database) -> None:
    broker, before = LossyBroker(), repairs()
    process = await WritingProcess(database, broker).start()
    await process.tell("0-a", "0-b")
    broker.is_away = True

    for _ in range(3):
        with pytest.raises(Unavailable):
            await process.reconciler.look()

    assert await states(database) == {"0-a": "sent", "0-b": "sent"}
    assert repairs() == before


async def test_a_topic_that_has_vanished_is_made_as_it_was_and_what_was_on_it_is_published_again(
    database: Database,
) -> None:
    broker = LossyBroker()
    process = await WritingProcess(database, broker).start()
    await process.tell("0-a", "1-a", "0-b")
    await process.reconciler.look()
    del broker.topics[REQUESTS]

    with capture_logs() as lines:
        await process.repair()

    assert broker.made == [(REQUESTS, 2, REPLICAS)]
    assert [sorted(records) for records in broker.topics[REQUESTS]] == [["0-a", "0-b"], ["1-a"]]
    assert [line["event"] for line in lines] == ["topic is missing", "topic made again", "records lost"]


async def test_a_new_topic_in_place_of_an_old_one_is_filled_and_then_taken_as_it_is(database: Database) -> None:
    """It had come to a million, and holds two weeks: to fill it up to a million would take a flood."""
    broker, before = LossyBroker(), repairs()
    process = await WritingProcess(database, broker).start()
    process.ends.remember(REQUESTS, {0: 1_000_000})
    await process.tell("0-a", "0-b")

    await process.repair()
    await process.tell("0-c")
    await process.repair()

    assert set(broker.topics[REQUESTS][0][:2]) == {"0-a", "0-b"}
    assert len(broker.topics[REQUESTS][0]) <= 2 * (1 + MOST_ROUNDS) + 1
    assert repairs() - before <= 2 * MOST_ROUNDS


async def test_a_topic_that_this_process_has_never_seen_is_left_to_the_operator(database: Database) -> None:
    """It would not know how many copies of it there were."""
    broker = LossyBroker()
    del broker.topics[REQUESTS]
    process = await WritingProcess(database, broker).start()

    with capture_logs() as lines:
        await process.repair()
        await process.repair()

    assert broker.made == []
    assert [line["event"] for line in lines] == ["topic is missing"]


async def test_what_retention_has_removed_is_not_published_again(database: Database) -> None:
    """Its topic holds two weeks: what is older every reader has had, or nobody waits for it any more."""
    broker = LossyBroker(REQUESTS, TARIFFS)
    process = await WritingProcess(database, broker, REQUESTS, TARIFFS).start()
    await process.tell("0-old", at=NOON - timedelta(days=15))
    await process.tell("0-recent", at=NOON - timedelta(days=13))
    await process.tell("0-tariff", at=NOON - timedelta(days=400), topic=TARIFFS)
    broker.cut(partition=0, left=0)
    broker.cut(partition=0, left=0, topic=TARIFFS)

    await process.repair()

    assert set(broker.topics[REQUESTS][0]) == {"0-recent"}
    assert set(broker.topics[TARIFFS][0]) == {"0-tariff"}


async def test_what_a_version_before_has_published_is_published_again_with_the_rest(database: Database) -> None:
    """Nobody knows at which place it was."""
    broker = LossyBroker()
    process = await WritingProcess(database, broker).start()
    await process.tell("0-before", "0-long-before")
    await database["facts"].update_many({}, {"$unset": {"relay.partition": "", "relay.offset": ""}})
    long_before = {"relay.time": NOON - timedelta(days=15)}
    await database["facts"].update_one({"_id": "0-long-before"}, {"$set": long_before})
    await process.tell("0-after")
    broker.cut(partition=0, left=0)

    await process.repair()

    assert set(broker.topics[REQUESTS][0]) == {"0-before", "0-after"}


async def test_what_was_parked_is_neither_published_nor_waited_for(database: Database) -> None:
    broker = LossyBroker()
    process = await WritingProcess(database, broker).start()
    await process.tell("0-a", "0-b")
    await database["facts"].update_one({"_id": "0-b"}, {"$set": {"relay.state": "parked"}})
    broker.cut(partition=0, left=0)

    await process.repair()

    assert set(broker.topics[REQUESTS][0]) == {"0-a"}
    assert await states(database) == {"0-a": "sent", "0-b": "parked"}


async def test_a_loss_at_the_end_of_a_long_topic_leaves_its_beginning_alone(database: Database) -> None:
    broker = LossyBroker()
    process = await WritingProcess(database, broker).start()
    count = MARGIN + 40
    await process.tell(*(f"0-{number:04}" for number in range(count)))
    left = count - 10
    lost = broker.topics[REQUESTS][0][left:]
    broker.cut(partition=0, left=left)

    await process.repair()

    again, beginning = broker.topics[REQUESTS][0][left:], broker.topics[REQUESTS][0][: left - MARGIN]
    assert set(lost) <= set(again)
    assert set(beginning).isdisjoint(again)


async def test_a_ledger_of_years_is_not_read_through_to_find_what_is_lost(database: Database) -> None:
    process = await WritingProcess(database, LossyBroker()).start()
    years = [
        {"_id": f"0-old-{n}", "relay": {"state": "sent", "partition": 0, "offset": n, "topic": REQUESTS, "time": NOON}}
        for n in range(2_000)
    ]
    await database["facts"].insert_many(years)
    await database.command("profile", 2)

    assert await process.sent.reached() == {REQUESTS: {0: 2_000}}
    [lost] = _lost(process, until=1_990 + MARGIN)
    assert await process.sent.send_again(lost, None) == 10

    await database.command("profile", 0)
    looked_at = [
        one.get("docsExamined", 0) async for one in database["system.profile"].find({"ns": {"$regex": "facts$"}})
    ]
    assert looked_at
    assert max(looked_at) <= 10


def _lost(process: WritingProcess, until: int) -> Sequence[Any]:
    process.ends.remember(REQUESTS, {0: until + 10})
    process.ends.found(REQUESTS, {0: until}, {0: until + 10})
    return process.ends.lost
