"""Staff do something with a case: it is checked, noted who does it, kept, and published from there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import structlog

from services.dashboard.domain.case import Case
from services.dashboard.domain.facts import Work
from services.dashboard.domain.new_work import (
    Assign,
    Close,
    Contact,
    CorrectAddress,
    Hold,
    LiftHold,
    NewWork,
    Note,
    Post,
    Problem,
    Reopen,
    is_decision,
    problems,
)
from services.dashboard.ports.cases import Cases, Summaries
from services.dashboard.ports.staff import Accounts
from services.dashboard.usecases.keep_decision import Done, KeepDecision, Overtaken
from shared.clock import Clock
from shared.events import (
    AddressCorrected,
    BrochurePosted,
    CaseAssigned,
    CaseClosed,
    CaseHeld,
    CaseHoldLifted,
    CaseReopened,
    CustomerContacted,
    NoteAdded,
    Parcel,
)
from shared.events.parcels import CorrectedAddress
from shared.runtime.parcels import Sealer

log = structlog.get_logger(__name__)

_PLAIN: Final[Mapping[type[NewWork], type[BrochurePosted | CaseReopened | CaseHoldLifted]]] = {
    Post: BrochurePosted,
    Reopen: CaseReopened,
    LiftHold: CaseHoldLifted,
}
"""What is nothing but the fact that it was done."""


@dataclass(frozen=True, slots=True)
class NotDone:
    """Nothing was kept, for these reasons."""

    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkOnCase:
    """One thing that a member of staff does. What contradicts something that they have not seen is not done."""

    cases: Cases
    summaries: Summaries
    accounts: Accounts
    awaits_release: Callable[[Case], bool]
    """Whether something of the case goes out only when staff release it, and has not."""
    keep: KeepDecision
    sealer: Sealer
    now: Clock
    new_id: Callable[[], str]

    async def __call__(self, request_id: str, work: NewWork, account: str, seen: int) -> Done | NotDone | Overtaken:
        """*seen*: how many decisions the page showed. Raises `Unavailable`: whether it was kept is not known then."""
        case = await self.cases.find(request_id)
        if not isinstance(case, Case):
            return NotDone(("no-such-case",))
        if is_decision(work) and case.decisions != seen:
            return Overtaken(case)
        now = self.now()
        same_as = await self._same_as(work, request_id)
        if found := [*problems(work, case, now), *await self._not_there(work, case, same_as)]:
            return NotDone(tuple(dict.fromkeys(found)))
        fact = self._fact(work, request_id, account, now, same_as)
        kept = await self.keep(case, fact, "worked-on-case", after=seen if is_decision(work) else None)
        if isinstance(kept, Done):
            log.info("worked on case", request_id=request_id, type=fact.type, account=account)
        return kept

    async def _same_as(self, work: NewWork, request_id: str) -> str | None:
        """The other request that *work* names by its 受付番号, if there is one."""
        if not isinstance(work, Close) or work.outcome != "duplicate":
            return None
        other = await self.summaries.request_of(work.same_as)
        return other if other != request_id else None

    async def _not_there(self, work: NewWork, case: Case, same_as: str | None) -> list[Problem]:
        match work:
            case Assign(to=str(name)):
                is_there = any(one.name == name and not one.disabled_at for one in await self.accounts.all())
                return [] if is_there else ["no-such-staff"]
            case Close(outcome="duplicate"):
                other = await self.cases.find(same_as) if same_as else None
                if not isinstance(other, Case):
                    return ["no-such-case"]
                is_duplicate = other.work.closed is not None and other.work.closed.outcome == "duplicate"
                return ["other-is-duplicate"] if is_duplicate else []
            case Hold():
                return [] if self.awaits_release(case) else ["nothing-to-hold"]
            case _:
                return []

    def _fact(self, work: NewWork, request_id: str, account: str, now: datetime, same_as: str | None) -> Work:
        head: dict[str, Any] = {
            "request_id": request_id,
            "decision_id": self.new_id(),
            "decided_at": now,
            "decided_by": account,
        }
        match work:
            case Assign(to=to):
                fact: Work = CaseAssigned(**head, assignee=to)
            case Note(text=text):
                fact = NoteAdded(**head, parcels=self._sealed(text))
            case Hold(text=text, until=until):
                fact = CaseHeld(**head, until=until, parcels=self._sealed(text))
            case Contact(outcome=outcome, text=text, call_again_at=again):
                again = again if outcome == "call-again" else None
                fact = CustomerContacted(**head, outcome=outcome, call_again_at=again, parcels=self._sealed(text))
            case Post() | Reopen() | LiftHold():
                fact = _PLAIN[type(work)](**head)
            case Close(outcome=outcome, reason=reason, text=text):
                fact = CaseClosed(**head, outcome=outcome, reason=reason, same_as=same_as, parcels=self._sealed(text))
            case CorrectAddress(email=email):
                address = CorrectedAddress(email=email)
                parcels = {reader: self.sealer.seal(reader, address) for reader in ("notify", "desk")}
                fact = AddressCorrected(**head, parcels=parcels)
        return fact

    def _sealed(self, text: str) -> dict[str, Parcel]:
        return {"desk": self.sealer.seal("desk", {"text": text})} if text.strip() else {}
