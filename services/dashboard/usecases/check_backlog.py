"""Nothing hides: every request that was accepted has an outcome, or is shown here as one that waits."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from services.dashboard.domain.case import State
from services.dashboard.domain.listing import Filter, Selection, Viewer
from services.dashboard.ports.backlog import DeadLetters, Delivered
from services.dashboard.ports.cases import Cases, Summaries
from shared.events import REQUESTS
from shared.runtime.dead_letters import DeadLetter

SHOWN: Final = 50
_ALL: Final = 100_000_000
"""More than there can be: what must add up is counted to its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """`requests`: how many are stored as facts. `by_state`: how many cases the read model has.

    `unread_requests`: dead letters of the topic of requests, so requests that are missing in all lists.
    `outbox`: how many events of ours wait for Kafka, and since when. `lag`: None while nothing is read from Kafka.
    """

    requests: int
    by_state: Mapping[State, int]
    stuck: int
    unread_requests: int
    mails_waiting: int
    mails_failed: int
    lag: int | None
    outbox: tuple[int, datetime | None]
    by_reason: Sequence[tuple[str, str, int]]
    dead_letters: Sequence[DeadLetter]

    @property
    def accepted(self) -> int:
        """As far as this service knows: what it has stored, and what it could not read."""
        return self.requests + self.unread_requests

    @property
    def accounted_for(self) -> int:
        """The sum of what is shown. The same as `accepted`, but for what comes while it is counted."""
        return sum(self.by_state.values()) + self.unread_requests


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckBacklog:
    """Count what waits. It opens no parcel."""

    cases: Cases
    summaries: Summaries
    dead_letters: DeadLetters
    delivered: Delivered

    async def __call__(self, viewer: Viewer) -> Backlog:
        """As it is now. Raises `Unavailable`."""
        everything = Selection(viewer=viewer)
        filters = [
            *(Filter(states=frozenset({state})) for state in State),
            *(STUCK, MAILS_WAITING, MAILS_FAILED),
        ]
        counts = await asyncio.gather(*(self.summaries.count(replace(everything, filter=one), _ALL) for one in filters))
        by_reason = await self.dead_letters.open_by_reason()
        return Backlog(
            requests=await self.cases.count(),
            by_state=dict(zip(State, counts, strict=False)),
            stuck=counts[-3],
            mails_waiting=counts[-2],
            mails_failed=counts[-1],
            unread_requests=sum(count for topic, _, count in by_reason if topic == REQUESTS),
            lag=await self.delivered.lag(),
            outbox=await self.delivered.pending(),
            by_reason=by_reason,
            dead_letters=await self.dead_letters.oldest(SHOWN),
        )


STUCK: Final = Filter(is_stuck=True)
MAILS_WAITING: Final = Filter(mails=frozenset({"waiting"}), is_open=True)
MAILS_FAILED: Final = Filter(mails=frozenset({"failed"}))
