"""Papers on demand: each made once, kept a while, and refused when too many wait; a stranger can ask as fast as he can.

A paper has a key that says what is on it. Whoever asks for one that is being made waits for the same. One client has
few of the places, so that a stranger who asks for many papers keeps nobody from theirs.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from shared.errors import Unavailable

MOST_WAITING: Final = 20
"""Papers that wait or are being made: at most about two seconds of work."""
MOST_OF_CLIENT: Final = 2
"""Of them, for one client: a customer asks for one copy, and colleagues behind one address come back in a moment."""
MOST_KEPT_BYTES: Final = 32_000_000
KEPT_S: Final = 15 * 60.0
"""A draft that is deleted leaves its paper here no longer than this; without the draft nobody can ask for it."""

Make = Callable[[], Awaitable[bytes]]


@dataclass(slots=True)
class _Job:
    task: asyncio.Task[bytes]
    client: str
    waiting: int = 0


class PaperQueue:
    """Keeps papers in memory only, the newest first to stay, and not for long: they are about people."""

    def __init__(self, most_kept_bytes: int = MOST_KEPT_BYTES, kept_s: float = KEPT_S) -> None:
        self._jobs: dict[str, _Job] = {}
        self._kept: dict[str, bytes] = {}
        self._kept_bytes = 0
        self._most_kept_bytes = most_kept_bytes
        self._kept_s = kept_s

    async def get(self, key: str, make: Make, client: str = "") -> bytes:
        """The paper of *key*, which *make* makes for *client*; nothing for one that nobody can tell from others.

        Raises `Unavailable` when too many wait, of all or of this client, and what *make* raises. When nobody waits for
        a paper any more, its making is cancelled.
        """
        if key in self._kept:
            return self._kept[key]
        job = self._jobs.get(key) or self._begin(key, make, client)
        job.waiting += 1
        try:
            return await asyncio.shield(job.task)
        finally:
            job.waiting -= 1
            if job.waiting == 0:
                del self._jobs[key]
                job.task.cancel()

    def _begin(self, key: str, make: Make, client: str) -> _Job:
        own = sum(job.client == client for job in self._jobs.values()) if client else 0
        if len(self._jobs) >= MOST_WAITING or own >= MOST_OF_CLIENT:
            raise Unavailable("papers")
        job = _Job(asyncio.create_task(self._made(key, make)), client)
        self._jobs[key] = job
        return job

    async def _made(self, key: str, make: Make) -> bytes:
        content = await make()
        self._kept[key] = content
        self._kept_bytes += len(content)
        while self._kept_bytes > self._most_kept_bytes:
            self._drop(next(iter(self._kept)))
        asyncio.get_running_loop().call_later(self._kept_s, self._drop, key)
        return content

    def _drop(self, key: str) -> None:
        self._kept_bytes -= len(self._kept.pop(key, b""))
