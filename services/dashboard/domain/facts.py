"""The facts that cases are made of: events of all topics, each with an id and a moment of its own."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, get_args

from services.dashboard.domain.timeline import EntryName, TimelineEntry
from shared.events import (
    AddressCorrected,
    ApprovalAsked,
    ApprovalRefused,
    BrochurePosted,
    CaseAssigned,
    CaseClosed,
    CaseHeld,
    CaseHoldLifted,
    CaseReopened,
    CustomerContacted,
    DecisionWithdrawn,
    Event,
    LetterBounced,
    LetterFailed,
    LetterSent,
    NewsOptedOut,
    NoteAdded,
    QuoteDecided,
    QuoteOffered,
    QuoteReferred,
    QuoteReleased,
    RequestErased,
    RequestReceived,
    RequestReleased,
)

Work = (
    CaseAssigned
    | NoteAdded
    | CustomerContacted
    | BrochurePosted
    | CaseClosed
    | CaseReopened
    | CaseHeld
    | CaseHoldLifted
    | DecisionWithdrawn
    | ApprovalAsked
    | ApprovalRefused
    | AddressCorrected
)
"""What staff do with a case beside its quotes and mails."""
Decided = QuoteReleased | RequestReleased | QuoteDecided | Work
"""What staff decide on the pages of the dashboard, which publishes it."""
CONTRADICTS_NOTHING: Final[tuple[type[Event], ...]] = (NoteAdded, CustomerContacted)
"""What two people may do at the same time. A case may have very many of them, and none says what it is to be."""
Fact = (
    RequestReceived
    | RequestErased
    | QuoteOffered
    | QuoteReferred
    | LetterSent
    | LetterFailed
    | LetterBounced
    | NewsOptedOut
    | Decided
)
FACTS: Final[tuple[type[Event], ...]] = get_args(Fact)


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenFact:
    """A stored fact that cannot be read: it was damaged, or a newer version wrote it. Shown as that, never left out."""

    id: str
    request_id: str
    type: str
    at: datetime | None = None
    """When it became true, if that can be read."""


_NEXT: Final = timedelta(milliseconds=1)
"""MongoDB keeps nothing shorter."""


def belongs_to_case(fact: Fact) -> bool:
    """False for a letter that is about no request: with the link to a saved form, or to staff."""
    match fact:
        case LetterSent(reception_no="") | LetterFailed(reception_no="") | LetterBounced(reception_no=""):
            return False
        case _:
            return True


def fact_id(fact: Fact) -> str:  # noqa: PLR0911  # one for each fact
    """The same fact always has the same id; a letter may fail, be sent later and come back, which are three facts."""
    match fact:
        case RequestReceived():
            return fact.request_id
        case RequestErased():
            return f"{fact.request_id}:erased"
        case QuoteOffered() | QuoteReferred():
            return fact.quote_id
        case LetterSent() | LetterFailed():
            return f"{fact.letter_id}:{'sent' if isinstance(fact, LetterSent) else 'failed'}"
        case LetterBounced():
            return f"{fact.letter_id}:bounced"
        case NewsOptedOut():
            return f"{fact.request_id}:news-opted-out"
        case QuoteReleased():
            return f"{fact.quote_id}:released"
        case RequestReleased():
            return f"{fact.request_id}:mails-released"
        case QuoteDecided():
            return f"{fact.decision_id}:decided"
        case _:
            return fact.decision_id


def decided_by(decision: Decided) -> str:
    """The staff account that made *decision*."""
    return decision.released_by if isinstance(decision, QuoteReleased | RequestReleased) else decision.decided_by


def later_than(decision: Decided, moment: datetime) -> Decided:
    """*decision*, made right after *moment*."""
    name = "released_at" if isinstance(decision, QuoteReleased | RequestReleased) else "decided_at"
    return decision.model_copy(update={name: moment + _NEXT})


def moment_of(fact: Fact) -> datetime:
    """When *fact* became true."""
    return timeline_entry(fact).at


_WORK: Final[dict[type[Event], EntryName]] = {
    NoteAdded: "noted",
    CustomerContacted: "contacted",
    BrochurePosted: "posted",
    CaseClosed: "closed",
    CaseReopened: "reopened",
    CaseHeld: "on-hold",
    CaseHoldLifted: "hold-lifted",
    AddressCorrected: "address-corrected",
    ApprovalAsked: "approval-asked",
    ApprovalRefused: "approval-refused",
}
_WITHDRAWN: Final[dict[str, EntryName]] = {
    QuoteReleased.type: "release-withdrawn",
    RequestReleased.type: "mails-withdrawn",
    QuoteDecided.type: "revision-withdrawn",
    AddressCorrected.type: "address-withdrawn",
}


def timeline_entry(fact: Fact) -> TimelineEntry:  # noqa: PLR0911  # one for each fact
    """The line of the timeline for *fact*."""
    match fact:
        case RequestReceived():
            return TimelineEntry(fact.accepted_at, "received")
        case QuoteOffered():
            by_hand = fact.basis == "manual"
            return TimelineEntry(fact.issued_at, "set-by-hand" if by_hand else "offered", str(fact.revision))
        case QuoteReferred():
            return TimelineEntry(fact.issued_at, "referred", str(fact.revision))
        case LetterSent():
            return TimelineEntry(fact.sent_at, "sent", fact.kind)
        case LetterFailed():
            return TimelineEntry(fact.failed_at, _how_it_failed(fact), fact.kind)
        case LetterBounced():
            return TimelineEntry(fact.bounced_at, "bounced", fact.kind)
        case NewsOptedOut() | RequestErased():
            return _of_customer(fact)
        case QuoteReleased() | RequestReleased():
            of_quote = isinstance(fact, QuoteReleased)
            return TimelineEntry(fact.released_at, "released" if of_quote else "mails-released", fact.released_by)
        case QuoteDecided():
            return TimelineEntry(fact.decided_at, "approved" if fact.approves else "decided", fact.decided_by)
        case _:
            return _of_work(fact)


def _of_customer(fact: NewsOptedOut | RequestErased) -> TimelineEntry:
    if isinstance(fact, RequestErased):
        return TimelineEntry(fact.erased_at, "erased")
    return TimelineEntry(fact.opted_out_at, "news-opted-out")


def _how_it_failed(letter: LetterFailed) -> EntryName:
    if not letter.attempts:
        return "not-made"
    return "arrival-unknown" if letter.reason == "arrival-unknown" else "failed"


def _of_work(fact: Work) -> TimelineEntry:
    if isinstance(fact, CaseAssigned):
        is_assigned = fact.assignee is not None
        return TimelineEntry(
            fact.decided_at, "assigned" if is_assigned else "unassigned", fact.assignee or fact.decided_by
        )
    if isinstance(fact, CustomerContacted) and fact.outcome == "no-answer":
        return TimelineEntry(fact.decided_at, "not-reached", fact.decided_by)
    if isinstance(fact, DecisionWithdrawn):
        name = "approval-withdrawn" if fact.approves else _WITHDRAWN.get(fact.withdrawn_type, "withdrawn")
        return TimelineEntry(fact.decided_at, name, fact.decided_by)
    return TimelineEntry(fact.decided_at, _WORK[type(fact)], fact.decided_by)
