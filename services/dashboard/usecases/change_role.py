"""Give a member of staff another role."""

from dataclasses import dataclass

from services.dashboard.domain.roles import Role
from services.dashboard.ports import Accounts, Audit
from services.dashboard.usecases.close_account import refuse_last
from shared.clock import Clock
from shared.errors import Invalid


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRole:
    """Recorded first. It holds in running sessions from the next request on (`Authenticate`)."""

    accounts: Accounts
    audit: Audit
    now: Clock

    async def __call__(self, name: str, role: Role, *, by: str | None = None, force: bool = False) -> None:
        """Raises `Invalid`: no-such-account, last-admin (unless *force*)."""
        accounts = {account.name: account for account in await self.accounts.all()}
        if name not in accounts:
            raise Invalid("no-such-account")
        if accounts[name].role is Role.admin and role is not Role.admin and not force:
            refuse_last(tuple(accounts.values()), name)
        await self.audit.record("role-changed", self.now(), by or name, about=f"{name}={role}")
        await self.accounts.set_role(name, role)
