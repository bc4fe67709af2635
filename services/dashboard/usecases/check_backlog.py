"""Nothing hides: every request that was accepted has an outcome, or is shown here as one that waits."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from services.dashboard.domain.listing import Filter, Selection, Viewer
from services.dashboard.ports.backlog import DeadLetters, Delivered
from services.dashboard.ports.cases import Cases, Summaries
from services.dashboard.usecases.count_requests import ALL, CountRequests, RequestCounts
from shared.runtime.dead_letters import DeadLetter

SHOWN: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """What waits. `lag`: None while nothing is read from Kafka.

    `outbox`: how many events of ours wait for Kafka, and since when.
    """

    requests: RequestCounts
    stuck: int
    mails_waiting: int
    mails_failed: int
    lag: int | None
    outbox: tuple[int, datetime | None]
    dead_letters: Sequence[DeadLetter]


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
        stuck, mails_waiting, mails_failed = await asyncio.gather(
            *(
                self.summaries.count(replace(everything, filter=one), ALL)
                for one in (STUCK, MAILS_WAITING, MAILS_FAILED)
            )
        )
        count = CountRequests(cases=self.cases, summaries=self.summaries, dead_letters=self.dead_letters)
        return Backlog(
            requests=await count(viewer),
            stuck=stuck,
            mails_waiting=mails_waiting,
            mails_failed=mails_failed,
            lag=await self.delivered.lag(),
            outbox=await self.delivered.pending(),
            dead_letters=await self.dead_letters.oldest(SHOWN),
        )


STUCK: Final = Filter(is_stuck=True)
MAILS_WAITING: Final = Filter(mails=frozenset({"waiting"}), is_open=True)
MAILS_FAILED: Final = Filter(mails=frozenset({"failed"}))
