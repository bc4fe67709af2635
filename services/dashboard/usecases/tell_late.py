"""Tell the desk of results that do not come: once of each request, and of many in one letter."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid5

import structlog

from services.dashboard.domain.case import Case, State
from services.dashboard.domain.due import Due
from services.dashboard.domain.listing import STUCK_AFTER, Filter, Selection, Viewer
from services.dashboard.ports.backlog import Delivered
from services.dashboard.ports.cases import Cases, Summaries, Window
from services.dashboard.ports.staff_mails import StaffMails
from shared.clock import Clock
from shared.events import CaseOverdue, OverdueCase

log = structlog.get_logger(__name__)

LOOKS_BACK: Final = timedelta(days=14)
"""Over the new year or Golden Week: what came while the desk was closed is told when it opens."""
LISTED: Final = 30
MOST: Final = 1_000
"""Of one look, the newest. The list that the letter leads to has them all."""
_KEPT_FOR: Final = 2 * LOOKS_BACK
_IDS: Final = UUID("5f2d8c1a-93b7-5e46-a0c4-6d1e7f8092ab")


@dataclass(frozen=True, slots=True, kw_only=True)
class TellLate:
    """Look once. Safe to repeat, and in several processes at once: of each request one mail is kept, and no more."""

    summaries: Summaries
    cases: Cases
    due: Due
    delivered: Delivered
    staff_mails: StaffMails
    now: Clock

    async def __call__(self) -> None:
        """Raises `Unavailable`."""
        if await self.delivered.lag() != 0:
            # What this service has not read yet may be the results.
            return
        now = self.now()
        late = Filter(is_stuck=True, received_from=now - LOOKS_BACK)
        found = await self.summaries.page(Selection(viewer=Viewer(account="", now=now), filter=late), Window(), MOST)
        told = await self.staff_mails.told([_word(one.request_id) for one in found])
        of_product: dict[str, list[str]] = defaultdict(list)
        for one in found:
            if _word(one.request_id) not in told:
                of_product[one.product].append(one.request_id)
        for product, request_ids in of_product.items():
            await self._tell(product, request_ids, now)

    async def _tell(self, product: str, request_ids: Sequence[str], now: datetime) -> None:
        """While the desk is closed nobody is told. A summary may be a moment older than the facts."""
        late = [
            case
            for case in await self.cases.find_many(request_ids)
            if isinstance(case, Case) and case.state is State.RECEIVED and self.due.is_open(case, now)
        ]
        if not late:
            return
        late.sort(key=lambda case: case.request.accepted_at)
        about = sorted(_word(case.request.request_id) for case in late)
        mail = CaseOverdue(
            request_id=str(uuid5(_IDS, "|".join(about))),
            product=product,
            noticed_at=now,
            cases=tuple(_late(case) for case in late[:LISTED]),
            more=len(late[LISTED:]),
        )
        if await self.staff_mails.add(mail, now, until=now + _KEPT_FOR, about=about):
            log.warning("late results told", count=len(about))


def _late(case: Case) -> OverdueCase:
    request = case.request
    return OverdueCase(
        request_id=request.request_id,
        reception_no=request.reception_no,
        promise="result",
        due_at=request.accepted_at + STUCK_AFTER,
    )


def _word(request_id: str) -> str:
    return f"{request_id}@result"
