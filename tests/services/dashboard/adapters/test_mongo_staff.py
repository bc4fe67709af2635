"""What the ports around staff promise, held against memory and a real Mongo."""

import pytest

from services.dashboard.adapters.mongo_staff import MongoAccounts, MongoAudit, MongoSessions, MongoTries
from services.dashboard.ports import Accounts, Sessions, Tries
from shared.runtime.adapters.mongo import Database
from tests.services.dashboard.builders import NOON, REQUEST
from tests.services.dashboard.fakes import InMemoryAccounts, InMemorySessions, InMemoryTries
from tests.services.dashboard.specs import AccountsSpec, SessionsSpec, TriesSpec

pytestmark = pytest.mark.anyio


class TestInMemoryAccounts(AccountsSpec):
    @pytest.fixture
    def accounts(self) -> Accounts:
        return InMemoryAccounts()


class TestMongoAccounts(AccountsSpec):
    @pytest.fixture
    def accounts(self, database: Database) -> Accounts:
        return MongoAccounts(database)


class TestInMemorySessions(SessionsSpec):
    @pytest.fixture
    def sessions(self) -> Sessions:
        return InMemorySessions()


class TestMongoSessions(SessionsSpec):
    @pytest.fixture
    async def sessions(self, database: Database) -> Sessions:
        """Without `prepare`: Mongo's own clock would clear away sessions of the tests' time."""
        return MongoSessions(database)


class TestInMemoryTries(TriesSpec):
    @pytest.fixture
    def tries(self) -> Tries:
        return InMemoryTries()


class TestMongoTries(TriesSpec):
    @pytest.fixture
    def tries(self, database: Database) -> Tries:
        return MongoTries(database)

    async def test_a_password_in_the_name_field_does_not_lie_in_the_ledger(self, database: Database) -> None:
        await MongoTries(database).count("my-secret-password", NOON, NOON)

        assert "my-secret-password" not in str(await database["tries"].find().to_list(None))


async def test_the_audit_keeps_every_act(database: Database) -> None:
    audit = MongoAudit(database)

    for _ in range(2):
        await audit.record("opened-case", NOON, "desk", REQUEST)

    documents = await database["audit"].find({}, {"_id": 0}).to_list(None)
    assert documents == [{"act": "opened-case", "at": NOON, "account": "desk", "request_id": REQUEST}] * 2
