"""Do the same to every case of a selection: proposed first, then done case by case, as if on the page of each."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

import structlog

from services.dashboard.domain.bulk import KEPT_FOR, MOST, BulkRun, BulkWork, Planned, is_possible
from services.dashboard.domain.listing import Selection
from services.dashboard.domain.roles import Staff
from services.dashboard.domain.summary import CaseSummary
from services.dashboard.ports.audit import Audit
from services.dashboard.ports.lists import BulkRuns
from services.dashboard.ports.staff import Accounts
from services.dashboard.usecases.keep_decision import Done, Overtaken
from services.dashboard.usecases.list_cases import ListCases
from services.dashboard.usecases.work_on_case import NotDone, WorkOnCase
from shared.clock import Clock
from shared.errors import Unavailable

log = structlog.get_logger(__name__)

LEASE: Final = timedelta(seconds=30)
"""A run whose process has not said anything for so long may be taken up by another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkOnMany:
    """Runs belong to the account that proposed them, and end when it may not do such work any more.

    A case that somebody else decided on since then is left alone.
    """

    list_cases: ListCases
    accounts: Accounts
    runs: BulkRuns
    work: WorkOnCase
    audit: Audit
    now: Clock
    new_id: Callable[[], str]
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def propose(
        self,
        selection: Selection,
        work: BulkWork,
        *,
        wanted: Callable[[CaseSummary], bool] = lambda _summary: True,
        most: int = MOST,
    ) -> BulkRun | None:
        """Fix which cases it is about; nothing is done yet. None: there are none, too many, or it cannot be done."""
        if not is_possible(work):
            return None
        planned: list[Planned] = []
        async for one in self.list_cases.every_summary(selection):
            if wanted(one):
                planned.append(Planned(one.request_id, one.decisions))
            if len(planned) > most:
                return None
        if not planned:
            return None
        run = BulkRun(id=self.new_id(), account=selection.viewer.account, work=work, planned=tuple(planned))
        await self.audit.record("proposed-many", self.now(), run.account, about=run.id)
        await self.runs.add(run, self.now() + KEPT_FOR)
        return run

    async def find(self, run_id: str, account: str) -> BulkRun | None:
        """The run as it is now; None for one of somebody else."""
        run = await self.runs.find(run_id, self.now())
        return run if run and run.account == account else None

    async def begin(self, run_id: str, account: str) -> bool:
        """Do it in the background, or go on with it. False: there is no such run. Safe to repeat at the same time."""
        run = await self.find(run_id, account)
        if run is None:
            return False
        if not (run.is_finished or run.is_stopped) and await self.runs.take(run_id, self.now(), self.now() + LEASE):
            await self.audit.record("worked-on-many", self.now(), account, about=run_id)
            task = asyncio.create_task(self._go(run_id, account))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return True

    async def finished(self) -> None:
        """Wait for what this process has begun."""
        await asyncio.gather(*self._tasks)

    async def _go(self, run_id: str, account: str) -> None:
        try:
            run = await self.find(run_id, account)
            for planned in run.planned[run.at :] if run else ():
                if not await self._may_go_on(account):
                    await self.audit.record("stopped-many", self.now(), account, about=run_id)
                    await self.runs.stop(run_id)
                    return
                reason = await self._do(planned, run.work, account) if run else None
                await self.runs.note(run_id, planned.request_id, reason, self.now() + LEASE)
            await self.runs.release(run_id)
        except Unavailable as error:
            # Somebody goes on with it: what was done already is then counted as decided in the meantime.
            log.warning("bulk work stopped", reason=str(error), account=account)

    async def _may_go_on(self, account: str) -> bool:
        """Whoever was disabled, removed or given another role must not go on by what was begun before."""
        owner = await self.accounts.find(account)
        return bool(owner and owner.disabled_at is None and Staff(account, owner.role).may("work-on-cases"))

    async def _do(self, planned: Planned, work: BulkWork, account: str) -> str | None:
        try:
            result = await self.work(planned.request_id, work, account, planned.seen)
        except Unavailable:
            raise
        except Exception as error:
            # One case must not keep the others waiting.
            log.exception("bulk work failed", request_id=planned.request_id, error=type(error).__name__)
            return "bug"
        match result:
            case Done():
                return None
            case NotDone(problems=problems):
                return problems[0]
            case Overtaken():
                return "overtaken"
