"""Take a member of staff's account away: for a while, or for good."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.dashboard.domain.account import Account
from services.dashboard.domain.roles import Role
from services.dashboard.ports import Accounts, Audit, Devices, Sessions
from shared.clock import Clock
from shared.errors import Invalid


def refuse_last(accounts: Sequence[Account], name: str) -> None:
    """Raises `Invalid` when nobody (last-account) or no admin (last-admin) is left without *name*."""
    others = [account for account in accounts if account.name != name and account.may_log_in]
    if not others:
        raise Invalid("last-account")
    is_admin = any(account.name == name and account.role is Role.admin for account in accounts)
    if is_admin and not any(account.role is Role.admin for account in others):
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
        """Raises `Invalid`: no-such-account, last-account, last-admin.

        *by*: the admin; on the command line nobody is logged in, and the account stands for itself.
        *force*: also when then nobody can log in any more, or nobody can keep the accounts.
        """
        accounts = await self.accounts.all()
        if name not in {account.name for account in accounts}:
            raise Invalid("no-such-account")
        if not force:
            refuse_last(accounts, name)
        await self.audit.record("account-removed" if remove else "account-disabled", self.now(), by or name, about=name)
        # First the log-in, then its sessions: a log-in between the two would have a session that stays.
        # The account itself goes last: while it is there, a removal that broke off can be repeated.
        await self.accounts.disable(name, self.now())
        await self.sessions.end_all(name)
        await self.devices.forget(name)
        if remove:
            await self.accounts.remove(name)
