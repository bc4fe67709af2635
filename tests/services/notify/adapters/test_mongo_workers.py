"""Which processes are alive: the fake and MongoDB keep the same promises."""

import pytest

from services.notify.adapters.mongo_workers import FORGET_AFTER, MongoWorkers
from services.notify.domain.attempts import TOKEN_LEASE
from services.notify.ports import Workers
from shared.runtime.adapters.mongo import Database
from tests.services.notify.builders import NOON
from tests.services.notify.fakes import InMemoryWorkers
from tests.services.notify.specs import WorkersSpec

pytestmark = pytest.mark.anyio


class TestInMemoryWorkers(WorkersSpec):
    @pytest.fixture
    def workers(self) -> Workers:
        return InMemoryWorkers()


class TestMongoWorkers(WorkersSpec):
    @pytest.fixture
    async def workers(self, database: Database) -> Workers:
        workers = MongoWorkers(database)
        await workers.prepare()
        return workers

    async def test_mongo_forgets_a_worker_that_was_killed_but_not_before_its_leases_are_over(
        self, workers: Workers, database: Database
    ) -> None:
        await workers.beat("us", NOON)

        indexes = await database["workers"].index_information()
        [kept_for_s] = [index["expireAfterSeconds"] for index in indexes.values() if "expireAfterSeconds" in index]

        assert kept_for_s == FORGET_AFTER.total_seconds()
        assert FORGET_AFTER > TOKEN_LEASE
