"""Show in the metrics whether every accepted request has come to its end (docs/operating/repair.md)."""

from dataclasses import dataclass
from typing import Final

from services.dashboard.domain.case import State
from services.dashboard.domain.listing import Filter, Selection, Viewer
from services.dashboard.ports.cases import Summaries, Window
from services.dashboard.usecases.count_requests import CountRequests
from services.dashboard.usecases.metrics import OLDEST_UNANSWERED, REQUESTS_KNOWN
from shared.clock import Clock

_UNANSWERED: Final = Filter(states=frozenset({State.RECEIVED}), is_open=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureRequests:
    """Count once, and set the metrics. Every process of this service shows the same."""

    count: CountRequests
    summaries: Summaries
    now: Clock

    async def __call__(self) -> None:
        """Raises `Unavailable`; the metrics stay as they were then."""
        viewer = Viewer(account="", now=self.now())
        counts = await self.count(viewer)
        for state, number in counts.by_state.items():
            REQUESTS_KNOWN.labels(state.value).set(number)
        REQUESTS_KNOWN.labels("unread").set(counts.unread)
        unanswered = Selection(viewer=viewer, filter=_UNANSWERED)
        oldest = await self.summaries.page(unanswered, Window(is_last=True), 1)
        OLDEST_UNANSWERED.set(max(((viewer.now - one.accepted_at).total_seconds() for one in oldest), default=0.0))
