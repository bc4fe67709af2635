"""A library that says the same all the time gets one line, a counter, and one line when it is over."""

import asyncio
import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import structlog
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from local.kafka import Kafka
from local.topics import TopicSettings, create_topics
from shared.events import RequestErased
from shared.runtime.broker import new_broker, start_together
from shared.runtime.dead_letter_limit import DeadLetterLimit
from shared.runtime.health import Health
from shared.runtime.log_repeats import QUIET_S, Repeats
from shared.runtime.logs import set_up_logs
from tests.shared.runtime.builders import until
from tests.shared.runtime.fakes import a_consumer

pytestmark = pytest.mark.anyio


class Said(logging.Handler):
    """What is written of what a library says; *time* goes on when a test says so."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.time = 0.0
        self.repeats = Repeats(lambda: self.time)
        self.addFilter(self.repeats)

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())

    def say(self, text: str, *args: object, logger: str = "aiokafka.consumer.fetcher") -> None:
        self.handle(logging.LogRecord(logger, logging.ERROR, "", 0, text, args, None))


def counted() -> float:
    return REGISTRY.get_sample_value("log_lines_left_out_total", {"logger": "aiokafka"}) or 0


@pytest.fixture
def said() -> Said:
    return Said()


async def test_the_first_line_of_a_kind_is_written_and_the_others_are_counted(said: Said) -> None:
    before = counted()

    for number in range(50):
        said.say("Topic %s not found in cluster metadata", f"topic-{number}")

    assert said.lines == ["Topic topic-0 not found in cluster metadata"]
    assert counted() - before == 49


async def test_lines_that_all_say_that_no_broker_answers_are_one_kind(said: Said) -> None:
    for _ in range(3):
        said.say("Unable connect to node with id %s: %s", 1, "refused", logger="aiokafka")
        said.say("Failed fetch messages from %s: %s", 1, "refused")
        said.say("Group Coordinator Request failed: %s", "refused")

    assert said.lines == ["Unable connect to node with id 1: refused"]


async def test_a_line_of_another_kind_is_written_in_the_middle_of_an_outage(said: Said) -> None:
    said.say("Unable connect to node with id %s: %s", 1, "refused")
    said.say("Topic %s is not authorized for this client", "t")
    said.say("Unable connect to node with id %s: %s", 1, "refused")

    assert said.lines[1:] == ["Topic t is not authorized for this client"]


async def test_lines_of_other_libraries_are_all_written(said: Said) -> None:
    for _ in range(3):
        said.say("refused", logger="uvicorn.error")
        said.say("refused", logger="aiokafkaesque")

    assert len(said.lines) == 6


async def test_when_it_has_been_quiet_for_long_enough_a_line_says_how_many_were_left_out(said: Said) -> None:
    with capture_logs() as told:
        for second in range(4):
            said.time = second
            said.say("Group Coordinator Request failed: %s", "refused")
        said.time = 3 + QUIET_S - 0.1
        said.repeats.look()
        too_early = list(told)
        said.time = 3 + QUIET_S
        said.repeats.look()
    said.say("Group Coordinator Request failed: %s", "refused again")

    assert too_early == []
    assert [(line["event"], line["count"]) for line in told] == [("repeated lines are over", 3)]
    assert said.lines == [
        "Group Coordinator Request failed: refused",
        "Group Coordinator Request failed: refused again",
    ]


async def test_one_line_alone_is_not_followed_by_another(said: Said) -> None:
    with capture_logs() as told:
        said.say("Group Coordinator Request failed: %s", "refused")
        said.time = QUIET_S
        said.repeats.look()

    assert told == []


@contextmanager
def log_of_a_process() -> Iterator[io.StringIO]:
    """As it is set up."""
    before, usual = logging.getLogger().handlers, structlog.get_config()
    set_up_logs("rating", "json")
    # A logger that is used meanwhile must not keep this for the tests that follow.
    structlog.configure(cache_logger_on_first_use=False)
    stream, handler = io.StringIO(), logging.getLogger().handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(stream)
    try:
        yield stream
    finally:
        logging.getLogger().handlers = before
        structlog.configure(**usual)


def lines_of(log: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


async def test_a_kafka_that_dies_under_a_reader_costs_one_line_and_one_when_it_is_back(own_kafka: Kafka) -> None:
    """With the lines that aiokafka really writes."""
    await create_topics(TopicSettings(own_kafka.address))
    broker = new_broker(own_kafka.address, "rating")
    a_consumer(broker).read({RequestErased: forget})
    health = Health(forget_nothing, broker, DeadLetterLimit(0), needs_kafka=True)

    async def is_there() -> bool:
        return await health.missing() == []

    before = counted()
    async with broker:
        await start_together(broker)
        await until(is_there)
        with log_of_a_process() as log:
            own_kafka.kill()
            await until(lambda: counted() - before > 100)
            during = lines_of(log)
            await asyncio.to_thread(own_kafka.start)
            await until(is_there)
            await until(lambda: lines_of(log)[-1]["event"] == "repeated lines are over")

    assert [line["logger"].partition(".")[0] for line in during] == ["aiokafka"]
    assert lines_of(log)[-1]["count"] == counted() - before
    assert len(lines_of(log)) <= 4


async def forget(_event: RequestErased) -> None:
    """Nothing is done with it."""


async def forget_nothing() -> None:
    """MongoDB is there."""
