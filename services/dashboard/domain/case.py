"""A case: everything that is known about one request, told by its facts in whatever order they came.

Nothing here is personal: what the customer wrote stays in the parcels of the facts (contents.py).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import chain
from typing import Final, Literal

from shared.events import (
    LetterFailed,
    LetterKind,
    LetterSent,
    QuoteOffered,
    QuoteReferred,
    QuoteReleased,
    RequestReceived,
)

Fact = RequestReceived | QuoteOffered | QuoteReferred | LetterSent | LetterFailed | QuoteReleased


class State(StrEnum):
    """Where a case stands; the same words as the intake's status."""

    RECEIVED = "received"
    QUOTED = "quoted"
    REFERRED = "referred"
    DOCUMENTS_ONLY = "documents_only"


ANSWERED_BY: Final[dict[State, LetterKind]] = {
    State.QUOTED: "quote",
    State.REFERRED: "referral",
    State.DOCUMENTS_ONLY: "receipt",
}
"""The letter that gives the customer what they asked for."""

MailState = Literal["sent", "failed", "waiting"]


@dataclass(frozen=True, slots=True)
class CaseLetter:
    """One letter of a case: what became of it, or that it is still expected."""

    kind: LetterKind
    state: MailState
    at: datetime | None = None
    attempts: int = 0
    ambiguous: bool = False
    reply_code: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a case's timeline: the fact, when it became true, and which letter or revision it was about."""

    at: datetime
    name: Literal["received", "offered", "referred", "released", "sent", "failed"]
    about: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """One request with all that followed. Quotes are in the order of their revisions."""

    request: RequestReceived
    quotes: tuple[QuoteOffered | QuoteReferred, ...]
    letters: tuple[CaseLetter, ...]
    releases: tuple[QuoteReleased, ...]
    timeline: tuple[Step, ...]

    @property
    def quote(self) -> QuoteOffered | QuoteReferred | None:
        """The latest revision."""
        return self.quotes[-1] if self.quotes else None

    @property
    def state(self) -> State:
        """Documents only unless a quote was wished; then the latest quote decides."""
        if not self.request.wishes.quote:
            return State.DOCUMENTS_ONLY
        match self.quote:
            case QuoteOffered():
                return State.QUOTED
            case QuoteReferred():
                return State.REFERRED
            case None:
                return State.RECEIVED

    @property
    def premium_yen(self) -> int | None:
        """What the chosen option of the latest quote costs a year."""
        options = self.quote.options if isinstance(self.quote, QuoteOffered) else ()
        return next((option.premium for option in options if option.chosen), None)

    @property
    def mail(self) -> MailState:
        """One word for the list: a failed letter is what the desk must see first."""
        if any(letter.state == "failed" for letter in self.letters):
            return "failed"
        return "waiting" if self.answered_after is None else "sent"

    @property
    def answered_after(self) -> timedelta | None:
        """From the request to the mail that answers it."""
        kind = ANSWERED_BY.get(self.state)
        sent = [letter.at for letter in self.letters if letter.kind == kind and letter.state == "sent" and letter.at]
        return min(sent) - self.request.accepted_at if sent else None

    @property
    def unreleased(self) -> QuoteOffered | None:
        """The latest quote, if it is a price that nobody has released."""
        released = {release.quote_id for release in self.releases}
        return self.quote if isinstance(self.quote, QuoteOffered) and self.quote.quote_id not in released else None


def case_of(facts: Iterable[Fact]) -> Case | None:
    """The case that *facts* tell, whatever their order and however often each came; None before its request."""
    known = list({fact_id(fact): fact for fact in facts}.values())
    request = next((fact for fact in known if isinstance(fact, RequestReceived)), None)
    if request is None:
        return None
    quotes = [fact for fact in known if isinstance(fact, QuoteOffered | QuoteReferred)]
    return Case(
        request=request,
        quotes=tuple(sorted(quotes, key=lambda quote: (quote.revision, quote.issued_at, quote.quote_id))),
        letters=_letters(request, known),
        releases=tuple(sorted(_releases(known), key=lambda release: (release.released_at, release.quote_id))),
        timeline=tuple(sorted(map(_step, known), key=lambda step: (step.at, step.name, step.about))),
    )


def fact_id(fact: Fact) -> str:
    """The same fact always has the same id; a letter may first fail and later be sent, which are two facts."""
    match fact:
        case RequestReceived():
            return fact.request_id
        case QuoteOffered() | QuoteReferred():
            return fact.quote_id
        case LetterSent():
            return f"{fact.letter_id}:sent"
        case LetterFailed():
            return f"{fact.letter_id}:failed"
        case QuoteReleased():
            return f"{fact.quote_id}:released"


def moment_of(fact: Fact) -> datetime:
    """When *fact* became true."""
    return _step(fact).at


def _releases(facts: Iterable[Fact]) -> list[QuoteReleased]:
    return [fact for fact in facts if isinstance(fact, QuoteReleased)]


def _step(fact: Fact) -> Step:
    match fact:
        case RequestReceived():
            return Step(fact.accepted_at, "received")
        case QuoteOffered():
            return Step(fact.issued_at, "offered", str(fact.revision))
        case QuoteReferred():
            return Step(fact.issued_at, "referred", str(fact.revision))
        case LetterSent():
            return Step(fact.sent_at, "sent", fact.kind)
        case LetterFailed():
            return Step(fact.failed_at, "failed", fact.kind)
        case QuoteReleased():
            return Step(fact.released_at, "released", fact.released_by)


def _letters(request: RequestReceived, facts: Iterable[Fact]) -> tuple[CaseLetter, ...]:
    """What became of each letter, then those that are still expected. Sent beats failed: somebody tried again."""
    facts = list(facts)
    sent = {fact.letter_id: fact for fact in facts if isinstance(fact, LetterSent)}
    failed = [fact for fact in facts if isinstance(fact, LetterFailed) and fact.letter_id not in sent]
    ended = [
        CaseLetter(fact.kind, "sent", fact.sent_at, fact.attempts, ambiguous=fact.ambiguous) for fact in sent.values()
    ] + [CaseLetter(fact.kind, "failed", fact.failed_at, fact.attempts, reply_code=fact.reply_code) for fact in failed]
    ended.sort(key=lambda letter: (letter.at or request.accepted_at, letter.kind))
    missing = Counter(_expected(facts)) - Counter(letter.kind for letter in ended)
    return (*ended, *(CaseLetter(kind, "waiting") for kind in missing.elements()))


def _expected(facts: Iterable[Fact]) -> Iterable[LetterKind]:
    answers: list[LetterKind] = [
        "quote" if isinstance(fact, QuoteOffered) else "referral"
        for fact in facts
        if isinstance(fact, QuoteOffered | QuoteReferred)
    ]
    return chain(("receipt",), answers, ("desk",))
