"""What became of a request, folded from what rating and notify said about it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from services.intake.domain.request import Request
from shared.events import Event, LetterFailed, LetterSent, QuoteOffered, QuoteReferred

State = Literal["received", "quoted", "referred", "documents_only"]
Fate = Literal["quoted", "referred", "sent", "failed"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One fact about a request. `letter` is the kind of letter that was sent or failed; None for a quote."""

    id: str
    request_id: str
    fate: Fate
    at: datetime
    letter: str | None = None


@dataclass(frozen=True, slots=True)
class Status:
    """Where a request stands, without a word about whose it is."""

    state: State
    letters: dict[str, str]


def outcome_of(event: Event) -> Outcome | None:
    """What *event* says about its request; None for facts that a customer's status does not show."""
    match event:
        case QuoteOffered():
            return Outcome(f"quote:{event.quote_id}", event.request_id, "quoted", event.issued_at)
        case QuoteReferred():
            return Outcome(f"quote:{event.quote_id}", event.request_id, "referred", event.issued_at)
        case LetterSent(kind="resume") | LetterFailed(kind="resume"):
            return None  # It belongs to no request.
        case LetterSent():
            return Outcome(f"letter:{event.letter_id}:sent", event.request_id, "sent", event.sent_at, event.kind)
        case LetterFailed():
            return Outcome(f"letter:{event.letter_id}:failed", event.request_id, "failed", event.failed_at, event.kind)
        case _:
            return None


def status(request: Request, outcomes: Iterable[Outcome]) -> Status:
    """The latest word counts: a referral may become a quote, a failed letter may be sent again."""
    state: State = "received" if request.event.wishes.quote else "documents_only"
    letters: dict[str, str] = {}
    for outcome in sorted(outcomes, key=lambda found: found.at):
        if outcome.letter is not None:
            letters[outcome.letter] = outcome.fate
        elif outcome.fate in ("quoted", "referred"):
            state = outcome.fate
    return Status(state, letters)
