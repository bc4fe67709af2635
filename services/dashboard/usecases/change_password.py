"""Change one's own password."""

from dataclasses import dataclass
from typing import Literal

from services.dashboard.domain.passwords import Weakness, weakness
from services.dashboard.ports.audit import Audit
from services.dashboard.ports.log_in import Devices
from services.dashboard.ports.staff import Accounts, Invitations, Passwords, Sessions
from services.dashboard.usecases.check_password import CheckPassword, WrongPassword
from shared.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePassword:
    """For who knows the current one. All sessions end, this one too: whoever else was logged in is out.

    So does a link with which somebody else could set another.
    """

    check_password: CheckPassword
    accounts: Accounts
    passwords: Passwords
    invitations: Invitations
    sessions: Sessions
    devices: Devices
    audit: Audit
    now: Clock

    async def __call__(
        self, name: str, current: str, new: str
    ) -> Weakness | WrongPassword | Literal["same-password"] | None:
        """None: it is changed."""
        if refused := weakness(new, name) or await self.check_password(name, current):
            return refused
        if new == current:
            return "same-password"
        password_hash = await self.passwords.hash(new)
        await self.audit.record("password-changed", self.now(), name, about=name)
        await self.accounts.set_password(name, password_hash)
        await self.invitations.withdraw(name)
        await self.sessions.end_all(name, self.now())
        await self.devices.forget(name)
        return None
