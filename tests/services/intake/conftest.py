"""An intake of its own for each test, and a browser that has come to it."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.services.intake.browser import browser
from tests.services.intake.fakes import Scene


@pytest.fixture
def scene() -> Scene:
    return Scene()


@pytest.fixture
async def client(scene: Scene) -> AsyncIterator[httpx.AsyncClient]:
    async with browser(scene) as client:
        yield client
