"""What became of a request, from the events of rating and notify."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from services.intake.domain.request import Request
from shared.events import (
    Event,
    LetterBounced,
    LetterFailed,
    LetterSent,
    Option,
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

    `premium_yen` and `expires_on`: None for a referral. `options`: empty for one, and in facts of earlier versions.
    """

    product: str
    quote_no: str
    revision: int
    premium_yen: int | None = None
    expires_on: date | None = None
    options: tuple[Option, ...] = ()


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
    """Where a request stands. Nothing in it says whose it is.

    `mailed`: the newest quote whose 見積書 was sent. One that waits for staff, or that no mail has brought yet, is not
    shown anywhere before.
    """

    state: State
    letters: dict[str, Fate]
    mailed: KnownQuote | None = None


def outcome_of(event: Event) -> Outcome | None:  # noqa: PLR0911  # one for each event
    """The fact in *event* about its request; None for facts that a customer's status does not show."""
    match event:
        case QuoteOffered():
            premium_yen = event.head.premium if event.head else None
            known = {"expires_on": event.expires_on, "premium_yen": premium_yen, "options": event.options}
            return _quoted(event, "quoted", **known)
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


def _quoted(event: Quote, fate: Fate, **known: Any) -> Outcome:  # noqa: ANN401  # fields of `KnownQuote`
    return Outcome(
        id=quote_outcome_id(event.quote_id),
        request_id=event.request_id,
        fate=fate,
        at=event.issued_at,
        quote=KnownQuote(
            product=event.product,
            quote_no=f"{event.reception_no}-{event.revision}",
            revision=event.revision,
            **known,
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
    in_time = sorted(outcomes, key=lambda outcome: outcome.at)
    letters: dict[str, dict[str, Fate]] = {}
    for outcome in in_time:
        if outcome.letter is not None:
            # A letter keeps the place of its first fact, and has the fate of its last one.
            letters.setdefault(outcome.letter, {})[outcome.id.rpartition(":")[0]] = outcome.fate
        elif outcome.fate in ("quoted", "referred"):
            state = outcome.fate
    return Status(state, {kind: [*fates.values()][-1] for kind, fates in letters.items()}, _mailed(in_time))


def _mailed(in_time: Sequence[Outcome]) -> KnownQuote | None:
    """The newest quote, if its 見積書 was sent and did not come back."""
    quotes = (outcome.quote for outcome in in_time if outcome.quote)
    newest = max(quotes, key=lambda quote: quote.revision, default=None)
    fates = {outcome.paper.quote_no: outcome.fate for outcome in in_time if outcome.paper is not None}
    return newest if newest and newest.options and fates.get(newest.quote_no) == "sent" else None
