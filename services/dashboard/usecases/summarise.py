"""Make the summaries of cases from their facts: when a fact comes, when staff decide, and all of them again."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog

from services.dashboard.domain.awaits_release import AwaitsRelease
from services.dashboard.domain.case import BrokenCase, Case
from services.dashboard.domain.due import Due as DeadlineRules
from services.dashboard.domain.summary import CaseSummary, summary_of, summary_of_unreadable
from services.dashboard.ports.cases import Cases, IndexedCase, Summaries
from services.dashboard.usecases.index_case import IndexCase
from services.dashboard.usecases.open_case import open_followed
from shared.runtime.parcels import ParcelOpener
from shared.runtime.waiting import Together

log = structlog.get_logger(__name__)

BATCH_SIZE: Final = 200

Due = Callable[[Case], datetime | None]
"""Until when the next step of a case is promised, or its first answer."""


def rules_of(due: DeadlineRules, awaits_release: AwaitsRelease) -> str:
    """What summaries depend on beside the facts, in a few letters: the same for whoever makes them again."""
    return f"{due.rules} {awaits_release.rules}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SummariseCases:
    """Make the summaries of some cases. Safe to repeat, and at the same time in several processes."""

    cases: Cases
    summaries: Summaries
    due: Due
    index: IndexCase
    opener: ParcelOpener
    answer_due: Due
    awaits_release: Callable[[Case], bool]

    async def __call__(self, request_ids: Sequence[str]) -> None:
        """Facts whose request has not arrived make no case yet."""
        await self.summaries.put([self._indexed(case) for case in await self.cases.find_many(request_ids)])

    def _indexed(self, case: Case | BrokenCase) -> IndexedCase:
        terms = self.index(case) if isinstance(case, Case) else ()
        return IndexedCase(self._summary(case), terms, self.index.key)

    def _summary(self, case: Case | BrokenCase) -> CaseSummary:
        if isinstance(case, BrokenCase):
            return summary_of_unreadable(case)
        try:
            return summary_of(
                case,
                self.due(case),
                self.answer_due(case),
                open_followed(self.opener, case),
                awaits_release=self.awaits_release(case),
            )
        except Exception as error:
            # One case must not keep the others out of the list.
            log.exception("case not summarised", request_id=case.request.request_id, error=type(error).__name__)
            return summary_of_unreadable(case)


class SummariseTogether(Together[None]):
    """Summarises the cases whose facts were kept at the same moment in one go: a form's facts come close together.

    It returns when the summary holds every fact that was kept before the call.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class RebuildSummaries:
    """Make every summary again from the facts. The list works all the time, with what it had before.

    `rules`: what summaries depend on beside the facts, in a few letters. `batch_size`: how many
    cases `summarise` is given at once.
    """

    cases: Cases
    summaries: Summaries
    summarise: Callable[[Sequence[str]], Awaitable[None]]
    rules: str
    batch_size: int = BATCH_SIZE

    async def __call__(self, progress: Callable[[int], None] = lambda _: None) -> int:
        """Returns how many requests there are; *progress* is told how many are done."""
        await self.summaries.begin_again()
        done, after = 0, ""
        while request_ids := await self.cases.ids_after(after, self.batch_size):
            await self.summarise(request_ids)
            done, after = done + len(request_ids), request_ids[-1]
            progress(done)
        await self.summaries.finish(self.rules)
        return done

    async def if_needed(self) -> None:
        """As the call, unless every case was summarised by this version and these rules. For the start of a process."""
        if not await self.summaries.is_current(self.rules):
            log.info("cases summarised", count=await self())
