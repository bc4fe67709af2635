"""Take a member of staff's account away, for a while or for good; or only their sessions."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.dashboard.domain.account import Account
from services.dashboard.domain.roles import Role
from services.dashboard.ports.audit import Audit
from services.dashboard.ports.log_in import Devices
from services.dashboard.ports.staff import Accounts, Belongings, Invitations, Sessions
from services.dashboard.usecases.log_in import SESSION_IDLE
from shared.clock import Clock
from shared.errors import Invalid


def refuse_last_admin(accounts: Sequence[Account], name: str) -> None:
    """A `Rule`. Raises `Invalid` (last-admin) when *name* is an admin, and no other is left to keep the accounts."""
    admins = [account.name for account in accounts if account.role is Role.admin and account.may_log_in]
    if admins == [name]:
        raise Invalid("last-admin")


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseAccount:
    """Disable an account, or remove it with what it kept for itself. Its sessions end at once.

    It is recorded before anything is changed.
    """

    accounts: Accounts
    sessions: Sessions
    devices: Devices
    invitations: Invitations
    belongings: Belongings
    audit: Audit
    now: Clock

    async def __call__(self, name: str, *, remove: bool, by: str | None = None, force: bool = False) -> None:
        """*by*: the admin who asks. On the command line nobody is logged in, and the account stands for itself.

        Raises `Invalid`: no-such-account, last-account (unless *force*: then nobody can log in any more). An admin is
        also refused as last-admin; whoever has the command line can make another one.
        """

        def rule(accounts: Sequence[Account]) -> None:
            if name not in {account.name for account in accounts}:
                raise Invalid("no-such-account")
            if not force and not any(account.may_log_in for account in accounts if account.name != name):
                raise Invalid("last-account")
            if by:
                refuse_last_admin(accounts, name)

        # Asked twice: nothing is recorded that is refused, and two who close each other are not both right.
        rule(await self.accounts.all())
        await self.audit.record("account-removed" if remove else "account-disabled", self.now(), by or name, about=name)
        # First the log-in, then its sessions: a log-in between the two would have a session that stays.
        # The account itself goes last: while it is there, a removal that broke off can be repeated.
        await self.accounts.disable(name, self.now(), rule)
        await self.sessions.end_all(name, self.now())
        await self.devices.forget(name)
        await self.invitations.withdraw(name)
        if remove:
            await self.belongings.remove(name)
            await self.accounts.remove(name, self.now())


@dataclass(frozen=True, slots=True, kw_only=True)
class EnableAccount:
    """The opposite of disabling. The password is the one of before."""

    accounts: Accounts
    audit: Audit
    now: Clock

    async def __call__(self, name: str, *, by: str) -> None:
        """Safe to repeat."""
        await self.audit.record("account-enabled", self.now(), by, about=name)
        await self.accounts.enable(name)


@dataclass(frozen=True, slots=True, kw_only=True)
class EndSession:
    """Log oneself out of one browser, wherever it is."""

    sessions: Sessions
    audit: Audit
    now: Clock

    async def __call__(self, account: str, session_id: str) -> None:
        """Safe to repeat. A session of somebody else stays."""
        now = self.now()
        if session_id in {one.id for one in await self.sessions.of(account, now, now - SESSION_IDLE)}:
            await self.audit.record("session-ended", now, account, about=account)
            await self.sessions.end(session_id, now, account)


@dataclass(frozen=True, slots=True, kw_only=True)
class EndSessions:
    """Log a member of staff out everywhere; their browsers are strangers again (`domain/lockout.py`).

    A link with which somebody could set the password and log in no longer works.
    """

    invitations: Invitations
    sessions: Sessions
    devices: Devices
    audit: Audit
    now: Clock

    async def __call__(self, name: str, *, by: str) -> None:
        """Safe to repeat."""
        await self.audit.record("sessions-ended", self.now(), by, about=name)
        await self.invitations.withdraw(name)
        await self.sessions.end_all(name, self.now())
        await self.devices.forget(name)
