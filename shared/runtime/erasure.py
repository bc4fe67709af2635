"""How a service obeys `request.erased`: it forgets what it holds, and takes nothing of the request in again.

The request may come again: topics keep its parcels until their retention is over, and a backup brings back what was
erased since. So each service remembers which requests are erased, by their ids alone
(docs/adr/0030-being-forgotten.md).
"""

import time
from collections.abc import Awaitable, Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Final, Protocol, TypeVar

import structlog

from shared.events import Event, RequestErased

log = structlog.get_logger(__name__)

_KNOWN_FOR_S: Final = 1.0
"""As long is a request that was not erased not looked up again: one form brings a service several events."""
_Event = TypeVar("_Event", bound=Event)
UseCase = Callable[[_Event], Awaitable[None]]
Forget = Callable[[str], Awaitable[None]]
"""Deletes or overwrites what is held on the request with this id. Safe to repeat. Raises `Unavailable`."""


class Erased(Protocol):
    """Which requests are erased, for good. All raise `Unavailable`."""

    async def add(self, request_id: str, at: datetime) -> None:
        """The request with this id is, since then; adding it again changes nothing."""
        ...

    async def among(self, request_ids: Collection[str]) -> Collection[str]:
        """Those that are: also when they were added by another process, as soon as that `add` has returned."""
        ...


@dataclass(frozen=True, slots=True)
class Erasure:
    """Obeys an erasure. Safe to repeat: a process that ends halfway reads the event again and does what is left."""

    erased: Erased
    forget: Forget
    worked_on: dict[str, int] = field(default_factory=dict)
    """The requests of events that were worked on since the last `settle`, each with a number that grows."""
    numbers: Iterator[int] = field(default_factory=count)
    not_erased_at: dict[str, float] = field(default_factory=dict)
    """When each of them was last looked up, by `now_s`."""
    now_s: Callable[[], float] = time.monotonic

    async def __call__(self, event: RequestErased) -> None:
        """First remembered, then forgotten: who keeps something of it in between finds out afterwards (`settle`)."""
        await self.erased.add(event.request_id, event.erased_at)
        self.not_erased_at.pop(event.request_id, None)
        await self.forget(event.request_id)
        log.info("request erased", request_id=event.request_id)

    def guard(self, use_case: UseCase[_Event], *, late: UseCase[_Event] | None = None) -> UseCase[_Event]:
        """*use_case*, which is not called for a request that is erased: *late* is, where there is one.

        Whoever calls it lets `settle` look once more before the event is done.
        """

        async def guarded(event: _Event) -> None:
            if not self._is_known(event.request_id):
                if await self.is_erased(event.request_id):
                    await self.forget(event.request_id)
                    if late is not None:
                        await late(event)
                    return
                self.not_erased_at[event.request_id] = self.now_s()
            self._note(event.request_id)
            try:
                await use_case(event)
            finally:
                # Also when it has failed: it may have kept something that a `settle` did not see.
                self._note(event.request_id)

        return guarded

    def guard_work(self, work: Callable[[str], Awaitable[None]]) -> Callable[[str], Awaitable[None]]:
        """*work*, which is called with the id of a request and not because of an event. It looks again by itself."""

        async def guarded(request_id: str) -> None:
            if await self.is_erased(request_id):
                await self.forget(request_id)
                return
            try:
                await work(request_id)
            finally:
                if await self.is_erased(request_id):
                    await self.forget(request_id)

        return guarded

    async def is_erased(self, request_id: str) -> bool:
        """Whether this request is. Raises `Unavailable`."""
        return request_id in await self.erased.among([request_id])

    async def settle(self) -> None:
        """Forget what was kept while its request was being erased. Raises `Unavailable`, and then looks again later.

        One look for many events, before their places are committed: a process that ends before it reads them again.
        """
        looked_at = dict(self.worked_on)
        for old in [one for one in self.not_erased_at if not self._is_known(one)]:
            del self.not_erased_at[old]
        for request_id in await self.erased.among(looked_at) if looked_at else ():
            await self.forget(request_id)
        for request_id, number in looked_at.items():
            if self.worked_on.get(request_id) == number:
                del self.worked_on[request_id]

    def _note(self, request_id: str) -> None:
        self.worked_on[request_id] = next(self.numbers)

    def _is_known(self, request_id: str) -> bool:
        """Not to be erased, a moment ago: `settle` finds what has come since."""
        return self.now_s() - self.not_erased_at.get(request_id, float("-inf")) < _KNOWN_FOR_S
