"""Passkeys: what is kept of them, and how one is checked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.dashboard.domain.passkey import Passkey, Site


@dataclass(frozen=True, slots=True, kw_only=True)
class NewKey:
    """What a browser has made: the public half of a passkey."""

    id: str
    public_key: bytes
    uses: int


class Passkeys(Protocol):
    """The passkeys of staff, and what browsers were asked: each question is for one answer."""

    async def challenge(self, challenge: bytes, account: str, until: datetime) -> None:
        """*challenge* may be answered *until* then, for *account*; for a log-in it is empty."""
        ...

    async def answered(self, challenge: bytes, account: str, now: datetime) -> bool:
        """False: it was never asked of *account*, was answered before, or has ended."""
        ...

    async def add(self, account: str, key: Passkey) -> None:
        """*account* may log in with *key*."""
        ...

    async def of(self, account: str) -> Sequence[Passkey]:
        """The oldest first."""
        ...

    async def find(self, key_id: str) -> tuple[str, Passkey] | None:
        """The key, with whose it is."""
        ...

    async def used(self, key_id: str, uses: int) -> None:
        """Remember how often the key says that it was used: a copy of it would count differently."""
        ...

    async def remove(self, account: str, key_id: str | None = None) -> None:
        """One key of *account*, or all."""
        ...


class PasskeyChecks(Protocol):
    """What a browser is asked about passkeys, and whether its answer is right. All raise `Invalid` (bad-passkey)."""

    def registration(self, site: Site, account: str, known: tuple[str, ...], challenge: bytes) -> str:
        """Ask to make a key, on a device that has none of *known*: JSON."""
        ...

    def log_in(self, site: Site, challenge: bytes) -> str:
        """Ask for a key: JSON."""
        ...

    def challenge_of(self, answer: str) -> bytes:
        """Which question it answers."""
        ...

    def key_of(self, answer: str) -> str:
        """The id of the key that a log-in was signed with."""
        ...

    def new_key(self, site: Site, answer: str, challenge: bytes) -> NewKey:
        """The key that was made for *site*, by somebody whom the device has verified."""
        ...

    def uses(self, site: Site, answer: str, challenge: bytes, key: Passkey) -> int:
        """How often *key* was used, once its signature and all else is right."""
        ...
