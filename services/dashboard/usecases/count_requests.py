"""Count where the requests are that this service knows, for the page that shows what waits and for the metrics."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from services.dashboard.domain.case import State
from services.dashboard.domain.listing import Filter, Selection, Viewer
from services.dashboard.ports.backlog import DeadLetters
from services.dashboard.ports.cases import Cases, Summaries
from shared.events import REQUESTS

ALL: Final = 100_000_000
"""More than there can be: what must add up is counted to its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestCounts:
    """`stored`: how many are facts. `by_state`: how many cases the read model has.

    `by_reason`: topic, reason and number of the dead letters that wait, the most first.
    """

    stored: int
    by_state: Mapping[State, int]
    by_reason: Sequence[tuple[str, str, int]]

    @property
    def unread(self) -> int:
        """Dead letters of the topic of requests, so requests that are missing in all lists."""
        return sum(count for topic, _, count in self.by_reason if topic == REQUESTS)

    @property
    def accepted(self) -> int:
        """As far as this service knows: what it has stored, and what it could not read."""
        return self.stored + self.unread

    @property
    def accounted_for(self) -> int:
        """The sum of what is shown. The same as `accepted`, but for what comes while it is counted."""
        return sum(self.by_state.values()) + self.unread


@dataclass(frozen=True, slots=True, kw_only=True)
class CountRequests:
    """Count all of them. It opens no parcel."""

    cases: Cases
    summaries: Summaries
    dead_letters: DeadLetters

    async def __call__(self, viewer: Viewer) -> RequestCounts:
        """As they are now. Raises `Unavailable`."""
        everything = Selection(viewer=viewer)
        filters = [Filter(states=frozenset({state})) for state in State]
        counts = await asyncio.gather(*(self.summaries.count(replace(everything, filter=one), ALL) for one in filters))
        return RequestCounts(
            stored=await self.cases.count(),
            by_state=dict(zip(State, counts, strict=True)),
            by_reason=await self.dead_letters.open_by_reason(),
        )
