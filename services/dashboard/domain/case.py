"""A case: everything that is known about one request, joined from its facts, in whatever order they arrived.

Nothing here is personal: what the customer wrote stays in the parcels of the facts (parcels.py).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from services.dashboard.domain.facts import (
    CONTRADICTS_NOTHING,
    BrokenFact,
    Fact,
    fact_id,
    timeline_entry,
)
from services.dashboard.domain.letters import CaseLetter, MailState, letters_of
from services.dashboard.domain.timeline import OF_OTHERS, WITHDRAWN, TimelineEntry
from services.dashboard.domain.work import CaseWork, work_of
from shared.events import (
    LetterKind,
    QuoteDecided,
    QuoteOffered,
    QuoteReferred,
    QuoteReleased,
    RequestReceived,
    RequestReleased,
)


class State(StrEnum):
    """The state of a case, in the words that the status of intake uses too."""

    RECEIVED = "received"
    QUOTED = "quoted"
    REFERRED = "referred"
    DOCUMENTS_ONLY = "documents_only"


ANSWERED_BY: Final[dict[State, LetterKind]] = {
    State.QUOTED: "quote",
    State.REFERRED: "referral",
    State.DOCUMENTS_ONLY: "receipt",
}
"""The kind of letter that answers the customer, by state. A request that waits for its quote has none yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One request with all that followed. Quotes are in the order of their revisions.

    `asked_for`: what staff asked rating for. `left_out`: how many facts there are that were not read, because they are
    very many: old notes, contacts, letters and revisions, and never a decision. `last_number`: the largest number that
    the database has given to a decision, also to one that cannot be read; 0 when it has given none.
    """

    request: RequestReceived
    quotes: tuple[QuoteOffered | QuoteReferred, ...]
    letters: tuple[CaseLetter, ...]
    releases: tuple[QuoteReleased, ...]
    mails_released: RequestReleased | None = None
    asked_for: tuple[QuoteDecided, ...] = ()
    work: CaseWork = field(default_factory=CaseWork)
    timeline: tuple[TimelineEntry, ...]
    broken: tuple[BrokenFact, ...] = ()
    left_out: int = 0
    last_number: int = 0

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
        """The premium in 円 a year of the main option of the latest quote."""
        head = self.quote.head if isinstance(self.quote, QuoteOffered) else None
        return head.premium if head else None

    @property
    def mail(self) -> MailState:
        """The state of all letters in one word: a failed letter is what the desk must see first."""
        if self.failed_letters:
            return "failed"
        return "waiting" if self.answered_after is None else "sent"

    @property
    def answered_after(self) -> timedelta | None:
        """The time from the request to the mail that answers it; None while there is no such mail.

        Never below zero: the two moments are of two hosts, whose clocks may differ.
        """
        kind = ANSWERED_BY.get(self.state)
        sent = [letter.at for letter in self.letters if letter.kind == kind and letter.state == "sent" and letter.at]
        return max(min(sent) - self.request.accepted_at, timedelta()) if sent else None

    @property
    def unreleased(self) -> QuoteOffered | None:
        """The latest quote, if it is an offer that nobody has released; None for a referral, or without a quote."""
        released = {release.quote_id for release in self.releases}
        return self.quote if isinstance(self.quote, QuoteOffered) and self.quote.quote_id not in released else None

    @property
    def awaited_revision(self) -> int | None:
        """The latest revision that staff asked for and that has not come yet: it takes the place of those before it."""
        latest = max((decision.revision for decision in self.asked_for), default=0)
        return latest if latest > (self.quote.revision if self.quote else 0) else None

    @property
    def decisions(self) -> int:
        """How many decisions were made about it: who has seen fewer must look again before the next.

        Also those that were taken back, or two people would see the same number and not the same case. And never fewer
        than the database has numbered, or the next would be given a number that is taken, for ever.
        """
        of_work = sum(not isinstance(one, CONTRADICTS_NOTHING) for one in self.work.done)
        of_work += self.work.withdrawals
        counted = of_work + len(self.releases) + (self.mails_released is not None) + len(self.asked_for)
        return max(counted, self.last_number)

    @property
    def last_decided_at(self) -> datetime | None:
        """When staff decided something last, by the clock of the process that they did it with."""
        return max((entry.at for entry in self.timeline if entry.name not in OF_OTHERS), default=None)

    @property
    def facts(self) -> int:
        """How many facts there are or have been: what was taken back is none any more, and their number never falls.

        It grows with every change: two pages that show the same number show the same case.
        """
        return _number_of_facts(self.timeline, self.broken) + self.left_out

    @property
    def erased_at(self) -> datetime | None:
        """Since when nothing of it says whose request it was; None while that can be read."""
        return next((entry.at for entry in self.timeline if entry.name == "erased"), None)

    @property
    def is_held(self) -> bool:
        """Whether all mails to the contact wait for staff. Releasing a quote of the request lets them go too."""
        return self.request.is_held and self.mails_released is None and not self.releases

    @property
    def is_cleared(self) -> bool:
        """Whether its suspicions are answered: staff let a mail or a quote go out, or have reached the customer."""
        was_reached = any(contact.outcome == "reached" for contact in self.work.contacts)
        return was_reached or self.mails_released is not None or bool(self.releases)

    def has_expired(self, today: date) -> bool:
        """Whether the latest quote is an offer that is not valid any more. *today*: in Japan."""
        return isinstance(self.quote, QuoteOffered) and self.quote.expires_on < today

    @property
    def failed_letters(self) -> tuple[CaseLetter, ...]:
        """The letters that somebody must replace by a call."""
        return tuple(letter for letter in self.letters if letter.is_failing)

    @property
    def undecided_revisions(self) -> tuple[int, ...]:
        """Later revisions that no member of staff asked for on record: somebody must ask where they come from."""
        return tuple(quote.revision for quote in self.quotes if quote.revision > 1 and not self._was_asked_for(quote))

    def _was_asked_for(self, quote: QuoteOffered | QuoteReferred) -> bool:
        return any(decision.revision == quote.revision for decision in self.asked_for)


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenCase:
    """A request that is stored but cannot be read, with what else is known of it."""

    request_id: str
    broken: tuple[BrokenFact, ...]
    timeline: tuple[TimelineEntry, ...]
    left_out: int = 0

    @property
    def facts(self) -> int:
        """As `Case.facts`."""
        return _number_of_facts(self.timeline, self.broken) + self.left_out


def _number_of_facts(timeline: Sequence[TimelineEntry], broken: Sequence[BrokenFact]) -> int:
    return len(timeline) + len(broken) + sum(entry.name in WITHDRAWN for entry in timeline)


def case_of(
    facts: Iterable[Fact], broken: Iterable[BrokenFact] = (), *, left_out: int = 0, last_number: int = 0
) -> Case | BrokenCase | None:
    """The case that *facts* make, in any order and repeated or not; None without its request.

    *left_out*, *last_number*: as in `Case`.
    """
    known, unreadable = list({(fact.type, fact_id(fact)): fact for fact in facts}.values()), tuple(broken)
    timeline = tuple(sorted(map(timeline_entry, known), key=lambda entry: (entry.at, entry.name, entry.about)))
    request = next((fact for fact in known if isinstance(fact, RequestReceived)), None)
    if request is None:
        lost = next((fact for fact in unreadable if fact.id == fact.request_id), None)
        if lost is None:
            return None
        return BrokenCase(request_id=lost.id, broken=unreadable, timeline=timeline, left_out=left_out)
    quotes = [fact for fact in known if isinstance(fact, QuoteOffered | QuoteReferred)]
    releases = [fact for fact in known if isinstance(fact, QuoteReleased)]
    asked_for = [fact for fact in known if isinstance(fact, QuoteDecided)]
    return Case(
        request=request,
        quotes=tuple(sorted(quotes, key=lambda quote: (quote.revision, quote.issued_at, quote.quote_id))),
        letters=letters_of(known),
        releases=tuple(sorted(releases, key=lambda release: (release.released_at, release.quote_id))),
        mails_released=next((fact for fact in known if isinstance(fact, RequestReleased)), None),
        asked_for=tuple(sorted(asked_for, key=lambda one: (one.revision, one.decided_at, one.decision_id))),
        work=work_of(known),
        timeline=timeline,
        broken=unreadable,
        left_out=left_out,
        last_number=last_number,
    )
