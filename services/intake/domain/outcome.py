"""What became of a request, from the events of rating and notify."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from services.intake.domain.request import Request
from shared.events import (
    Event,
    LetterBounced,
    LetterFailed,
    LetterSent,
    Paper,
    Quote,
    QuoteOffered,
    QuoteReferred,
)

State = Literal["received", "quoted", "referred", "documents_only"]
Fate = Literal["quoted", "referred", "sent", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownQuote:
    """A revision of a quote, as far as whoever holds its 見積書 may be told.

    `premium_yen` and `expires_on`: None for a referral.
    """

    product: str
    quote_no: str
    revision: int
    premium_yen: int | None = None
    expires_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One fact about a request. `letter` is the kind of letter that was sent or failed; None for a quote.

    `quote` and `paper`: what is known of a quote, and of the 見積書 that a letter encloses. Facts of earlier versions
    have neither.
    """

    id: str
    request_id: str
    fate: Fate
    at: datetime
    letter: str | None = None
    quote: KnownQuote | None = None
    paper: Paper | None = None


@dataclass(frozen=True, slots=True)
class Status:
    """Where a request stands. Nothing in it says whose it is."""

    state: State
    letters: dict[str, str]


def outcome_of(event: Event) -> Outcome | None:  # noqa: PLR0911  # one for each event
    """The fact in *event* about its request; None for facts that a customer's status does not show."""
    match event:
        case QuoteOffered():
            premium_yen = event.head.premium if event.head else None
            return _quoted(event, "quoted", expires_on=event.expires_on, premium_yen=premium_yen)
        case QuoteReferred():
            return _quoted(event, "referred")
        case LetterSent(reception_no="") | LetterFailed(reception_no="") | LetterBounced(reception_no=""):
            return None  # It belongs to no request.
        case LetterSent():
            return _told(event, "sent", event.sent_at)
        case LetterFailed():
            return _told(event, "failed", event.failed_at)
        case LetterBounced():
            # It did not arrive: for who asked, that is the same as not sent.
            return _told(event, "bounced", event.bounced_at)
        case _:
            return None


def quote_outcome_id(quote_id: str) -> str:
    """The `Outcome.id` of that quote."""
    return f"quote:{quote_id}"


def _quoted(event: Quote, fate: Fate, *, expires_on: date | None = None, premium_yen: int | None = None) -> Outcome:
    return Outcome(
        id=quote_outcome_id(event.quote_id),
        request_id=event.request_id,
        fate=fate,
        at=event.issued_at,
        quote=KnownQuote(
            product=event.product,
            quote_no=f"{event.reception_no}-{event.revision}",
            revision=event.revision,
            premium_yen=premium_yen,
            expires_on=expires_on,
        ),
    )


def _told(
    event: LetterSent | LetterFailed | LetterBounced, end: Literal["sent", "failed", "bounced"], at: datetime
) -> Outcome:
    return Outcome(
        id=f"letter:{event.letter_id}:{end}",
        request_id=event.request_id,
        fate="sent" if end == "sent" else "failed",
        at=at,
        letter=event.kind,
        paper=event.paper,
    )


def status(request: Request, outcomes: Iterable[Outcome]) -> Status:
    """The latest fact counts: a referral may become a quote, and a letter that failed may be written again.

    Of a letter that was written again only the new one counts, also when a report about the old one comes in later.
    """
    state: State = "received" if request.event.wishes.quote else "documents_only"
    letters: dict[str, dict[str, Fate]] = {}
    for outcome in sorted(outcomes, key=lambda outcome: outcome.at):
        if outcome.letter is not None:
            # A letter keeps the place of its first fact, and has the fate of its last one.
            letters.setdefault(outcome.letter, {})[outcome.id.rpartition(":")[0]] = outcome.fate
        elif outcome.fate in ("quoted", "referred"):
            state = outcome.fate
    return Status(state, {kind: [*fates.values()][-1] for kind, fates in letters.items()})
