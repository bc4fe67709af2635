"""What became of a request, from the events of rating and notify."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from services.intake.domain.request import Request
from shared.events import Event, LetterBounced, LetterFailed, LetterSent, QuoteOffered, QuoteReferred

State = Literal["received", "quoted", "referred", "documents_only"]
Fate = Literal["quoted", "referred", "sent", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One fact about a request. `letter` is the kind of letter that was sent or failed; None for a quote."""

    id: str
    request_id: str
    fate: Fate
    at: datetime
    letter: str | None = None


@dataclass(frozen=True, slots=True)
class Status:
    """Where a request stands. Nothing in it says whose it is."""

    state: State
    letters: dict[str, str]


def outcome_of(event: Event) -> Outcome | None:  # noqa: PLR0911  # one for each event
    """The fact in *event* about its request; None for facts that a customer's status does not show."""
    match event:
        case QuoteOffered():
            return _outcome(event, f"quote:{event.quote_id}", "quoted", event.issued_at)
        case QuoteReferred():
            return _outcome(event, f"quote:{event.quote_id}", "referred", event.issued_at)
        case LetterSent(reception_no="") | LetterFailed(reception_no="") | LetterBounced(reception_no=""):
            return None  # It belongs to no request.
        case LetterSent():
            return _outcome(event, f"letter:{event.letter_id}:sent", "sent", event.sent_at, event.kind)
        case LetterFailed():
            return _outcome(event, f"letter:{event.letter_id}:failed", "failed", event.failed_at, event.kind)
        case LetterBounced():
            # It did not arrive: for who asked, that is the same as not sent.
            return _outcome(event, f"letter:{event.letter_id}:bounced", "failed", event.bounced_at, event.kind)
        case _:
            return None


def _outcome(event: Event, outcome_id: str, fate: Fate, at: datetime, letter: str | None = None) -> Outcome:
    return Outcome(id=outcome_id, request_id=event.request_id, fate=fate, at=at, letter=letter)


def status(request: Request, outcomes: Iterable[Outcome]) -> Status:
    """The latest fact counts: a referral may become a quote, a failed letter may be sent again."""
    state: State = "received" if request.event.wishes.quote else "documents_only"
    letters: dict[str, str] = {}
    for outcome in sorted(outcomes, key=lambda outcome: outcome.at):
        if outcome.letter is not None:
            letters[outcome.letter] = outcome.fate
        elif outcome.fate in ("quoted", "referred"):
            state = outcome.fate
    return Status(state, letters)
