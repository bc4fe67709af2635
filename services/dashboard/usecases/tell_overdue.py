"""Tell the desk of deadlines that have passed: once of each, and of many in one letter."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid5

import structlog

from services.dashboard.domain.case import Case
from services.dashboard.domain.due import Due
from services.dashboard.domain.listing import Order, Selection, Tab, Viewer
from services.dashboard.domain.summary import CaseSummary
from services.dashboard.ports.cases import Cases, Place, Summaries, Window
from services.dashboard.ports.staff_mails import StaffMails
from shared.clock import Clock
from shared.events import CaseOverdue, OverdueCase

log = structlog.get_logger(__name__)

LOOKS_BACK: Final = timedelta(days=7)
"""A deadline that passed longer ago is told no more: the desk's list has it, and each look must stay a short one."""
LISTED: Final = 30
MOST: Final = 1_000
"""Of one letter. The next look finds the others."""
_KEPT_FOR: Final = 2 * LOOKS_BACK
_PAGE: Final = 500
_IDS: Final = UUID("c4f7a0d2-5b1e-5c39-8a6d-7e0f1b2c3d4e")


@dataclass(frozen=True, slots=True, kw_only=True)
class TellOverdue:
    """Look once. Safe to repeat, and in several processes at once: of each deadline one mail is kept, and no more."""

    summaries: Summaries
    cases: Cases
    due: Due
    staff_mails: StaffMails
    now: Clock

    async def __call__(self) -> None:
        """Raises `Unavailable`."""
        now = self.now()
        of_product: dict[str, list[CaseSummary]] = defaultdict(list)
        for summary in await self._untold(now):
            of_product[summary.product].append(summary)
        for product, overdue in of_product.items():
            await self._tell(product, overdue, now)

    async def _untold(self, now: datetime) -> list[CaseSummary]:
        """Read from the index of deadlines, where only open cases have one; the longest overdue first."""
        overdue = Selection(viewer=Viewer(account="", now=now), tab=Tab.OVERDUE, order=Order.DUE)
        place, untold = Place(now - LOOKS_BACK, ""), list[CaseSummary]()
        while len(untold) < MOST:
            page = await self.summaries.page(overdue, Window(after=place), _PAGE)
            told = await self.staff_mails.told([_word(one) for one in page])
            untold += [one for one in page if _word(one) not in told]
            if len(page) < _PAGE or page[-1].due_at is None:
                break
            place = Place(page[-1].due_at, page[-1].request_id)
        return untold[:MOST]

    async def _tell(self, product: str, overdue: Sequence[CaseSummary], now: datetime) -> None:
        first, rest = overdue[:LISTED], overdue[LISTED:]
        cases = await self.cases.find_many([one.request_id for one in first])
        listed = list(self._listed([case for case in cases if isinstance(case, Case)], now))
        if not listed:
            return
        ids = {case.request_id for case in listed}
        about = sorted(_word(one) for one in overdue if one.request_id in ids or one in rest)
        mail = CaseOverdue(
            request_id=str(uuid5(_IDS, "|".join(about))),
            product=product,
            noticed_at=now,
            cases=tuple(listed),
            more=len(rest),
        )
        if await self.staff_mails.add(mail, now, until=now + _KEPT_FOR, about=about):
            log.info("overdue told", count=len(about))

    def _listed(self, cases: Sequence[Case], now: datetime) -> Iterator[OverdueCase]:
        """As the facts say now: a summary may be a moment older, and the case done."""
        for case in cases:
            promised = self.due.next_promise(case)
            if promised and promised.due_at <= now:
                yield OverdueCase(
                    request_id=case.request.request_id,
                    reception_no=case.request.reception_no,
                    promise=promised.promise,
                    due_at=promised.due_at,
                )


def _word(summary: CaseSummary) -> str:
    """One deadline of one case."""
    return f"{summary.request_id}@{summary.due_at.isoformat() if summary.due_at else ''}"
