"""Staff do something with a case: it is checked, noted who does it, kept, and published from there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

import structlog

from services.dashboard.domain.case import Case
from services.dashboard.domain.facts import Decided, Work, fact_id
from services.dashboard.domain.new_work import (
    ONE_CLICK,
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
from services.dashboard.domain.roles import Staff
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

    async def __call__(
        self, request_id: str, work: NewWork, account: str, seen: int, *, page: str = ""
    ) -> Done | NotDone | Overtaken:
        """*seen*: how many decisions the page showed. Raises `Unavailable`: whether it was kept is not known then.

        *page*: a random text of the page, if it has one: a note or contact that it sends twice is kept once.
        """
        case = await self.cases.find(request_id)
        if not isinstance(case, Case):
            return NotDone(("unreadable" if case else "no-such-case",))
        if is_decision(work) and case.decisions != seen:
            return Overtaken(case)
        now = self.now()
        same_as = await self._same_as(work, request_id)
        if found := [*problems(work, case, now), *await self._not_there(work, case, same_as)]:
            return NotDone(tuple(dict.fromkeys(found)))
        fact = self._fact(work, request_id, account, now, same_as)
        if page and not is_decision(work):
            fact = _once(fact, case, f"{request_id}:{account}:{page}:{work}")
        kept = await self.keep(case, fact, "worked-on-case", after=seen if is_decision(work) else None)
        if isinstance(kept, Done):
            log.info("worked on case", request_id=request_id, type=fact.type, account=account)
            if await self._is_circle(request_id, same_as):
                return await self._open_again(case, kept.fact, account)
        return kept

    async def _is_circle(self, request_id: str, goes_on: str | None) -> bool:
        """Whether somebody closed the case that *goes_on*, at the same moment, in favour of this one.

        Each of the two was kept before either looks here, so at least the later one sees it, and `_open_again` does
        not end before that one is open: they cannot both stay closed. Unless the process ends in between.
        """
        other = await self.cases.find(goes_on) if goes_on else None
        closed = other.work.closed if isinstance(other, Case) else None
        return closed is not None and closed.same_as == request_id

    async def _open_again(self, case: Case, closing: Decided, account: str) -> Overtaken:
        """Undo *closing*; once more after each decision that comes first, and never what somebody else closed since.

        The case is read again each time: only a reopening that is dated after the closing undoes it.
        """
        request_id = case.request.request_id
        now_there = await self.cases.find(request_id)
        while isinstance(now_there, Case) and _is_closed_by(now_there, closing):
            case = now_there
            fact = self._fact(Reopen(), request_id, account, self.now(), None)
            await self.keep(case, fact, "worked-on-case", after=case.decisions)
            now_there = await self.cases.find(request_id)
        return Overtaken(now_there if isinstance(now_there, Case) else case)

    async def _same_as(self, work: NewWork, request_id: str) -> str | None:
        """The other request that *work* names by its 受付番号, if there is one."""
        if not isinstance(work, Close) or work.outcome != "duplicate":
            return None
        other = await self.summaries.request_of(work.same_as)
        return other if other != request_id else None

    async def _not_there(self, work: NewWork, case: Case, same_as: str | None) -> list[Problem]:
        match work:
            case Assign(to=str(name)):
                found = next((one for one in await self.accounts.all() if one.name == name), None)
                if found is None or found.disabled_at:
                    return ["no-such-staff"]
                return [] if Staff(found.name, found.role).may("work-on-cases") else ["may-not-work"]
            case Close(outcome="duplicate"):
                return await self._goes_on(same_as)
            case Hold():
                # All mails of a held request are stopped already: letting them go is a decision of its own.
                return [] if self.awaits_release(case) and not case.is_held else ["nothing-to-hold"]
            case _:
                return []

    async def _goes_on(self, same_as: str | None) -> list[Problem]:
        """A duplicate names a case that is none itself: of cases that name each other in a circle, none goes on."""
        other = await self.cases.find(same_as) if same_as else None
        if not isinstance(other, Case):
            return ["no-such-case"]
        closed = other.work.closed
        return ["duplicate-too"] if closed and closed.outcome == "duplicate" else []

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
                return CustomerContacted(**head, outcome=outcome, call_again_at=again, parcels=self._sealed(text))
            case Post() | Reopen() | LiftHold():
                return _PLAIN[type(work)](**head)
            case Close(outcome=outcome, reason=reason, text=text):
                fact = CaseClosed(**head, outcome=outcome, reason=reason, same_as=same_as, parcels=self._sealed(text))
            case CorrectAddress(email=email):
                address = CorrectedAddress(email=email)
                parcels = {reader: self.sealer.seal(reader, address) for reader in ("notify", "desk")}
                fact = AddressCorrected(**head, parcels=parcels)
        return fact

    def _sealed(self, text: str) -> dict[str, Parcel]:
        return {"desk": self.sealer.seal("desk", {"text": text})} if text.strip() else {}


def _is_closed_by(case: Case, closing: Decided) -> bool:
    closed = case.work.closed
    return closed is not None and closed.decision_id == fact_id(closing)


def _once(fact: Work, case: Case, sent: str) -> Work:
    """*fact*, with an id that is the same each time the same is *sent*; unless that was sent a while ago.

    The page's random text keeps what was written from being guessed from the id.
    """
    decision_id = str(uuid5(NAMESPACE_URL, sent))
    known = next((one for one in case.work.done if one.decision_id == decision_id), None)
    if known and fact.decided_at - known.decided_at > ONE_CLICK:
        return fact
    return fact.model_copy(update={"decision_id": decision_id})
