"""A key in somebody's computer, telephone or security key that logs them in, in place of password and code."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Passkey:
    """Only the public half is here. `uses`: how often it says that it was used; 0 where it does not count."""

    id: str
    public_key: bytes
    uses: int
    name: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Site:
    """Where the browser is: a key works only for the host that it was made for, and on pages of its origin."""

    host: str
    origin: str
