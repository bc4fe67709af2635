"""How a service obeys `request.erased`: it forgets what it holds, and takes nothing of the request in again.

The request may come again: topics keep its parcels until their retention is over, and a backup brings back what was
erased since. So each service remembers which requests are erased, by their ids alone
(docs/adr/0030-being-forgotten.md).
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Final, Protocol, TypeVar

import structlog

from shared.clock import Clock, utc_now
from shared.events import Event, RequestErased, RequestReceived
from shared.runtime.waiting import Lately

log = structlog.get_logger(__name__)

_KNOWN_FOR_S: Final = 1.0
"""As long is a request that was not erased not looked up again: one form brings a service several events."""
_NEW_FOR: Final = timedelta(minutes=5)
_CLOCKS_DIFFER_BY: Final = timedelta(minutes=5)
"""At most, between who accepts requests and who erases them; or the look before a record is done finds it later."""
_LONGEST_LOOK_S: Final = 60.0
"""What was asked before an erasure is answered by then."""
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

    async def since(self, at: datetime) -> Collection[str]:
        """Those that are erased since *at* or a later moment."""
        ...


class _NewlyErased:
    """Which requests were erased in the last minutes: one look a second, however many requests come."""

    def __init__(self, erased: Erased, now: Clock) -> None:
        self._erased = erased
        self._now = now
        self._ids: Collection[str] = ()
        self._until_s = float("-inf")
        self._looking = asyncio.Lock()

    def tells_of(self, event: Event) -> bool:
        """Whether *event* is a request that is new: it can only have been erased since."""
        return isinstance(event, RequestReceived) and event.accepted_at > self._now() - _NEW_FOR

    async def has(self, request_id: str) -> bool:
        """Whether that one was, or was not a second ago. Raises `Unavailable`."""
        async with self._looking:
            if time.monotonic() >= self._until_s:
                until_s = time.monotonic() + _KNOWN_FOR_S
                self._ids = await self._erased.since(self._now() - _NEW_FOR - _CLOCKS_DIFFER_BY)
                self._until_s = until_s
        return request_id in self._ids


@dataclass(frozen=True, slots=True)
class Erasure:
    """Obeys an erasure. Safe to repeat: a process that ends halfway reads the event again and does what is left."""

    erased: Erased
    forget: Forget
    worked_on: dict[str, int] = field(default_factory=dict)
    """The requests of events that were worked on since the last `settle`, each with a number that grows."""
    numbers: Iterator[int] = field(default_factory=count)
    not_erased: Lately = field(default_factory=lambda: Lately(_KNOWN_FOR_S))
    """Which were found not to be erased."""
    obeyed: Lately = field(default_factory=lambda: Lately(_LONGEST_LOOK_S))
    now: Clock = utc_now
    newly: _NewlyErased = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "newly", _NewlyErased(self.erased, self.now))

    async def __call__(self, event: RequestErased) -> None:
        """First remembered, then forgotten: who keeps something of it in between finds out afterwards (`settle`)."""
        await self.erased.add(event.request_id, event.erased_at)
        self.obeyed.note(event.request_id)
        await self.forget(event.request_id)
        log.info("request erased", request_id=event.request_id)

    def guard(self, use_case: UseCase[_Event], *, late: UseCase[_Event] | None = None) -> UseCase[_Event]:
        """*use_case*, which is not called for a request that is erased: *late* is, where there is one.

        Whoever calls it lets `settle` look once more before the event is done.
        """

        async def guarded(event: _Event) -> None:
            if await self._is_event_of_erased(event):
                await self.forget(event.request_id)
                if late is not None:
                    await late(event)
                return
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
                if await self._is_erased_now(request_id):
                    await self.forget(request_id)

        return guarded

    async def _is_event_of_erased(self, event: Event) -> bool:
        if self.newly.tells_of(event) and event.request_id not in self.obeyed:
            if await self.newly.has(event.request_id):
                return True
            self.not_erased.note(event.request_id)
        return await self.is_erased(event.request_id)

    async def is_erased(self, request_id: str) -> bool:
        """Whether this request is, or was not a second ago. Raises `Unavailable`.

        What this process has obeyed it knows at once. What is done for a request in the second in which another process
        erases it is as if it had been done before.
        """
        if request_id in self.not_erased and request_id not in self.obeyed:
            return False
        if await self._is_erased_now(request_id):
            return True
        self.not_erased.note(request_id)
        return False

    async def _is_erased_now(self, request_id: str) -> bool:
        return request_id in await self.erased.among([request_id])

    async def settle(self) -> None:
        """Forget what was kept while its request was being erased. Raises `Unavailable`, and then looks again later.

        One look for many events, before their places are committed: a process that ends before it reads them again.
        """
        looked_at = dict(self.worked_on)
        for request_id in await self.erased.among(looked_at) if looked_at else ():
            await self.forget(request_id)
        for request_id, number in looked_at.items():
            if self.worked_on.get(request_id) == number:
                del self.worked_on[request_id]

    def _note(self, request_id: str) -> None:
        self.worked_on[request_id] = next(self.numbers)
