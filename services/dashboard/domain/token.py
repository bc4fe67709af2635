"""Tokens with which other programs read the desk: what each may read, and until when.

Only the program has the token; the desk keeps its digest.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

TOKEN_NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,31}")
"""What an admin calls a token, and a subscription of webhooks."""


class Scope(StrEnum):
    """What a token allows."""

    CASES_READ = "cases:read"
    CASES_CONTACT = "cases:contact"
    """Adds to `cases:read` who asked and how to reach them. Every such access is in the audit."""
    QUOTES_READ = "quotes:read"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiToken:
    """A token as it is kept and listed. `made_by`: the admin's account; empty for the command line."""

    name: str
    scopes: frozenset[Scope]
    since: datetime
    until: datetime
    made_by: str = ""
    used_at: datetime | None = None
    revoked_at: datetime | None = None

    @property
    def audited_as(self) -> str:
        """Who it is in the audit; no account of staff has a colon in its name."""
        return f"api:{self.name}"

    def works_at(self, now: datetime) -> bool:
        """Whether it still opens anything."""
        return self.revoked_at is None and now < self.until
