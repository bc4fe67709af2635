"""Give a member of staff an account, or a new password."""

import re
import secrets
from dataclasses import dataclass
from typing import Final

from services.dashboard.domain.passwords import weakness
from services.dashboard.domain.roles import Role
from services.dashboard.ports.audit import Audit
from services.dashboard.ports.log_in import Devices
from services.dashboard.ports.staff import Accounts, Invitations, Passwords, Sessions
from shared.clock import Clock
from shared.errors import Invalid

LONGEST_NAME: Final = 32
NAME: Final = re.compile(rf"[a-z0-9][a-z0-9._-]{{0,{LONGEST_NAME - 1}}}")
_LETTERS: Final = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_GENERATED_LENGTH: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateAccount:
    """Create an account; with `reset`, give an existing one a new password and end its sessions and links.

    It is recorded first: nobody may have a password of which the audit knows nothing.
    """

    accounts: Accounts
    passwords: Passwords
    sessions: Sessions
    devices: Devices
    invitations: Invitations
    audit: Audit
    now: Clock

    async def __call__(
        self, name: str, password: str | None = None, *, role: Role | None = None, reset: bool = False
    ) -> str:
        """The password: the one given, or a random one, which must be changed at the first log-in.

        The first account is an admin's, any other a clerk's, unless *role* says otherwise.
        Raises `Invalid`: bad-name, bad-password, name-taken.
        """
        if not NAME.fullmatch(name):
            raise Invalid("bad-name")
        temporary = password is None
        if password is None:
            password = "".join(secrets.choice(_LETTERS) for _ in range(_GENERATED_LENGTH))
        if not temporary and weakness(password, name):
            raise Invalid("bad-password")
        password_hash = await self.passwords.hash(password)
        names, now = {account.name for account in await self.accounts.all()}, self.now()
        exists = name in names
        if exists and not reset:
            raise Invalid("name-taken")
        if not exists and not await self.accounts.is_free(name):
            raise Invalid("name-taken")  # By an account that was removed.
        await self.audit.record("password-changed" if exists else "account-added", now, name)
        if exists:
            await self._reset(name, password_hash, temporary=temporary)
        elif not await self.accounts.add(
            name, password_hash, now, role or (Role.desk if names else Role.admin), temporary=temporary
        ):
            raise Invalid("name-taken")  # By somebody else, at this moment.
        return password

    async def _reset(self, name: str, password_hash: str, *, temporary: bool) -> None:
        """Whoever knew the password before may have a browser that is trusted more than others: it is forgotten too."""
        await self.accounts.set_password(name, password_hash, temporary=temporary)
        await self.invitations.withdraw(name)
        await self.accounts.enable(name)
        await self.sessions.end_all(name, self.now())
        await self.devices.forget(name)
