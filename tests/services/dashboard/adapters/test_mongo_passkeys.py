"""Passkeys in memory and in a real MongoDB."""

import pytest

from services.dashboard.adapters.mongo_accounts import MongoAccounts
from services.dashboard.adapters.mongo_passkeys import MongoPasskeys
from services.dashboard.ports.passkeys import Passkeys
from shared.runtime.adapters.mongo import Database
from tests.services.dashboard.builders import NOON
from tests.services.dashboard.fakes import InMemoryPasskeys
from tests.services.dashboard.specs import LATER, PasskeysSpec, a_key

pytestmark = pytest.mark.anyio


class TestInMemoryPasskeys(PasskeysSpec):
    @pytest.fixture
    def passkeys(self) -> Passkeys:
        return InMemoryPasskeys()


class TestMongoPasskeys(PasskeysSpec):
    @pytest.fixture
    async def passkeys(self, database: Database) -> Passkeys:
        for name in ("desk", "boss"):
            await MongoAccounts(database).add(name, "one", NOON)
        return MongoPasskeys(database)

    async def test_accounts_without_a_key_do_not_get_in_the_way_of_each_other(self, database: Database) -> None:
        """The index by which a key is found is unique, and most accounts have none."""
        passkeys, accounts = MongoPasskeys(database), MongoAccounts(database)
        await passkeys.prepare()
        for name in ("desk", "boss", "tanaka"):
            await accounts.add(name, "one", NOON)

        await passkeys.add("desk", a_key("one"))
        await passkeys.remove("desk", "one")
        await passkeys.remove("boss")

        assert [len(await passkeys.of(account.name)) for account in await accounts.all()] == [0, 0, 0]

    async def test_the_keys_go_with_their_account(self, passkeys: Passkeys, database: Database) -> None:
        await passkeys.add("desk", a_key("one"))

        await MongoAccounts(database).remove("desk", LATER)

        assert await passkeys.find("one") is None
