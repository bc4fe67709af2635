"""Ask for the own password once more, before something about the account is changed."""

from dataclasses import dataclass
from typing import Literal

from services.dashboard.domain.lockout import TRIES_COUNT_FOR, locked_until
from services.dashboard.ports.log_in import Tries
from services.dashboard.ports.staff import Accounts, Passwords
from shared.clock import Clock

WrongPassword = Literal["wrong-password", "locked"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckPassword:
    """Who sits down at somebody's open screen must not guess here without end: failures lock as at the log-in."""

    accounts: Accounts
    passwords: Passwords
    tries: Tries
    now: Clock

    async def __call__(self, name: str, password: str) -> WrongPassword | None:
        """None: it is right."""
        now, counter = self.now(), f"own-password:{name}"
        this_try, others = await self.tries.count(counter, now, now - TRIES_COUNT_FOR)
        if locked_until(others, now):
            await self.tries.uncount(this_try)
            return "locked"
        if not await self.passwords.verify(await self.accounts.password_hash(name), password):
            return "wrong-password"
        await self.tries.clear(counter)
        return None
