"""What the list, its filters and the figures read of a case: one flat record, made from its facts alone.

It holds nothing personal: names stay in the parcels of the facts. It can be deleted and made again at any time. When
you change what is in it or what it means, raise `VERSION`: then every process makes the older ones again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

from services.dashboard.domain.approval import open_approval
from services.dashboard.domain.case import BrokenCase, Case, State
from services.dashboard.domain.corrected_answers import segment_now
from services.dashboard.domain.letters import MailState
from shared.clock import JST
from shared.events import CaseOutcome, QuoteOffered
from shared.events.parcels import DecisionForDesk

VERSION: Final = 9

Brochure = Literal["email", "post", "none"]
FirstAnswer = Literal["in-time", "late", "none"]
"""Whether somebody tried to reach the customer before the promised moment, after it, or not yet."""
_UNKNOWN: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""Of a request whose moment cannot be read: it comes last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSummary:
    """One case in the list.

    `facts`: how many facts it was made from. `changed_at`: when the latest of them became true. `industry`,
    `turnover_band`: as the latest quote was priced, so that its premium counts where it belongs. `premium_yen`: 円 a
    year. `due_at`: until when staff must have done the next step; None when nothing is promised.

    `is_contacted`: somebody has reached the customer. `contacted_by`: who tried first to reach them. `quoted_after_ms`,
    `mailed_after_ms`: from the request to the price that the tariff gave it at once and to the mail that answers it,
    two digits of it; None where there is none. `decisions`: as in `Case`; 0 in a summary of the version before.
    `is_cleared`: as in `Case`. `is_on_hold`: staff hold its quote; `is_held`: all of its mails. `awaits_release`: its
    quote goes out only when staff send it, and nothing speaks against that. `is_erased`: nobody can do anything for a
    customer who is not known any more; None in a summary of the version before.
    """

    request_id: str
    facts: int
    reception_no: str
    product: str
    accepted_at: datetime
    changed_at: datetime
    state: State
    brochure: Brochure
    wants_quote: bool
    industry: str | None
    turnover_band: str | None
    premium_yen: int | None
    mail: MailState
    has_failed_letters: bool
    is_held: bool
    suspicions: tuple[str, ...]
    assignee: str | None
    closed_as: CaseOutcome | None
    is_contacted: bool
    call_again_at: datetime | None
    must_post: bool
    due_at: datetime | None
    close_reason: str | None = None
    first_answer: FirstAnswer | None = None
    contacted_by: str | None = None
    quoted_after_ms: int | None = None
    mailed_after_ms: int | None = None
    decisions: int = 0
    is_broken: bool = False
    is_cleared: bool = False
    awaits_approval: bool = False
    is_on_hold: bool = False
    awaits_release: bool = False
    is_erased: bool | None = False

    @property
    def accepted_on(self) -> str:
        """The day in Japan on which it was received: `2026-11-26`."""
        return self.accepted_at.astimezone(JST).date().isoformat()

    @property
    def is_open(self) -> bool:
        """Somebody may still have to do something."""
        return self.closed_as is None and not self.is_erased

    @property
    def is_suspicious(self) -> bool:
        """Whether it may be somebody's joke or a program's work, and nobody has said otherwise."""
        return bool(self.suspicions) and not self.is_cleared

    @property
    def must_answer(self) -> bool:
        """Nobody has reached a customer who wants a quote."""
        return self.is_open and self.wants_quote and not self.is_contacted

    @property
    def must_check(self) -> bool:
        """A person must look at it before the customer gets an answer, or because a mail did not arrive."""
        return self.is_open and (
            self.is_broken
            or self.state is State.REFERRED
            or self.is_held
            or self.is_suspicious
            or self.awaits_release
            or self.has_failed_letters
        )

    @property
    def is_averaged(self) -> bool:
        """Whether its premium counts in the average: not twice for a repeated request, and not for a doubtful one."""
        return self.premium_yen is not None and not self.is_held and self.closed_as != "duplicate"


def summary_of(
    case: Case,
    due_at: datetime | None,
    answer_due_at: datetime | None,
    decisions: Iterable[DecisionForDesk | None] = (),
    *,
    awaits_release: bool = False,
) -> CaseSummary:
    """The summary of *case*, whose next step is promised until *due_at*, and its first answer until *answer_due_at*.

    *decisions*: what led to its latest revision, opened, None for one that cannot be read. *awaits_release*: what
    its product says of its quote.
    """
    request, work, is_erased = case.request, case.work, case.erased_at is not None
    segment = segment_now(request.segment, decisions)
    quoted_at = next(
        (one.issued_at for one in case.quotes if one.revision == 1 and isinstance(one, QuoteOffered)), None
    )
    return CaseSummary(
        request_id=request.request_id,
        facts=case.facts,
        reception_no=request.reception_no,
        product=request.product,
        accepted_at=request.accepted_at,
        changed_at=max(entry.at for entry in case.timeline),
        state=case.state,
        brochure=request.wishes.brochure,
        wants_quote=request.wishes.quote,
        industry=segment.industry if segment else None,
        turnover_band=segment.turnover_band if segment else None,
        premium_yen=case.premium_yen,
        mail=case.mail,
        has_failed_letters=bool(case.failed_letters) and not is_erased,
        is_held=case.is_held,
        suspicions=request.suspicions,
        assignee=work.assignee,
        closed_as=work.closed.outcome if work.closed else None,
        is_contacted=work.is_reached,
        call_again_at=None if is_erased else work.call_again_at,
        must_post=request.wishes.brochure == "post" and work.posted is None and work.closed is None and not is_erased,
        due_at=None if is_erased else due_at,
        close_reason=(work.closed.reason or None) if work.closed else None,
        first_answer=_first_answer(case, answer_due_at),
        contacted_by=work.contacts[0].decided_by if work.contacts else None,
        quoted_after_ms=_coarse_ms(quoted_at - request.accepted_at) if quoted_at else None,
        mailed_after_ms=None if case.answered_after is None else _coarse_ms(case.answered_after),
        decisions=case.decisions,
        is_broken=bool(case.broken),
        is_cleared=case.is_cleared,
        awaits_approval=open_approval(case) is not None and not is_erased,
        is_on_hold=work.hold is not None and work.closed is None and not is_erased,
        awaits_release=awaits_release and not is_erased,
        is_erased=is_erased,
    )


def _first_answer(case: Case, answer_due_at: datetime | None) -> FirstAnswer | None:
    if not case.request.wishes.quote:
        return None
    at = case.work.first_contact_at
    if at is None:
        return "none"
    return "late" if answer_due_at is not None and at > answer_due_at else "in-time"


def _coarse_ms(span: timedelta) -> int:
    """Two digits: the figures count how often each value occurs, so there must not be too many of them."""
    whole = max(span // timedelta(milliseconds=1), 0)
    step: int = 10 ** max(len(str(whole)) - 2, 0)
    return whole // step * step


def summary_of_unreadable(case: Case | BrokenCase) -> CaseSummary:
    """The summary of a request that cannot be shown: it must have its place in the list all the same."""
    if isinstance(case, BrokenCase):
        request_id = case.request_id
        at = next((fact.at for fact in case.broken if fact.id == request_id and fact.at), _UNKNOWN)
    else:
        request_id, at = case.request.request_id, case.request.accepted_at
    return CaseSummary(
        request_id=request_id,
        facts=case.facts,
        reception_no="" if isinstance(case, BrokenCase) else case.request.reception_no,
        product="",
        accepted_at=at,
        changed_at=max((entry.at for entry in case.timeline), default=at),
        state=State.RECEIVED,
        brochure="none",
        wants_quote=False,
        industry=None,
        turnover_band=None,
        premium_yen=None,
        mail="waiting",
        has_failed_letters=False,
        is_held=False,
        suspicions=(),
        assignee=None,
        closed_as=None,
        is_contacted=False,
        call_again_at=None,
        must_post=False,
        due_at=None,
        is_broken=True,
    )
