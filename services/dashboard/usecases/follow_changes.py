"""Tell every open page what has changed: one stream from the database is heard by all pages of this process."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from services.dashboard.ports.live import Change, Changes
from shared.errors import Invalid

MOST_PAGES: Final = 12
"""Live pages of one account at a time, in this process; hidden ones do not count. More stay as they were opened."""
MOST_IDS: Final = 100
"""Cases that one page is told of by name: after more than these, any may have changed."""


@dataclass(slots=True)
class News:
    """What one page has not been told yet. It never grows: after very much it says that anything may have changed."""

    request_ids: set[str] = field(default_factory=set)
    new: set[str] = field(default_factory=set)
    is_anything: bool = False

    def add(self, change: Change) -> None:
        """Take up *change*."""
        if change.request_id is None or len(self.request_ids) >= MOST_IDS:
            self.is_anything = True
        else:
            self.request_ids.add(change.request_id)
            if change.is_new:
                self.new.add(change.request_id)


class Listener:
    """One open page."""

    def __init__(self) -> None:
        self._news = News()
        self._has_come = asyncio.Event()

    def tell(self, change: Change) -> None:
        """Give it *change*, and wake up whoever waits."""
        self._news.add(change)
        self._has_come.set()

    async def wait(self, most_s: float) -> News | None:
        """What has changed since the last time, as soon as there is something; None after *most_s* without."""
        try:
            await asyncio.wait_for(self._has_come.wait(), most_s)
        except TimeoutError:
            return None
        news, self._news = self._news, News()
        self._has_come.clear()
        return news


class Hub:
    """The open pages of this process."""

    def __init__(self) -> None:
        self._pages: dict[str, set[Listener]] = {}

    def is_full(self, account: str) -> bool:
        """Whether *account* has as many live pages as it may have."""
        return len(self._pages.get(account, ())) >= MOST_PAGES

    @contextmanager
    def listening(self, account: str) -> Iterator[Listener]:
        """A page of *account* hears of every change within the block. Raises `Invalid` (full)."""
        if self.is_full(account):
            raise Invalid("full")
        listener = Listener()
        pages = self._pages.setdefault(account, set())
        pages.add(listener)
        try:
            yield listener
        finally:
            pages.discard(listener)
            if not pages:
                self._pages.pop(account, None)

    def tell(self, change: Change) -> None:
        """Give *change* to every page."""
        for pages in self._pages.values():
            for listener in pages:
                listener.tell(change)


@dataclass(frozen=True, slots=True)
class FollowChanges:
    """As long as the process runs."""

    changes: Changes
    hub: Hub

    async def __call__(self) -> None:
        """Never returns."""
        async for change in self.changes.follow():
            self.hub.tell(change)
