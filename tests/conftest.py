"""Real parts for the tests: a mongod, an Apache Kafka and a mail server, each started when a test first asks for it.

A machine that cannot start one of them fails the tests that need it; nothing is skipped.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import structlog
from aiokafka.admin import AIOKafkaAdminClient

from local.kafka import Kafka
from local.mongod import Mongod
from local.topics import TopicSettings, create_topics
from shared.events import TOPICS
from shared.runtime.adapters.mongo import Database, connect
from tests.local.smtp_sink import SmtpSink


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session", autouse=True)
def _short_tracebacks() -> None:
    """Without the values of variables, which for a page take minutes to print."""
    console = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[*structlog.get_config()["processors"][:-1], console])


@pytest.fixture(scope="session")
def mongod(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mongod]:
    """The mongod that the tests share. A test that stops or kills one starts its own."""
    folder = tmp_path_factory.mktemp("mongod")
    server = Mongod(folder)
    try:
        server.start()
        yield server
    finally:
        server.kill()
        shutil.rmtree(folder)  # Its journal alone takes 300 MB, and pytest keeps the folders of three runs.


@pytest.fixture
def own_mongod(tmp_path: Path) -> Iterator[Mongod]:
    """A mongod of this test's own, which it may kill and start again."""
    server = Mongod(tmp_path / "own-mongod")
    try:
        server.start()
        yield server
    finally:
        server.kill()


@pytest.fixture(scope="session")
def mongo_uri(mongod: Mongod) -> str:
    return mongod.uri


@pytest.fixture
async def database(mongo_uri: str) -> AsyncIterator[Database]:
    """An empty database of this test's own, opened as the services open theirs."""
    async with connect(mongo_uri, f"test_{uuid4().hex}") as database:
        yield database
        await database.client.drop_database(database.name)


@pytest.fixture(scope="session")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`host:port` of the Apache Kafka that the tests share; it has no topics yet (see `topics`)."""
    broker = Kafka(tmp_path_factory.mktemp("kafka"))
    try:
        broker.start()
        yield broker.address
    finally:
        broker.kill()


@pytest.fixture
def own_kafka(tmp_path: Path) -> Iterator[Kafka]:
    """An Apache Kafka of this test's own, which it may kill and start again; it has no topics yet."""
    broker = Kafka(tmp_path / "own-kafka")
    try:
        broker.start()
        yield broker
    finally:
        broker.kill()


@pytest.fixture
async def topics(kafka: str) -> str:
    """`host:port` of the shared Kafka, with the topics new and empty and no group's offsets on them."""
    await _delete_topics(kafka)
    await create_topics(TopicSettings(kafka=kafka))
    return kafka


async def _delete_topics(kafka: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    try:
        await admin.delete_topics([name for name in await admin.list_topics() if name in TOPICS])
        # The broker learns of it after the controller has answered.
        while set(TOPICS) & set(await admin.list_topics()):  # noqa: ASYNC110  # Kafka has no event for this
            await asyncio.sleep(0.02)
    finally:
        await admin.close()


@pytest.fixture
async def smtp_sink() -> AsyncIterator[SmtpSink]:
    """A real SMTP server that keeps what it is given, and refuses what a test tells it to refuse."""
    async with SmtpSink() as sink:
        yield sink
