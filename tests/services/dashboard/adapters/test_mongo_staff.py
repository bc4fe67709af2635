"""What the ports around staff promise, held against memory and a real Mongo."""

import pytest

from services.dashboard.adapters.mongo_accounts import MongoAccounts, MongoInvitations
from services.dashboard.adapters.mongo_audit import MongoAudit
from services.dashboard.adapters.mongo_belongings import MongoBelongings
from services.dashboard.adapters.mongo_bulk_runs import MongoBulkRuns
from services.dashboard.adapters.mongo_kept_posts import MongoKeptPosts
from services.dashboard.adapters.mongo_note_drafts import MongoNoteDrafts
from services.dashboard.adapters.mongo_saved_views import MongoSavedViews
from services.dashboard.adapters.mongo_staff import (
    MongoDevices,
    MongoFailedLogIns,
    MongoSessions,
    MongoTries,
)
from services.dashboard.domain.account import Account
from services.dashboard.domain.bulk import BulkRun
from services.dashboard.domain.new_work import Post
from services.dashboard.domain.roles import Role
from services.dashboard.domain.visitor import Visitor
from services.dashboard.ports.log_in import Devices, FailedLogIns, Tries
from services.dashboard.ports.staff import Accounts, Invitations, Sessions
from shared.runtime.adapters.mongo import Database
from tests.services.dashboard.adapters.test_mongo_sealed import a_box
from tests.services.dashboard.builders import NOON, REQUEST
from tests.services.dashboard.fakes import (
    InMemoryAccounts,
    InMemoryDevices,
    InMemoryFailedLogIns,
    InMemoryInvitations,
    InMemorySessions,
    InMemoryTries,
)
from tests.services.dashboard.specs import (
    LATER,
    AccountsSpec,
    DevicesSpec,
    FailedLogInsSpec,
    InvitationsSpec,
    SessionsSpec,
    TriesSpec,
    a_draft,
    a_post,
    a_view,
)

pytestmark = pytest.mark.anyio


class TestInMemoryAccounts(AccountsSpec):
    @pytest.fixture
    def accounts(self) -> Accounts:
        return InMemoryAccounts()


class TestMongoAccounts(AccountsSpec):
    @pytest.fixture
    def accounts(self, database: Database) -> Accounts:
        return MongoAccounts(database)

    async def test_an_account_from_before_there_were_roles_may_do_what_it_could(self, database: Database) -> None:
        await database["accounts"].insert_one({"_id": "old", "password_hash": "one", "at": NOON})

        account = await MongoAccounts(database).find("old")

        assert account == Account(name="old", since=NOON, role=Role.desk)

    async def test_a_role_of_a_later_version_may_only_look(self, database: Database) -> None:
        await database["accounts"].insert_one({"_id": "new", "password_hash": "one", "at": NOON, "role": "emperor"})

        account = await MongoAccounts(database).find("new")

        assert account
        assert account.role is Role.viewer


class TestInMemorySessions(SessionsSpec):
    @pytest.fixture
    def sessions(self) -> Sessions:
        return InMemorySessions()


class TestMongoSessions(SessionsSpec):
    @pytest.fixture
    async def sessions(self, database: Database) -> Sessions:
        """Without `prepare`: Mongo's own clock would clear away sessions of the tests' time."""
        return MongoSessions(database)

    async def test_a_session_that_began_before_uses_were_written_still_works(self, database: Database) -> None:
        await database["sessions"].insert_one({"_id": "old", "account": "desk", "at": NOON, "until": LATER})

        assert await MongoSessions(database).account("old", NOON, NOON) == "desk"


class TestInMemoryDevices(DevicesSpec):
    @pytest.fixture
    def devices(self) -> Devices:
        return InMemoryDevices()


class TestMongoDevices(DevicesSpec):
    @pytest.fixture
    def devices(self, database: Database) -> Devices:
        return MongoDevices(database)


class TestInMemoryFailedLogIns(FailedLogInsSpec):
    @pytest.fixture
    def failed(self) -> FailedLogIns:
        return InMemoryFailedLogIns()


class TestMongoFailedLogIns(FailedLogInsSpec):
    @pytest.fixture
    def failed(self, database: Database) -> FailedLogIns:
        return MongoFailedLogIns(database)

    async def test_a_flood_of_failures_is_two_documents(self, database: Database) -> None:
        """Each anonymous post was a document of its own, for good: anybody could fill the database (S15)."""
        failed = MongoFailedLogIns(database)

        for number in range(1, 51):
            await failed.add("refused", NOON, "desk", Visitor(address=f"198.51.100.{number}", agent="browser"))

        documents = await database["failed_log_ins"].find({}, {"_id": 0}).to_list(None)
        assert documents == [
            {
                "hour": NOON,
                "failure": "refused",
                "account": "desk",
                "network": "198.51.100.0/24",
                "agent": "browser",
                "count": 50,
                "last_at": NOON,
            },
            {"hour": NOON, "count": 50, "last_at": NOON},
        ]


class TestInMemoryInvitations(InvitationsSpec):
    @pytest.fixture
    def invitations(self) -> Invitations:
        return InMemoryInvitations()


class TestMongoInvitations(InvitationsSpec):
    @pytest.fixture
    def invitations(self, database: Database) -> Invitations:
        return MongoInvitations(database)


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


async def test_what_staff_kept_for_themselves_goes_with_them_and_what_is_shared_stays(database: Database) -> None:
    box = a_box()
    drafts, posts = MongoNoteDrafts(database, box), MongoKeptPosts(database, box)
    views, runs = MongoSavedViews(database, box), MongoBulkRuns(database)
    for name in ("desk", "boss"):
        await drafts.keep(a_draft("a" * 32, 1, account=name), LATER)
        await posts.keep(name, a_post(name), LATER)
        await views.add(a_view(f"{name}'s", name))
        await views.add(a_view(f"{name}'s shared", name, is_shared=True))
        await runs.add(BulkRun(id=name, account=name, work=Post(), planned=()), LATER)

    await MongoBelongings(database).remove("desk")

    left = [
        (len(await drafts.of(REQUEST, name, NOON)), len(await posts.of(name, NOON)), bool(await runs.find(name, NOON)))
        for name in ("desk", "boss")
    ]
    assert left == [(0, 0, False), (1, 1, True)]
    assert {view.id for view in await views.of("boss")} == {"boss's", "boss's shared", "desk's shared"}
    assert [view.id for view in await views.of("desk")] == ["boss's shared", "desk's shared"]


async def test_everything_that_strangers_can_add_to_ends_by_itself(database: Database) -> None:
    """S15: tries, failed log-ins and browsers were kept for ever or not at all; the audit is kept for 400 days."""
    collections: dict[
        str, MongoTries | MongoFailedLogIns | MongoDevices | MongoSessions | MongoAudit | MongoInvitations
    ] = {
        "tries": MongoTries(database),
        "failed_log_ins": MongoFailedLogIns(database),
        "devices": MongoDevices(database),
        "sessions": MongoSessions(database),
        "audit": MongoAudit(database),
        "invitations": MongoInvitations(database),
    }

    for collection in collections.values():
        await collection.prepare()

    ends = {}
    for name in collections:
        indexes = await database[name].index_information()
        [ends[name]] = [index["expireAfterSeconds"] for index in indexes.values() if "expireAfterSeconds" in index]
    days = 24 * 60 * 60
    assert ends == {
        "tries": 1800,
        "failed_log_ins": 400 * days,
        "devices": 0,
        "sessions": 0,
        "audit": 400 * days,
        "invitations": 0,
    }
