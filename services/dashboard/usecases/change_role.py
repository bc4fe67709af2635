"""Give a member of staff another role."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.dashboard.domain.account import Account
from services.dashboard.domain.roles import Role
from services.dashboard.ports.audit import Audit
from services.dashboard.ports.staff import Accounts
from services.dashboard.usecases.close_account import refuse_last_admin
from shared.clock import Clock
from shared.errors import Invalid


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRole:
    """Recorded first. It holds in running sessions from the next request on (`Authenticate`)."""

    accounts: Accounts
    audit: Audit
    now: Clock

    async def __call__(self, name: str, role: Role, *, by: str | None = None) -> None:
        """*by*: the admin who asks; None on the command line. Raises `Invalid`: no-such-account, last-admin."""

        def rule(accounts: Sequence[Account]) -> None:
            if name not in {account.name for account in accounts}:
                raise Invalid("no-such-account")
            if by and role is not Role.admin:
                refuse_last_admin(accounts, name)

        # Asked twice, as in `CloseAccount`.
        rule(await self.accounts.all())
        await self.audit.record("role-changed", self.now(), by or name, about=f"{name}={role}")
        await self.accounts.set_role(name, role, rule)
