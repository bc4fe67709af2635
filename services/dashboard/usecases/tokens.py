"""Make, revoke and check the tokens of other programs. What an admin does is recorded first."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from services.dashboard.domain.token import TOKEN_NAME, ApiToken, Scope
from services.dashboard.ports.api import Tokens
from services.dashboard.ports.audit import Audit
from services.dashboard.usecases.log_in import digest_of
from shared.clock import Clock
from shared.errors import Invalid

_PREFIX: Final = "mitsumori_"
"""So that scanners for secrets in source code recognise one."""
LONGEST: Final = timedelta(days=366)
_USE_NOTED_EVERY: Final = timedelta(minutes=1)
"""Programs ask often, and nobody needs the second of the last time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeToken:
    """Give a program a token, which is shown once."""

    tokens: Tokens
    audit: Audit
    now: Clock

    async def __call__(self, name: str, scopes: frozenset[Scope], lasts: timedelta, *, by: str = "") -> str:
        """The token. *by*: the admin's account; empty on the command line.

        Raises `Invalid`: bad-name, bad-scopes (none, or the contact without its case), bad-end, name-taken.
        """
        if not TOKEN_NAME.fullmatch(name):
            raise Invalid("bad-name")
        if not scopes or (Scope.CASES_CONTACT in scopes and Scope.CASES_READ not in scopes):
            raise Invalid("bad-scopes")
        if not timedelta() < lasts <= LONGEST:
            raise Invalid("bad-end")
        now, secret = self.now(), _PREFIX + secrets.token_urlsafe(32)
        token = ApiToken(name=name, scopes=scopes, since=now, until=now + lasts, made_by=by)
        await self.audit.record("token-made", now, by or token.audited_as, about=f"{name}={' '.join(sorted(scopes))}")
        if not await self.tokens.add(token, digest_of(secret)):
            raise Invalid("name-taken")
        return secret


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeToken:
    """Take a token back: the next request with it is refused."""

    tokens: Tokens
    audit: Audit
    now: Clock

    async def __call__(self, name: str, *, by: str = "") -> None:
        """Raises `Invalid` (no-such-token)."""
        now = self.now()
        if name not in {token.name for token in await self.tokens.all() if token.revoked_at is None}:
            raise Invalid("no-such-token")
        await self.audit.record("token-revoked", now, by or f"api:{name}", about=name)
        await self.tokens.revoke(name, now)


@dataclass(frozen=True, slots=True)
class CheckToken:
    """Whose token it is."""

    tokens: Tokens
    now: Clock

    async def __call__(self, secret: str) -> ApiToken | None:
        """None: it is none of ours, it was revoked, or it has ended. Asking is a use."""
        now = self.now()
        token = await self.tokens.find(digest_of(secret)) if secret.startswith(_PREFIX) else None
        if token is None or not token.works_at(now):
            return None
        if token.used_at is None or now - token.used_at >= _USE_NOTED_EVERY:
            await self.tokens.note_use(token.name, now)
        return token
