"""Change one's own password."""

from dataclasses import dataclass
from typing import Literal

from services.dashboard.domain.lockout import TRIES_COUNT_FOR, locked_until
from services.dashboard.domain.passwords import Weakness, weakness
from services.dashboard.ports import Accounts, Audit, Devices, Passwords, Sessions, Tries
from shared.clock import Clock

Refusal = Weakness | Literal["wrong-password", "same-password", "locked"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePassword:
    """For who knows the current one. All sessions end, this one too: whoever else was logged in is out.

    Who sits down at somebody's open screen must not be able to guess here without end: failures lock as at the log-in.
    """

    accounts: Accounts
    passwords: Passwords
    sessions: Sessions
    devices: Devices
    tries: Tries
    audit: Audit
    now: Clock

    async def __call__(self, name: str, current: str, new: str) -> Refusal | None:
        """None: it is changed."""
        if weak := weakness(new, name):
            return weak
        now, counter = self.now(), f"own-password:{name}"
        this_try, others = await self.tries.count(counter, now, now - TRIES_COUNT_FOR)
        if locked_until(others, now):
            await self.tries.uncount(this_try)
            return "locked"
        if not await self.passwords.verify(await self.accounts.password_hash(name), current):
            return "wrong-password"
        await self.tries.clear(counter)
        if new == current:
            return "same-password"
        password_hash = await self.passwords.hash(new)
        await self.audit.record("password-changed", now, name, about=name)
        await self.accounts.set_password(name, password_hash)
        await self.sessions.end_all(name)
        await self.devices.forget(name)
        return None
