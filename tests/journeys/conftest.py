"""One whole system for the journeys, on a real mongod, a real Apache Kafka and a real SMTP server."""

import asyncio
import secrets
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from local.data_folder import DataFolder
from local.ports import Ports
from local.staff import add_staff
from local.system import System
from tests.journeys.world import World


def pytest_addoption(parser: pytest.Parser) -> None:
    """`make chaos RATE=10`."""
    parser.addoption("--rate", type=float, default=0, help="forms a second that flow while parts break")


@contextmanager
def a_world(folder: Path) -> Iterator[World]:
    data = DataFolder(folder)
    system = System(data, Ports.free(), "kafka", report=lambda _line: None)
    try:
        with data.locked():
            system.start()
            world = World(system, folder)
            yield world
            world.http.close()
    finally:
        system.stop()


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Shared by the journeys. A journey that breaks something mends it again."""
    with a_world(tmp_path_factory.mktemp("world")) as found:
        yield found


@pytest.fixture(scope="module")
def another_world(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., AbstractContextManager[World]]:
    """Begins a system of this file's own, with these settings, which it may leave broken."""

    @contextmanager
    def begin(**settings: str) -> Iterator[World]:
        with pytest.MonkeyPatch.context() as patch:
            for name, value in settings.items():
                patch.setenv(name, value)
            with a_world(tmp_path_factory.mktemp("another-world")) as found:
                yield found

    return begin


@pytest.fixture(scope="session")
def staff_password(world: World) -> str:
    """Of the account `journey`."""
    return asyncio.run(add_staff(world.system.mongo, "journey", secrets.token_urlsafe(15)))
