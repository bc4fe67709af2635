"""Log-ins with the company's accounts in memory and in a real MongoDB: what both promise."""

import asyncio
from datetime import timedelta

import pytest

from services.dashboard.adapters.mongo_accounts import MongoAccounts
from services.dashboard.adapters.mongo_company import MongoCompanyLogIns, MongoIdentities
from services.dashboard.ports.company import CompanyLogIns, Identities, Identity
from shared.runtime.adapters.mongo import Database
from tests.services.dashboard.builders import NOON
from tests.services.dashboard.fakes import InMemoryAccounts, InMemoryCompanyLogIns, InMemoryIdentities

pytestmark = pytest.mark.anyio

LATER = NOON + timedelta(minutes=10)
HANAKO = Identity(issuer="https://id.example", subject="u-1")
JIRO = Identity(issuer="https://id.example", subject="u-2")


class CompanyLogInsSpec:
    async def test_who_comes_back_is_taken_once(self, journeys: CompanyLogIns) -> None:
        await journeys.begin("state", "browser", "/cases/a", LATER)

        taken = [await journeys.take("state", "browser", NOON) for _ in range(2)]

        assert taken == ["/cases/a", None]

    async def test_another_browser_takes_nothing_and_takes_nothing_away(self, journeys: CompanyLogIns) -> None:
        await journeys.begin("state", "browser", "/", LATER)

        assert await journeys.take("state", "another", NOON) is None
        assert await journeys.take("state", "browser", NOON) == "/"

    async def test_who_comes_back_too_late_is_not_taken(self, journeys: CompanyLogIns) -> None:
        await journeys.begin("state", "browser", "/", LATER)

        assert await journeys.take("state", "browser", LATER) is None


class IdentitiesSpec:
    """For accounts that are there: `desk`, `boss`."""

    async def test_who_is_linked_is_known_by_issuer_and_subject_alone(self, identities: Identities) -> None:
        before = await identities.owner(HANAKO)
        linked = await identities.link("desk", HANAKO)
        with_an_address = Identity(issuer=HANAKO.issuer, subject=HANAKO.subject, email="new@agency.example")
        elsewhere = Identity(issuer="https://evil.example", subject=HANAKO.subject)

        assert (before, linked) == (None, True)
        assert await identities.owner(with_an_address) == "desk"
        assert await identities.owner(elsewhere) is None

    async def test_issuer_and_subject_cannot_be_divided_otherwise(self, identities: Identities) -> None:
        await identities.link("desk", Identity(issuer="https://id.example/a", subject="b"))

        assert await identities.owner(Identity(issuer="https://id.example/", subject="ab")) is None

    async def test_an_account_and_a_subject_are_linked_once(self, identities: Identities) -> None:
        await identities.link("desk", HANAKO)

        refused = [await identities.link("desk", JIRO), await identities.link("boss", HANAKO)]

        assert refused == [False, False]
        assert (await identities.owner(HANAKO), await identities.owner(JIRO)) == ("desk", None)

    async def test_of_two_accounts_at_the_same_moment_one_is_linked(self, identities: Identities) -> None:
        linked = await asyncio.gather(*(identities.link(account, HANAKO) for account in ("desk", "boss")))

        assert sorted(linked) == [False, True]

    async def test_who_is_unlinked_is_unknown_and_both_can_be_linked_anew(self, identities: Identities) -> None:
        await identities.link("desk", HANAKO)
        await identities.link("boss", JIRO)

        for _ in range(2):
            await identities.unlink("desk")

        assert (await identities.owner(HANAKO), await identities.owner(JIRO)) == (None, "boss")
        assert await identities.link("desk", HANAKO) is True

    async def test_nobody_is_linked_to_an_account_that_is_not_there(self, identities: Identities) -> None:
        assert await identities.link("nobody", HANAKO) is False


class TestInMemoryCompanyLogIns(CompanyLogInsSpec):
    @pytest.fixture
    def journeys(self) -> CompanyLogIns:
        return InMemoryCompanyLogIns()


class TestMongoCompanyLogIns(CompanyLogInsSpec):
    @pytest.fixture
    async def journeys(self, database: Database) -> CompanyLogIns:
        journeys = MongoCompanyLogIns(database)
        await journeys.prepare()
        return journeys


class TestInMemoryIdentities(IdentitiesSpec):
    @pytest.fixture
    def identities(self) -> Identities:
        return InMemoryIdentities(InMemoryAccounts({"desk": "one", "boss": "two"}))


class TestMongoIdentities(IdentitiesSpec):
    @pytest.fixture
    async def identities(self, database: Database) -> Identities:
        for name in ("desk", "boss"):
            await MongoAccounts(database).add(name, "one", NOON)
        identities = MongoIdentities(database)
        await identities.prepare()
        return identities

    async def test_the_account_says_whether_it_is_linked(self, identities: Identities, database: Database) -> None:
        await identities.link("desk", HANAKO)

        linked = {account.name: account.has_company_account for account in await MongoAccounts(database).all()}

        assert linked == {"boss": False, "desk": True}

    async def test_no_subject_can_be_read_from_the_ledger(self, identities: Identities, database: Database) -> None:
        await identities.link("desk", Identity(issuer="https://id.example", subject="hanako@agency.example"))

        assert "hanako" not in str(await database["accounts"].find().to_list(None))
