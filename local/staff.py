"""Keeps accounts of the dashboard without its process: for `mitsumori staff …` and `mitsumori run`."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from services.dashboard.adapters.argon import ArgonPasswords
from services.dashboard.adapters.audit_chain import Verified
from services.dashboard.adapters.mongo_accounts import MongoAccounts, MongoInvitations
from services.dashboard.adapters.mongo_audit import MongoAudit, verify_audit
from services.dashboard.adapters.mongo_belongings import MongoBelongings
from services.dashboard.adapters.mongo_staff import MongoDevices, MongoSessions
from services.dashboard.domain.account import Account
from services.dashboard.domain.roles import Role
from services.dashboard.usecases.change_role import ChangeRole
from services.dashboard.usecases.close_account import CloseAccount
from services.dashboard.usecases.create_account import CreateAccount
from services.registry import service
from shared.clock import utc_now
from shared.errors import Invalid
from shared.runtime.adapters.mongo import Database, connect


async def add_staff(
    mongo: str, name: str, password: str | None = None, *, role: Role | None = None, reset: bool = False
) -> str:
    """Make the account *name* in the dashboard's database at *mongo*. Returns its password, a random one unless given.

    A random one must be changed at the first log-in. The first account is an admin, any other a clerk (`desk`).

    Raises `Invalid`: bad-name, bad-password, name-taken (unless *reset*, which changes the password and ends every
    session of the account); `Unavailable` when Mongo is away.
    """
    async with _database(mongo) as database:
        return await _create_account(database)(name, password, role=role, reset=reset)


async def change_password(mongo: str, name: str) -> str:
    """Give *name* a new random password, which is returned, and end its sessions. A disabled account works again.

    Raises `Invalid` (no-such-account).
    """
    async with _database(mongo) as database:
        if name not in {account.name for account in await MongoAccounts(database).all()}:
            raise Invalid("no-such-account")
        return await _create_account(database)(name, reset=True)


async def close_staff(mongo: str, name: str, *, remove: bool, force: bool = False) -> None:
    """Disable or remove the account *name*. Raises `Invalid`: no-such-account, last-account."""
    async with _database(mongo) as database:
        close_account = CloseAccount(
            accounts=MongoAccounts(database),
            sessions=MongoSessions(database),
            devices=MongoDevices(database),
            invitations=MongoInvitations(database),
            belongings=MongoBelongings(database),
            audit=MongoAudit(database),
            now=utc_now,
        )
        await close_account(name, remove=remove, force=force)


async def change_role(mongo: str, name: str, role: Role) -> None:
    """Give *name* another role, also in its running sessions. Raises `Invalid` (no-such-account)."""
    async with _database(mongo) as database:
        change = ChangeRole(accounts=MongoAccounts(database), audit=MongoAudit(database), now=utc_now)
        await change(name, role)


async def verify_staff_audit(mongo: str, known: str | None = None) -> Verified:
    """Check the whole audit. *known*: an entry that was noted earlier, as `number:hash`."""
    async with _database(mongo) as database:
        return await verify_audit(database, utc_now(), known)


async def list_staff(mongo: str) -> Sequence[Account]:
    """Every account, by name."""
    async with _database(mongo) as database:
        return await MongoAccounts(database).all()


@asynccontextmanager
async def _database(mongo: str) -> AsyncIterator[Database]:
    async with connect(mongo, service("dashboard").database) as database:
        yield database


def _create_account(database: Database) -> CreateAccount:
    return CreateAccount(
        accounts=MongoAccounts(database),
        passwords=ArgonPasswords(),
        sessions=MongoSessions(database),
        devices=MongoDevices(database),
        invitations=MongoInvitations(database),
        audit=MongoAudit(database),
        now=utc_now,
    )
