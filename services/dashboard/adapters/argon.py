"""Passwords by Argon2id."""

from typing import Final

import anyio.to_thread
from anyio import CapacityLimiter
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_PARALLEL_HASHES: Final = 2


class ArgonPasswords:
    """`Passwords`, in threads: hashing takes long on purpose, and the pages of others must not wait for it.

    19 MiB and two passes are OWASP's minimum. Two hashes at the same time still fit a small process.
    """

    def __init__(self) -> None:
        self._hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
        # Checked where there is no account, so that the check takes as long as any other.
        self._nobody = self._hasher.hash("nobody's password")
        self._limit = CapacityLimiter(_PARALLEL_HASHES)

    async def hash(self, password: str) -> str:
        return await anyio.to_thread.run_sync(self._hasher.hash, password, limiter=self._limit)

    async def verify(self, password_hash: str | None, password: str) -> bool:
        right = await anyio.to_thread.run_sync(
            self._verify, password_hash or self._nobody, password, limiter=self._limit
        )
        return right and password_hash is not None

    def _verify(self, password_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(password_hash, password)
        except (VerificationError, InvalidHashError):
            return False
