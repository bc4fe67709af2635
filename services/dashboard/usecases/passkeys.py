"""Make, use and remove passkeys."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

from services.dashboard.domain.passkey import Passkey, Site
from services.dashboard.ports.audit import Audit
from services.dashboard.ports.passkeys import PasskeyChecks, Passkeys
from services.dashboard.usecases.check_password import CheckPassword, WrongPassword
from shared.clock import Clock
from shared.errors import Invalid

CHALLENGE_LASTS: Final = timedelta(minutes=5)
_CHALLENGE_BYTES: Final = 32
_MOST: Final = 10
_NOBODY: Final = ""
"""Whom a log-in is asked of: whoever has a key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPasskeys:
    """One's own keys. Making one needs the password: an open screen is not enough to come back later."""

    check_password: CheckPassword
    passkeys: Passkeys
    checks: PasskeyChecks
    audit: Audit
    now: Clock

    async def options(self, name: str, site: Site) -> str:
        """What the browser is asked to make, as JSON."""
        challenge = secrets.token_bytes(_CHALLENGE_BYTES)
        known = tuple(key.id for key in await self.passkeys.of(name))
        await self.passkeys.challenge(challenge, name, self.now() + CHALLENGE_LASTS)
        return self.checks.registration(site, name, known, challenge)

    async def add(
        self, name: str, password: str, answer: str, site: Site, *, called: str
    ) -> WrongPassword | Literal["bad-passkey", "too-many"] | None:
        """None: from now on *name* can log in with it."""
        if len(await self.passkeys.of(name)) >= _MOST:
            return "too-many"
        if refused := await self.check_password(name, password):
            return refused
        try:
            challenge = self.checks.challenge_of(answer)
            if not await self.passkeys.answered(challenge, name, self.now()):
                return "bad-passkey"
            made = self.checks.new_key(site, answer, challenge)
        except Invalid:
            return "bad-passkey"
        if await self.passkeys.find(made.id):
            return "bad-passkey"
        await self.audit.record("passkey-added", self.now(), name, about=name)
        key = Passkey(id=made.id, public_key=made.public_key, uses=made.uses, name=called, since=self.now())
        await self.passkeys.add(name, key)
        return None

    async def remove(self, name: str, key_id: str | None = None, *, by: str) -> None:
        """One key of *name*, or all."""
        await self.audit.record("passkey-removed", self.now(), by, about=name)
        await self.passkeys.remove(name, key_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecogniseByPasskey:
    """Who it is that wants to log in with a key."""

    passkeys: Passkeys
    checks: PasskeyChecks
    now: Clock

    async def options(self, site: Site) -> str:
        """What the browser is asked for, as JSON."""
        challenge = secrets.token_bytes(_CHALLENGE_BYTES)
        await self.passkeys.challenge(challenge, _NOBODY, self.now() + CHALLENGE_LASTS)
        return self.checks.log_in(site, challenge)

    async def __call__(self, answer: str, site: Site) -> str | None:
        """The account; None for an answer that is wrong, was given before, or comes too late."""
        try:
            challenge, key_id = self.checks.challenge_of(answer), self.checks.key_of(answer)
            if not await self.passkeys.answered(challenge, _NOBODY, self.now()):
                return None
            found = await self.passkeys.find(key_id)
            if found is None:
                return None
            name, key = found
            uses = self.checks.uses(site, answer, challenge, key)
        except Invalid:
            return None
        await self.passkeys.used(key_id, uses)
        return name
