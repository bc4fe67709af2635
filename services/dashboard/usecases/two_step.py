"""Turn the second step of a log-in on and off."""

import secrets
from dataclasses import dataclass
from typing import Literal

from services.dashboard.domain.second_step import (
    KEY_BYTES,
    RECOVERY_CODES,
    matching_step,
    recovery_codes,
    recovery_digest,
)
from services.dashboard.ports.audit import Audit
from services.dashboard.ports.staff import SecondSteps
from services.dashboard.usecases.check_password import CheckPassword, WrongPassword
from shared.clock import Clock

_RECOVERY_BYTES = 10


@dataclass(frozen=True, slots=True)
class NewRecoveryCodes:
    """Shown once: only their digests are kept."""

    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoStep:
    """For who knows the password: an open screen is not enough to change how its owner logs in."""

    check_password: CheckPassword
    second_steps: SecondSteps
    audit: Audit
    now: Clock

    @staticmethod
    def new_key() -> bytes:
        """A key to put into an app. It counts once a code of it was shown (`turn_on`)."""
        return secrets.token_bytes(KEY_BYTES)

    async def turn_on(
        self, name: str, password: str, key: bytes, code: str
    ) -> NewRecoveryCodes | WrongPassword | Literal["wrong-code"]:
        """From now on every log-in needs a code of *key*, or one of the recovery codes. This *code* is used up."""
        step = matching_step(key, code, self.now())
        if step is None:
            return "wrong-code"
        if refused := await self.check_password(name, password):
            return refused
        new = _new_codes()
        await self.audit.record("two-step-on", self.now(), name, about=name)
        await self.second_steps.keep(name, key, step, [recovery_digest(code) for code in new.codes])
        return new

    async def renew_recovery(self, name: str, password: str) -> NewRecoveryCodes | WrongPassword:
        """New recovery codes; the earlier ones no longer work."""
        if refused := await self.check_password(name, password):
            return refused
        new = _new_codes()
        await self.audit.record("recovery-codes-renewed", self.now(), name, about=name)
        await self.second_steps.renew_recovery(name, [recovery_digest(code) for code in new.codes])
        return new

    async def turn_off(self, name: str, password: str) -> WrongPassword | None:
        """A password is enough again."""
        if refused := await self.check_password(name, password):
            return refused
        await self.reset(name, by=name)
        return None

    async def reset(self, name: str, *, by: str) -> None:
        """For who has lost the app and the recovery codes: an admin turns it off for them."""
        await self.audit.record("two-step-off", self.now(), by, about=name)
        await self.second_steps.remove(name)


def _new_codes() -> NewRecoveryCodes:
    return NewRecoveryCodes(recovery_codes(secrets.token_bytes(_RECOVERY_BYTES) for _ in range(RECOVERY_CODES)))
