"""A case: everything that is known about one request, told by its facts in whatever order they came.

Nothing here is personal: what the customer wrote stays in the parcels of the facts (contents.py).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from services.dashboard.domain.facts import Fact, Step, fact_id, step_of
from services.dashboard.domain.letters import CaseLetter, MailState, letters_of
from shared.events import LetterKind, QuoteOffered, QuoteReferred, QuoteReleased, RequestReceived


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
        """What the option that heads the latest quote costs a year."""
        head = self.quote.head if isinstance(self.quote, QuoteOffered) else None
        return head.premium if head else None

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
    releases = [fact for fact in known if isinstance(fact, QuoteReleased)]
    return Case(
        request=request,
        quotes=tuple(sorted(quotes, key=lambda quote: (quote.revision, quote.issued_at, quote.quote_id))),
        letters=letters_of(known),
        releases=tuple(sorted(releases, key=lambda release: (release.released_at, release.quote_id))),
        timeline=tuple(sorted(map(step_of, known), key=lambda step: (step.at, step.name, step.about))),
    )
