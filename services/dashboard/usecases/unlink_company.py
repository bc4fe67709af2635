"""Take away that somebody logs in with the company's account."""

from dataclasses import dataclass

from services.dashboard.ports.audit import Audit
from services.dashboard.ports.company import Identities
from services.dashboard.ports.log_in import Devices
from services.dashboard.ports.staff import Accounts, Invitations, Sessions
from services.dashboard.usecases.check_password import CheckPassword, WrongPassword
from shared.clock import Clock
from shared.errors import Invalid


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlinkCompany:
    """Who is unlinked is as unknown as anybody: only a new invitation links them again.

    All sessions of the account end: nobody has noted which of them the company's account began.
    """

    check_password: CheckPassword
    accounts: Accounts
    identities: Identities
    invitations: Invitations
    sessions: Sessions
    devices: Devices
    audit: Audit
    now: Clock

    async def own(self, name: str, password: str) -> WrongPassword | None:
        """For who knows the password: from now on they log in with it."""
        if refused := await self.check_password(name, password):
            return refused
        await self(name, by=name)
        return None

    async def __call__(self, name: str, *, by: str) -> None:
        """Safe to repeat. *by*: an admin, or its owner.

        Raises `Invalid` (no-password) where admins would lock themselves out. Of somebody else they may take it away
        also without a password: an invitation gives them another way in.
        """
        account = await self.accounts.find(name)
        if by == name and not (account and account.has_password):
            raise Invalid("no-password")
        await self.audit.record("company-account-unlinked", self.now(), by, about=name)
        # An invitation that is still open would link them again at their next log-in.
        await self.invitations.withdraw(name)
        # First the log-in, then its sessions, as in `CloseAccount`.
        await self.identities.unlink(name)
        await self.sessions.end_all(name, self.now())
        await self.devices.forget(name)
