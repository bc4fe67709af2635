"""An account of the dashboard and its sessions, as pages show them: never a password, key or token."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from services.dashboard.domain.roles import FORMER_ROLE, Role

OWNER_KNOWN_FOR: Final = timedelta(hours=1)
"""After a session has ended: what was typed and comes too late is kept for its owner."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A member of staff who may log in; from `disabled_at` on, no more."""

    name: str
    since: datetime
    role: Role = FORMER_ROLE
    disabled_at: datetime | None = None
    logged_in_at: datetime | None = None
    has_password: bool = True
    """False: invited, and the link was not used yet, or only to log in by the company's account."""
    must_change_password: bool = False
    """Somebody else knows it: it was made up on the command line."""

    has_two_step: bool = False
    has_company_account: bool = False

    @property
    def may_log_in(self) -> bool:
        """Whether there is a password that opens anything."""
        return self.has_password and self.disabled_at is None

    @property
    def is_invited(self) -> bool:
        """Whether there is nothing yet that opens it."""
        return not (self.has_password or self.has_company_account)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A browser that somebody is logged in with. `id` is the digest of its token, with which nobody gets in."""

    id: str
    since: datetime
    used_at: datetime
    network: str
    browser: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPost:
    """What was typed into a form and sent after the session had ended."""

    id: str
    path: str
    fields: tuple[tuple[str, str], ...]
