"""Take a member of staff's account away: for a while, or for good."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.dashboard.domain.account import Account
from services.dashboard.domain.roles import Role
from services.dashboard.ports import Accounts, Audit, Devices, Sessions
from shared.clock import Clock
from shared.errors import Invalid


def refuse_last_admin(accounts: Sequence[Account], name: str) -> None:
    """Raises `Invalid` (last-admin) when *name* is an admin, and no other is left to keep the accounts."""
    admins = [account.name for account in accounts if account.role is Role.admin and account.may_log_in]
    if admins == [name]:
        raise Invalid("last-admin")


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseAccount:
    """Disable an account, or remove it. Its sessions end at once. It is recorded before anything is changed."""

    accounts: Accounts
    sessions: Sessions
    devices: Devices
    audit: Audit
    now: Clock

    async def __call__(self, name: str, *, remove: bool, by: str | None = None, force: bool = False) -> None:
        """*by*: the admin who asks. On the command line nobody is logged in, and the account stands for itself.

        Raises `Invalid`: no-such-account, last-account (unless *force*: then nobody can log in any more). An admin is
        also refused as last-admin; whoever has the command line can make another one.
        """
        accounts = await self.accounts.all()
        if name not in {account.name for account in accounts}:
            raise Invalid("no-such-account")
        if not force and not any(account.may_log_in for account in accounts if account.name != name):
            raise Invalid("last-account")
        if by:
            refuse_last_admin(accounts, name)
        await self.audit.record("account-removed" if remove else "account-disabled", self.now(), by or name, about=name)
        # First the log-in, then its sessions: a log-in between the two would have a session that stays.
        # The account itself goes last: while it is there, a removal that broke off can be repeated.
        await self.accounts.disable(name, self.now())
        await self.sessions.end_all(name)
        await self.devices.forget(name)
        if remove:
            await self.accounts.remove(name)
