"""Take a member of staff's account away: for a while, or for good."""

from dataclasses import dataclass

from services.dashboard.ports import Accounts, Audit, Devices, Sessions
from shared.clock import Clock
from shared.errors import Invalid


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseAccount:
    """Disable an account, or remove it. Its sessions end at once. It is recorded before anything is changed."""

    accounts: Accounts
    sessions: Sessions
    devices: Devices
    audit: Audit
    now: Clock

    async def __call__(self, name: str, *, remove: bool, force: bool = False) -> None:
        """Raises `Invalid`: no-such-account, last-account (unless *force*: then nobody can log in any more)."""
        accounts = await self.accounts.all()
        if name not in {account.name for account in accounts}:
            raise Invalid("no-such-account")
        others = [account for account in accounts if account.name != name and account.disabled_at is None]
        if not others and not force:
            raise Invalid("last-account")
        await self.audit.record("account-removed" if remove else "account-disabled", self.now(), name)
        # First the log-in, then its sessions: a log-in between the two would have a session that stays.
        # The account itself goes last: while it is there, a removal that broke off can be repeated.
        await self.accounts.disable(name, self.now())
        await self.sessions.end_all(name)
        await self.devices.forget(name)
        if remove:
            await self.accounts.remove(name)
