"""`mitsumori staff add`: who may log in."""

import pytest

from local.staff import add_staff
from services.dashboard.adapters.argon import ArgonPasswords
from services.dashboard.usecases.create_account import CreateAccount
from shared.errors import Invalid
from shared.runtime.adapters.mongo import connect
from tests.services.dashboard.builders import NOON
from tests.services.dashboard.fakes import (
    InMemoryAccounts,
    InMemoryAudit,
    InMemoryDevices,
    InMemoryInvitations,
    InMemorySessions,
    PlainPasswords,
)

pytestmark = pytest.mark.anyio


@pytest.fixture
def accounts() -> InMemoryAccounts:
    return InMemoryAccounts()


@pytest.fixture
def sessions() -> InMemorySessions:
    return InMemorySessions()


@pytest.fixture
def invitations() -> InMemoryInvitations:
    return InMemoryInvitations()


@pytest.fixture
def create_account(
    accounts: InMemoryAccounts, sessions: InMemorySessions, invitations: InMemoryInvitations
) -> CreateAccount:
    return CreateAccount(
        accounts=accounts,
        passwords=PlainPasswords(),
        sessions=sessions,
        devices=InMemoryDevices(),
        invitations=invitations,
        audit=InMemoryAudit(),
        now=lambda: NOON,
    )


async def test_a_password_is_made_up_unless_one_is_given(
    create_account: CreateAccount, accounts: InMemoryAccounts
) -> None:
    made_up, other = await create_account("desk"), await create_account("boss")
    given = await create_account("clerk", "correct-horse-battery")

    assert (len(made_up), made_up != other) == (20, True)
    assert given == "correct-horse-battery"
    assert accounts.hashes == {
        "desk": f"plain:{made_up}",
        "boss": f"plain:{other}",
        "clerk": "plain:correct-horse-battery",
    }


async def test_a_name_that_is_taken_keeps_its_password(
    create_account: CreateAccount, accounts: InMemoryAccounts
) -> None:
    first = await create_account("desk")

    with pytest.raises(Invalid, match="name-taken"):
        await create_account("desk")

    assert accounts.hashes == {"desk": f"plain:{first}"}


async def test_a_reset_changes_the_password_and_ends_every_session(
    create_account: CreateAccount, accounts: InMemoryAccounts, sessions: InMemorySessions
) -> None:
    await create_account("desk")
    await sessions.begin("digest", "desk", NOON, NOON.replace(year=2027))

    second = await create_account("desk", reset=True)

    assert accounts.hashes == {"desk": f"plain:{second}"}
    assert await sessions.account("digest", NOON, NOON) is None


async def test_after_a_reset_no_link_of_before_sets_the_password(
    create_account: CreateAccount, invitations: InMemoryInvitations
) -> None:
    await create_account("desk")
    await invitations.add("digest", "desk", NOON.replace(year=2027))

    await create_account("desk", reset=True)

    assert await invitations.account("digest", NOON) is None


@pytest.mark.parametrize("name", ["", "Desk", "窓口", "a b", "-desk", "x" * 33, "desk\n"])
async def test_a_name_that_could_not_be_typed_to_log_in_is_refused(create_account: CreateAccount, name: str) -> None:
    with pytest.raises(Invalid, match="bad-name"):
        await create_account(name)


@pytest.mark.parametrize("password", ["", "eleven-char", "x" * 129])
async def test_a_password_too_short_or_too_long_is_refused(create_account: CreateAccount, password: str) -> None:
    with pytest.raises(Invalid, match="bad-password"):
        await create_account("desk", password)


async def test_the_command_line_reaches_the_dashboards_own_database(mongo_uri: str) -> None:
    async with connect(mongo_uri, "mitsumori_dashboard") as database:
        await database["accounts"].delete_many({})

        password = await add_staff(mongo_uri, "desk")

        [account] = await database["accounts"].find().to_list(None)
        await database.client.drop_database(database.name)
    assert account["_id"] == "desk"
    assert await ArgonPasswords().verify(account["password_hash"], password)
