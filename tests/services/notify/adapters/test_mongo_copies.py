"""Copies of letters: memory and MongoDB keep the same promises."""

import pytest

from services.notify.adapters.mongo_copies import MongoCopies
from services.notify.domain.copy import KEPT_FOR
from services.notify.ports import Copies
from shared.runtime.adapters.mongo import Database
from shared.runtime.adapters.mongo_outbox import MongoOutbox
from shared.runtime.outbox import OutboxEntry
from tests.services.notify.builders import NOON
from tests.services.notify.fakes import InMemoryCopies
from tests.services.notify.specs import CopiesSpec, a_copy

pytestmark = pytest.mark.anyio


class TestInMemoryCopies(CopiesSpec):
    @pytest.fixture
    def copies(self) -> Copies:
        return InMemoryCopies()


class TestMongoCopies(CopiesSpec):
    @pytest.fixture
    def announced(self) -> list[OutboxEntry]:
        return []

    @pytest.fixture
    async def copies(self, database: Database, announced: list[OutboxEntry]) -> Copies:
        copies = MongoCopies(database, announced.append)
        await copies.prepare()
        return copies

    async def test_a_copy_is_published_at_once_or_by_who_looks_later(
        self, copies: Copies, announced: list[OutboxEntry], database: Database
    ) -> None:
        for _ in range(2):
            await copies.add(a_copy())

        [waiting] = await MongoOutbox(database, ["copies"]).due(NOON + KEPT_FOR, 9)
        assert [entry.body for entry in announced] == [a_copy().to_json()]
        assert waiting.body == a_copy().to_json()
        assert waiting.headers["ce_type"] == a_copy().type

    async def test_mongo_deletes_a_copy_after_some_days(self, copies: Copies, database: Database) -> None:
        await copies.add(a_copy())

        [document] = await database["copies"].find().to_list(None)
        assert document["until"] == NOON + KEPT_FOR
        assert (await database["copies"].index_information())["ended"]["expireAfterSeconds"] == 0
