"""Second steps and kept posts in memory and in a real MongoDB, where they are sealed."""

import base64

import pytest
from nacl.public import PrivateKey

from services.dashboard.adapters.desk_box import DeskBox
from services.dashboard.adapters.mongo_accounts import MongoAccounts
from services.dashboard.adapters.mongo_kept_posts import MongoKeptPosts
from services.dashboard.adapters.mongo_saved_views import MongoSavedViews
from services.dashboard.adapters.mongo_second_steps import MongoSecondSteps
from services.dashboard.domain.saved_view import SavedView
from services.dashboard.ports.lists import SavedViews
from services.dashboard.ports.staff import KeptPosts, SecondSteps
from shared.runtime.adapters.mongo import Database
from shared.runtime.parcels import ParcelOpener, Sealer, new_key_pair
from tests.services.dashboard.builders import NOON
from tests.services.dashboard.fakes import InMemoryAccounts, InMemoryKeptPosts, InMemorySavedViews, InMemorySecondSteps
from tests.services.dashboard.specs import KEY, LATER, KeptPostsSpec, SavedViewsSpec, SecondStepsSpec, a_post

pytestmark = pytest.mark.anyio


def a_box(number: int = 1) -> DeskBox:
    pair = new_key_pair("desk", number)
    key = PrivateKey(base64.b64decode(pair.secret))
    return DeskBox(Sealer({"desk": (pair.id, key.public_key)}), ParcelOpener({pair.id: key}))


class TestInMemorySecondSteps(SecondStepsSpec):
    @pytest.fixture
    def second_steps(self) -> SecondSteps:
        return InMemorySecondSteps(InMemoryAccounts({"desk": "one", "boss": "two"}))


class TestMongoSecondSteps(SecondStepsSpec):
    @pytest.fixture
    async def second_steps(self, database: Database) -> SecondSteps:
        for name in ("desk", "boss"):
            await MongoAccounts(database).add(name, "one", NOON)
        return MongoSecondSteps(database, a_box())

    async def test_the_account_says_that_it_has_one(self, second_steps: SecondSteps, database: Database) -> None:
        await second_steps.keep("desk", KEY, 7, [])

        assert [account.has_two_step for account in await MongoAccounts(database).all()] == [False, True]

    async def test_no_key_can_be_read_from_the_ledger(self, second_steps: SecondSteps, database: Database) -> None:
        await second_steps.keep("desk", KEY, 7, [])

        stored = str(await database["accounts"].find().to_list(None))
        assert not [text for text in (KEY.hex(), str(KEY), base64.b32encode(KEY).decode()) if text in stored]

    async def test_the_key_of_one_account_is_worth_nothing_in_another(
        self, second_steps: SecondSteps, database: Database
    ) -> None:
        """Who may write in the database could put the own key in the place of somebody else's."""
        await second_steps.keep("desk", KEY, 7, [])
        desk = await database["accounts"].find_one({"_id": "desk"})
        assert desk

        await database["accounts"].update_one({"_id": "boss"}, {"$set": {"two_step": desk["two_step"]}})

        boss = await second_steps.find("boss")
        assert boss
        assert boss.key == b""

    async def test_without_the_key_file_recovery_codes_still_work(
        self, second_steps: SecondSteps, database: Database
    ) -> None:
        await second_steps.keep("desk", KEY, 7, ["one"])

        found = await MongoSecondSteps(database, a_box(2)).find("desk")

        assert found
        assert (found.key, found.recovery) == (b"", frozenset({"one"}))


class TestInMemorySavedViews(SavedViewsSpec):
    @pytest.fixture
    def views(self) -> SavedViews:
        return InMemorySavedViews()


class TestMongoSavedViews(SavedViewsSpec):
    @pytest.fixture
    def views(self, database: Database) -> SavedViews:
        return MongoSavedViews(database, a_box())

    async def test_nothing_that_was_searched_for_can_be_read_from_the_ledger(
        self, views: SavedViews, database: Database
    ) -> None:
        """The name of a customer lay there in clear, in the address and in the name of the view."""
        await views.add(SavedView(id="x", name="カナリア商会", address="/?q=canary", owner="desk", is_shared=False))

        stored = str(await database["saved_views"].find().to_list(None))
        assert not [text for text in ("カナリア商会", "canary") if text in stored]
        assert await MongoSavedViews(database, a_box(2)).of("desk") == []

    async def test_a_view_from_before_they_were_sealed_is_read_and_then_sealed(self, database: Database) -> None:
        former = {"name": "カナリア商会", "address": "/?q=canary", "owner": "desk", "is_shared": True}
        await database["saved_views"].insert_one({"_id": "x", **former})
        views = MongoSavedViews(database, a_box())

        before = await views.of("desk")
        await views.prepare()

        assert before == await views.of("desk") == [SavedView(id="x", **former)]  # type: ignore[arg-type]  # of several types
        assert "canary" not in str(await database["saved_views"].find().to_list(None))


class TestInMemoryKeptPosts(KeptPostsSpec):
    @pytest.fixture
    def kept_posts(self) -> KeptPosts:
        return InMemoryKeptPosts()


class TestMongoKeptPosts(KeptPostsSpec):
    @pytest.fixture
    def kept_posts(self, database: Database) -> KeptPosts:
        return MongoKeptPosts(database, a_box())

    async def test_nothing_that_was_typed_can_be_read_from_the_ledger(
        self, kept_posts: KeptPosts, database: Database
    ) -> None:
        await kept_posts.keep("desk", a_post("post"), LATER)

        assert "折り返し" not in str(await database["kept_posts"].find().to_list(None))
        assert await MongoKeptPosts(database, a_box(2)).of("desk", NOON) == []

    async def test_what_was_moved_to_another_account_is_not_shown_there(
        self, kept_posts: KeptPosts, database: Database
    ) -> None:
        await kept_posts.keep("desk", a_post("post"), LATER)

        await database["kept_posts"].update_one({}, {"$set": {"account": "boss"}})

        assert await kept_posts.of("boss", NOON) == []
