"""What a process says of itself: whether it can do its work, all of it or a part."""

import asyncio

import pytest
from prometheus_client import REGISTRY

from local.kafka import Kafka
from local.topics import TopicSettings, create_topics
from shared.errors import Unavailable
from shared.events import RequestErased
from shared.runtime.broker import new_broker, start_together
from shared.runtime.dead_letter_limit import DeadLetterLimit
from shared.runtime.health import Health
from tests.shared.runtime.builders import until
from tests.shared.runtime.fakes import a_consumer

pytestmark = pytest.mark.anyio


async def answers() -> None:
    """MongoDB is there."""


async def is_away() -> None:
    raise Unavailable("mongo")


async def test_a_service_that_only_reads_cannot_work_while_bugs_have_stopped_it() -> None:
    health = Health(answers, new_broker("nowhere:9092", "rating"), stopped(), needs_kafka=True)

    assert "dead-letter-limit" in await health.missing()


async def test_a_service_with_pages_shows_them_while_bugs_have_stopped_its_reader() -> None:
    """The form must work, whatever becomes of what intake reads."""
    health = Health(answers, new_broker("nowhere:9092", "intake"), stopped(), needs_kafka=False)

    assert await health.missing() == []
    assert "dead-letter-limit" in health.incomplete


@pytest.mark.parametrize("needs_kafka", [True, False])
async def test_no_service_can_work_without_its_database(*, needs_kafka: bool) -> None:
    health = Health(is_away, new_broker("nowhere:9092", "intake"), DeadLetterLimit(10), needs_kafka=needs_kafka)

    assert "mongo" in await health.missing()


async def test_what_cannot_be_reached_is_a_metric_before_anything_was_looked_for() -> None:
    """A process that waits for its database at its start would look as if all were well."""
    health = Health(answers, new_broker("nowhere:9092", "rating"), DeadLetterLimit(10), needs_kafka=True)
    at_first = unreachable()
    measuring = asyncio.ensure_future(health.measure())
    while unreachable() == at_first:  # noqa: ASYNC110  # a metric has no event
        await asyncio.sleep(0)
    measuring.cancel()

    assert (at_first, unreachable()) == ({"mongo": 1, "kafka": 1}, {"mongo": 0, "kafka": 1})


async def test_records_and_letters_that_wait_for_a_key_are_counted_together_and_stop_nothing_else() -> None:
    health = Health(answers, new_broker("nowhere:9092", "notify"), DeadLetterLimit(10), needs_kafka=True)
    seen = []
    for what, count in (("records", 2), ("letters", 1), ("records", 0), ("letters", 0)):
        health.count_waiting(count, what)
        seen.append((REGISTRY.get_sample_value("records_waiting_for_key"), health.incomplete))

    assert seen == [(2, ["keys"]), (3, ["keys"]), (1, ["keys"]), (0, [])]


def unreachable() -> dict[str, float | None]:
    return {part: REGISTRY.get_sample_value("unreachable", {"part": part}) for part in ("mongo", "kafka")}


async def test_while_kafka_is_away_a_reader_says_so_and_its_pages_are_shown(own_kafka: Kafka) -> None:
    """An assignment outlives its Kafka: rating and notify said that they were ready, and did nothing."""
    await create_topics(TopicSettings(own_kafka.address))
    broker, limit = new_broker(own_kafka.address, "rating"), DeadLetterLimit(10)
    a_consumer(broker).read({RequestErased: forget})
    reader, with_pages = (Health(answers, broker, limit, needs_kafka=needs) for needs in (True, False))

    async def is_there() -> bool:
        return await reader.missing() == []

    async def is_gone() -> bool:
        return await reader.missing() == ["kafka"]

    async with broker:
        before = await is_gone()
        await start_together(broker)
        await until(is_there)
        own_kafka.kill()
        await until(is_gone)
        shown = (await with_pages.missing(), with_pages.incomplete)
        await asyncio.to_thread(own_kafka.start)
        await until(is_there)

    assert before
    assert shown == ([], ["kafka"])


async def forget(_event: RequestErased) -> None:
    """Nothing is done with it."""


def stopped() -> DeadLetterLimit:
    limit = DeadLetterLimit(1)
    limit.count_bug(RequestErased.type)
    return limit
