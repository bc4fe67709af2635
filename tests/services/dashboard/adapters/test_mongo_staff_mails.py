"""The mail addresses of staff and the mails to them, in memory and in a real MongoDB."""

import asyncio
from datetime import timedelta

import pytest

from services.dashboard.adapters.mongo import MongoCases
from services.dashboard.adapters.mongo_accounts import MongoAccounts
from services.dashboard.adapters.mongo_addresses import MongoStaffAddresses
from services.dashboard.adapters.mongo_staff_mails import MongoStaffMails
from services.dashboard.adapters.mongo_summaries import MongoSummaries
from services.dashboard.ports.staff_mails import StaffAddresses, StaffMails
from services.dashboard.usecases.tell_overdue import TellOverdue
from shared.events import CaseOverdue
from shared.runtime.adapters.mongo import Database
from shared.runtime.adapters.mongo_outbox import MongoOutbox
from shared.runtime.outbox import OutboxEntry
from tests.services.dashboard.adapters.test_mongo_sealed import a_box
from tests.services.dashboard.builders import NOON, a_request
from tests.services.dashboard.domain.test_due import DUE, IN_AN_HOUR, TUESDAY_TEN
from tests.services.dashboard.fakes import InMemoryAddresses, InMemoryStaffMails, summarising
from tests.services.dashboard.specs import LATER, MAIL, StaffAddressesSpec, StaffMailsSpec, a_mail

pytestmark = pytest.mark.anyio


class TestInMemoryAddresses(StaffAddressesSpec):
    @pytest.fixture
    def addresses(self) -> StaffAddresses:
        return InMemoryAddresses()


class TestMongoStaffAddresses(StaffAddressesSpec):
    @pytest.fixture
    async def addresses(self, database: Database) -> StaffAddresses:
        for name in ("desk", "boss"):
            await MongoAccounts(database).add(name, "one", NOON)
        return MongoStaffAddresses(database, a_box())

    async def test_no_address_can_be_read_from_the_ledger(self, addresses: StaffAddresses, database: Database) -> None:
        await addresses.keep("desk", MAIL)

        stored = str(await database["accounts"].find().to_list(None)).lower()
        assert not [part for part in ("hanako", "agency.example") if part in stored]

    async def test_the_address_of_one_account_is_worth_nothing_in_another(
        self, addresses: StaffAddresses, database: Database
    ) -> None:
        """Who may write in the database could have somebody else's link mailed to themselves."""
        await addresses.keep("desk", MAIL)
        desk = await database["accounts"].find_one({"_id": "desk"})
        assert desk

        await database["accounts"].update_one({"_id": "boss"}, {"$set": {"email": desk["email"]}})

        assert await addresses.of("boss") is None
        assert list(await addresses.owners(MAIL)) == ["desk"]

    async def test_an_address_that_cannot_be_opened_is_none(
        self, addresses: StaffAddresses, database: Database
    ) -> None:
        await addresses.keep("desk", MAIL)

        after_the_key_was_lost = MongoStaffAddresses(database, a_box(2))

        assert await after_the_key_was_lost.of("desk") is None
        assert list(await after_the_key_was_lost.owners(MAIL)) == []

    async def test_it_goes_with_its_account(self, addresses: StaffAddresses, database: Database) -> None:
        await addresses.keep("desk", MAIL)

        await MongoAccounts(database).remove("desk", NOON)

        assert await addresses.of("desk") is None


class TestInMemoryNotices(StaffMailsSpec):
    @pytest.fixture
    def staff_mails(self) -> StaffMails:
        return InMemoryStaffMails()


def ignore(_entry: OutboxEntry) -> None:
    """Nobody publishes at once."""


class TestMongoNotices(StaffMailsSpec):
    @pytest.fixture
    async def staff_mails(self, database: Database) -> StaffMails:
        staff_mails = MongoStaffMails(database, ignore)
        await staff_mails.prepare()
        return staff_mails

    async def test_a_notice_is_handed_to_the_relay_and_found_by_others(self, database: Database) -> None:
        announced: list[OutboxEntry] = []
        staff_mails = MongoStaffMails(database, announced.append)
        await staff_mails.prepare()

        await staff_mails.add(a_mail("one"), NOON, until=LATER)
        await staff_mails.add(a_mail("one"), NOON, until=LATER)

        found = await MongoOutbox(database, ["staff_mails"]).due(NOON + timedelta(seconds=3), 10)
        assert [entry.document_id for entry in announced] == [entry.document_id for entry in found] == ["one"]
        assert found[0].headers["ce_type"] == CaseOverdue.type


async def test_dashboards_on_one_database_tell_each_deadline_once(database: Database) -> None:
    cases, summaries = MongoCases(database), MongoSummaries(database)
    for name in ("one", "two", "three"):
        await cases.add(a_request(name, at=TUESDAY_TEN))
    await summarising(cases, summaries, DUE)(["one", "two", "three"])
    await summaries.finish("rules")
    staff_mails = MongoStaffMails(database, ignore)
    await staff_mails.prepare()
    time = IN_AN_HOUR + timedelta(minutes=1)
    tell = TellOverdue(summaries=summaries, cases=cases, due=DUE, staff_mails=staff_mails, now=lambda: time)

    await asyncio.gather(*(tell() for _ in range(4)))
    await tell()

    kept = await database["staff_mails"].find().to_list(None)
    assert [len(one["about"]) for one in kept] == [3]
