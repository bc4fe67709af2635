"""What logging in with an account of the company's own provider needs from outside (OpenID Connect).

Methods that use the database or the provider raise `Unavailable` when it cannot be reached.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Whom the provider has recognised: *subject* is theirs for good. *email*: only one that the provider verified."""

    issuer: str
    subject: str
    email: str | None = None


class Provider(Protocol):
    """The company's OpenID provider."""

    async def address(self, state: str, nonce: str, verifier: str) -> str:
        """Where the browser goes to log in. It comes back with *state* and a code."""
        ...

    async def identity(self, code: str, nonce: str, verifier: str) -> Identity:
        """Who the code stands for, once all that the provider says of it is right.

        *nonce*, *verifier*: as they were when the browser went there. Raises `Invalid` (bad-identity).
        """
        ...


class CompanyLogIns(Protocol):
    """Browsers that are at the provider, by digests of their state and of the cookie that they have for it."""

    async def begin(self, state: str, browser: str, page: str, until: datetime) -> None:
        """It leads to *page* if it comes back before *until*."""
        ...

    async def take(self, state: str, browser: str, now: datetime) -> str | None:
        """The page, once; None when it was never begun, by another browser, or too long ago."""
        ...


class Identities(Protocol):
    """Which account is whose at the provider."""

    async def owner(self, identity: Identity) -> str | None:
        """The account of who has this subject at this issuer. The mail address decides nothing."""
        ...

    async def link(self, account: str, identity: Identity) -> bool:
        """False: one of the two is linked already, also at this very moment, or there is no such account."""
        ...

    async def unlink(self, account: str) -> None:
        """Nobody at the provider is *account* any more; another, or the same, may be linked to it."""
        ...
