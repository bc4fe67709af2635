"""Dead addresses: memory and MongoDB keep the same promises."""

import pytest

from services.notify.adapters.mongo_dead_addresses import MongoDeadAddresses
from services.notify.domain.dead_address import KEPT_FOR, AddressHashes
from services.notify.ports import DeadAddresses
from shared.runtime.adapters.mongo import Database
from tests.services.notify.builders import NOON
from tests.services.notify.fakes import InMemoryDeadAddresses
from tests.services.notify.specs import DeadAddressesSpec

pytestmark = pytest.mark.anyio

OLD, NEW = b"o" * 32, b"n" * 32
ADDRESS = "wrong@customer.example"


class TestInMemoryDeadAddresses(DeadAddressesSpec):
    @pytest.fixture
    def dead_addresses(self) -> DeadAddresses:
        return InMemoryDeadAddresses()


class TestMongoDeadAddresses(DeadAddressesSpec):
    @pytest.fixture
    async def dead_addresses(self, database: Database) -> DeadAddresses:
        known = MongoDeadAddresses(database, AddressHashes({"notify-1": OLD}))
        await known.prepare()
        return known

    async def test_nobody_can_read_an_address_in_the_database_or_test_one_without_the_key(
        self, dead_addresses: DeadAddresses, database: Database
    ) -> None:
        await dead_addresses.add("letter-1", ADDRESS, NOON, is_dead=True)

        [document] = await database["dead_addresses"].find().to_list(None)
        assert "customer" not in str(document)
        assert document["hash"] != AddressHashes({"notify-1": NEW}).newest(ADDRESS)

    async def test_an_address_is_known_also_after_a_new_key(
        self, dead_addresses: DeadAddresses, database: Database
    ) -> None:
        await dead_addresses.add("letter-1", ADDRESS, NOON, is_dead=True)

        rotated = MongoDeadAddresses(database, AddressHashes({"notify-1": OLD, "notify-2": NEW}))

        assert await rotated.is_dead(ADDRESS)

    async def test_what_another_process_has_learnt_is_known_a_second_later(
        self, dead_addresses: DeadAddresses, database: Database
    ) -> None:
        """A form brings an address two letters within a second: one look is enough for both."""
        seconds = 0.0
        known = MongoDeadAddresses(database, AddressHashes({"notify-1": OLD}), lambda: seconds)
        before = await known.is_dead(ADDRESS)
        await dead_addresses.add("letter-1", ADDRESS, NOON, is_dead=True)

        at_once = await known.is_dead(ADDRESS)
        seconds = 1.0

        assert (before, at_once, await known.is_dead(ADDRESS)) == (False, False, True)

    async def test_mongo_forgets_an_address_after_half_a_year(
        self, dead_addresses: DeadAddresses, database: Database
    ) -> None:
        """Addresses come back to life."""
        await dead_addresses.add("letter-1", ADDRESS, NOON, is_dead=True)

        [document] = await database["dead_addresses"].find().to_list(None)
        assert document["until"] == NOON + KEPT_FOR
        assert (await database["dead_addresses"].index_information())["ended"]["expireAfterSeconds"] == 0
