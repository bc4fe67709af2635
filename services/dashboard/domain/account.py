"""An account of the dashboard, as pages and the command line show it: never its password or keys."""

from dataclasses import dataclass
from datetime import datetime

from services.dashboard.domain.roles import FORMER_ROLE, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A member of staff who may log in; from `disabled_at` on, no more."""

    name: str
    since: datetime
    role: Role = FORMER_ROLE
    disabled_at: datetime | None = None
    logged_in_at: datetime | None = None
    has_password: bool = True
    """False: invited, and the link was not used yet."""
    must_change_password: bool = False
    """Somebody else knows it: it was made up on the command line."""

    has_two_step: bool = False

    @property
    def may_log_in(self) -> bool:
        """Whether there is a password that opens anything."""
        return self.has_password and self.disabled_at is None
