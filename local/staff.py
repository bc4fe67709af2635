"""Makes accounts for the dashboard without its process: for `mitsumori staff add NAME` and `mitsumori run`."""

from services.dashboard.adapters.argon import ArgonPasswords
from services.dashboard.adapters.mongo_staff import MongoAccounts, MongoSessions
from services.dashboard.usecases.create_account import CreateAccount
from services.registry import service
from shared.clock import utc_now
from shared.runtime.adapters.mongo import connect


async def add_staff(mongo: str, name: str, password: str | None = None, *, reset: bool = False) -> str:
    """Make the account *name* in the dashboard's database at *mongo*. Returns its password, a random one unless given.

    Raises `Invalid`: bad-name, bad-password, name-taken (unless *reset*, which changes the password and ends every
    session of the account); `Unavailable` when Mongo is away.
    """
    async with connect(mongo, service("dashboard").database) as database:
        create_account = CreateAccount(
            accounts=MongoAccounts(database),
            passwords=ArgonPasswords(),
            sessions=MongoSessions(database),
            now=utc_now,
        )
        return await create_account(name, password, reset=reset)
