"""`mitsumori staff add`: who may log in."""

import pytest

from local.staff import add_staff
from services.dashboard.adapters.argon import ArgonPasswords
from services.dashboard.usecases.enrol import AddStaff
from shared.errors import Invalid
from shared.runtime.adapters.mongo import connect
from tests.services.dashboard.builders import NOON
from tests.services.dashboard.fakes import InMemoryAccounts, InMemorySessions, PlainPasswords

pytestmark = pytest.mark.anyio


@pytest.fixture
def accounts() -> InMemoryAccounts:
    return InMemoryAccounts()


@pytest.fixture
def sessions() -> InMemorySessions:
    return InMemorySessions()


@pytest.fixture
def add(accounts: InMemoryAccounts, sessions: InMemorySessions) -> AddStaff:
    return AddStaff(accounts, PlainPasswords(), sessions, lambda: NOON)


async def test_a_password_is_made_up_unless_one_is_given(add: AddStaff, accounts: InMemoryAccounts) -> None:
    made_up, other = await add("desk"), await add("boss")
    given = await add("clerk", "correct-horse-battery")

    assert (len(made_up), made_up != other) == (20, True)
    assert given == "correct-horse-battery"
    assert accounts.hashes == {
        "desk": f"plain:{made_up}",
        "boss": f"plain:{other}",
        "clerk": "plain:correct-horse-battery",
    }


async def test_a_name_that_is_taken_keeps_its_password(add: AddStaff, accounts: InMemoryAccounts) -> None:
    first = await add("desk")

    with pytest.raises(Invalid, match="name-taken"):
        await add("desk")

    assert accounts.hashes == {"desk": f"plain:{first}"}


async def test_a_reset_changes_the_password_and_ends_every_session(
    add: AddStaff, accounts: InMemoryAccounts, sessions: InMemorySessions
) -> None:
    await add("desk")
    await sessions.begin("digest", "desk", NOON, NOON.replace(year=2027))

    second = await add("desk", reset=True)

    assert accounts.hashes == {"desk": f"plain:{second}"}
    assert sessions.begun == {}


@pytest.mark.parametrize("name", ["", "Desk", "窓口", "a b", "-desk", "x" * 33, "desk\n"])
async def test_a_name_that_could_not_be_typed_at_the_door_is_refused(add: AddStaff, name: str) -> None:
    with pytest.raises(Invalid, match="bad-name"):
        await add(name)


@pytest.mark.parametrize("password", ["", "eleven-char", "x" * 129])
async def test_a_password_too_short_or_too_long_is_refused(add: AddStaff, password: str) -> None:
    with pytest.raises(Invalid, match="bad-password"):
        await add("desk", password)


async def test_the_command_line_reaches_the_dashboards_own_database(mongo_uri: str) -> None:
    async with connect(mongo_uri, "mitsumori_dashboard") as database:
        await database["accounts"].delete_many({})

        password = await add_staff(mongo_uri, "desk")

        [account] = await database["accounts"].find().to_list(None)
        await database.client.drop_database(database.name)
    assert account["_id"] == "desk"
    assert await ArgonPasswords().verify(account["password_hash"], password)
