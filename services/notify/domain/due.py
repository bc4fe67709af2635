"""Which letters are due, given what is known of a request.

Requests, quotes and releases come on different topics, so they arrive in any order, and more than once. This is
asked again after every arrival and only ever answers from everything that is known: the order cannot matter.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal
from uuid import UUID, uuid5

from shared.events import LetterKind, QuoteOffered, QuoteReferred, RequestReceived, ResumeLinkAsked

TO_CONTACT: Final[frozenset[LetterKind]] = frozenset({"receipt", "quote", "referral"})
"""The kinds that answer a request and go to the customer; a failed one is told to the desk."""

Release = Literal["auto", "desk"]
"""Whether a quote goes out by itself, or staff let it go out."""

_IDS: Final = UUID("1f3d6a52-70c4-5a8e-9d53-2c6f0a4be917")


@dataclass(frozen=True, slots=True)
class Failure:
    """A letter that was given up."""

    letter_id: str
    kind: LetterKind
    failed_at: datetime
    attempts: int
    reply_code: int | None


@dataclass(frozen=True, slots=True)
class Known:
    """Everything that notify has heard so far about one request, or about one asking for a link."""

    request: RequestReceived | None = None
    quotes: tuple[QuoteOffered | QuoteReferred, ...] = ()
    released: Mapping[str, datetime] = field(default_factory=dict)
    """Quote id → when staff let it go out."""
    failures: tuple[Failure, ...] = ()
    resume: ResumeLinkAsked | None = None

    @property
    def asked(self) -> RequestReceived | ResumeLinkAsked | None:
        """What all the letters go back to: it names the product, and holds the address."""
        return self.request or self.resume


@dataclass(frozen=True, slots=True)
class Due:
    """A letter that must be written, once: `about` is the id of the fact that it answers."""

    kind: LetterKind
    about: str
    since: datetime
    """From when its reader waits for it."""
    quote: QuoteOffered | QuoteReferred | None = None
    failure: Failure | None = None
    until: datetime | None = None
    """From then on it would help nobody any more."""

    @property
    def letter_id(self) -> str:
        """The same fact and kind always make the same letter, whoever works it out and however often.

        The desk's is one for each request, whichever revision was the first to be heard of.
        """
        revision = self.quote.revision if self.quote and self.kind != "desk" else 1
        return str(uuid5(_IDS, f"{self.about}:{self.kind}:{revision}"))


def letters_due(known: Known, release: Release) -> Iterator[Due]:
    """The letters that should exist by now. Without what was asked nobody's address is known, so none is due."""
    match known.asked:
        case RequestReceived() as request:
            yield from _of_request(request, known, release_of(request, release))
        case ResumeLinkAsked() as asked:
            yield Due("resume", asked.request_id, asked.asked_at, until=asked.expires_at)
        case None:
            pass


def release_of(request: RequestReceived, release: Release) -> Release:
    """How the quotes of *request* go out: as the product says, unless somebody has to look at it first."""
    return "desk" if request.is_held else release


def _of_request(request: RequestReceived, known: Known, release: Release) -> Iterator[Due]:
    yield Due("receipt", request.request_id, request.accepted_at)
    if not request.wishes.quote:
        yield Due("desk", request.request_id, request.accepted_at)
    elif known.quotes:
        first = min(known.quotes, key=lambda quote: quote.revision)
        yield Due("desk", request.request_id, request.accepted_at, quote=first)
    for quote in known.quotes:
        yield from _answer(quote, request, known, release)
    for failure in known.failures:
        # A desk that cannot be reached by mail would not be reached by a second one; the dashboard shows it.
        if failure.kind in TO_CONTACT:
            yield Due("desk-undelivered", failure.letter_id, failure.failed_at, failure=failure)


def _answer(
    quote: QuoteOffered | QuoteReferred, request: RequestReceived, known: Known, release: Release
) -> Iterator[Due]:
    if isinstance(quote, QuoteReferred):
        yield Due("referral", quote.quote_id, request.accepted_at, quote=quote)
    elif release == "auto":
        yield Due("quote", quote.quote_id, request.accepted_at, quote=quote)
    elif quote.quote_id in known.released:
        yield Due("quote", quote.quote_id, known.released[quote.quote_id], quote=quote)
