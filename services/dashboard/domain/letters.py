"""The letters of a case: what became of those that were tried, and which are still to come."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal

from services.dashboard.domain.facts import Fact, moment_of
from shared.events import (
    AddressCorrected,
    LetterBounced,
    LetterFailed,
    LetterKind,
    LetterSent,
    QuoteOffered,
    QuoteReferred,
    QuoteReleased,
    RequestReceived,
    RequestReleased,
)

_IN_ORDER: Final[tuple[LetterKind, ...]] = ("receipt", "referral", "quote", "desk")

_TO_CUSTOMER: Final = frozenset({"receipt", "referral", "quote"})

MailState = Literal["sent", "failed", "waiting"]
_End = LetterSent | LetterFailed | LetterBounced
_Quote = QuoteOffered | QuoteReferred


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLetter:
    """One letter of a case: what became of it, or that it is still expected, and then nobody knows its id yet.

    `reason`: why it could not be made, or is not sent again, in a word for machines; `bounce`: why it came back after
    it was sent.
    `corrected`: it goes to an address that staff corrected. `is_replaced`: what it should have brought goes to another
    address since.
    """

    kind: LetterKind
    state: MailState
    letter_id: str | None = None
    at: datetime | None = None
    attempts: int = 0
    ambiguous: bool = False
    reply_code: int | None = None
    reason: str | None = None
    bounce: str | None = None
    corrected: bool = False
    is_replaced: bool = False

    @property
    def is_failing(self) -> bool:
        """Somebody must see to it that the reader learns what it says."""
        return self.state == "failed" and not self.is_replaced

    @property
    def is_not_made(self) -> bool:
        """The letter could not be written, so it was never handed to a mail server."""
        return self.state == "failed" and self.attempts == 0

    @property
    def may_have_arrived(self) -> bool:
        """Nobody knows whether the reader has it, and it is not sent again by itself."""
        return self.state == "failed" and self.attempts > 0 and self.reason == "arrival-unknown"


def letters_of(facts: Sequence[Fact]) -> tuple[CaseLetter, ...]:
    """What became of each letter, in order of time, then those that are still to come."""
    sent = {fact.letter_id: fact for fact in facts if isinstance(fact, LetterSent)}
    # Bounced beats sent, which was only the first mail server's word. Sent beats failed: somebody tried again.
    bounced = {fact.letter_id: fact for fact in facts if isinstance(fact, LetterBounced)}
    failed = [fact for fact in facts if isinstance(fact, LetterFailed) and fact.letter_id not in sent | bounced]
    arrived = [fact for fact in sent.values() if fact.letter_id not in bounced]
    known: list[_End] = [*bounced.values(), *arrived, *failed]
    ended = sorted(known, key=lambda fact: (moment_of(fact), fact.kind, fact.letter_id))
    latest = _latest_correction(facts)
    to_come = Counter(_expected(facts, latest)) - Counter((fact.kind, fact.corrected_by) for fact in ended)
    waiting = sorted(to_come.elements(), key=lambda one: _IN_ORDER.index(one[0]))
    return (
        *(_placed(_ended(fact, sent), fact.corrected_by, latest) for fact in ended),
        *(CaseLetter(kind=kind, state="waiting", corrected=by is not None) for kind, by in waiting),
    )


def _latest_correction(facts: Sequence[Fact]) -> str | None:
    corrections = [fact for fact in facts if isinstance(fact, AddressCorrected)]
    latest = max(corrections, key=lambda one: (one.decided_at, one.decision_id), default=None)
    return latest.decision_id if latest else None


def _placed(letter: CaseLetter, corrected_by: str | None, latest: str | None) -> CaseLetter:
    """With the address that it went to; the desk's own never changes."""
    to_customer = letter.kind in _TO_CUSTOMER
    return replace(letter, corrected=corrected_by is not None, is_replaced=to_customer and corrected_by != latest)


def _ended(fact: _End, sent: Mapping[str, LetterSent]) -> CaseLetter:
    match fact:
        case LetterBounced():
            return CaseLetter(
                kind=fact.kind,
                state="failed",
                letter_id=fact.letter_id,
                at=fact.bounced_at,
                attempts=sent[fact.letter_id].attempts if fact.letter_id in sent else 1,
                reply_code=fact.reply_code,
                bounce=fact.reason,
            )
        case LetterSent():
            return CaseLetter(
                kind=fact.kind,
                state="sent",
                letter_id=fact.letter_id,
                at=fact.sent_at,
                attempts=fact.attempts,
                ambiguous=fact.ambiguous,
            )
        case LetterFailed():
            return CaseLetter(
                kind=fact.kind,
                state="failed",
                letter_id=fact.letter_id,
                at=fact.failed_at,
                attempts=fact.attempts,
                reply_code=fact.reply_code,
                reason=fact.reason,
            )


def _expected(facts: Sequence[Fact], latest: str | None) -> Iterator[tuple[LetterKind, str | None]]:
    """A receipt, an answer for every revision that the customer hears of, and one letter to the desk.

    To an address that was corrected go the receipt and the latest revision, and nothing more to one before it.
    """
    yield "receipt", latest
    quotes = sorted((fact for fact in facts if isinstance(fact, _Quote)), key=lambda quote: quote.revision)
    for quote in _heard_of(quotes, facts) if latest is None else quotes[-1:]:
        yield "quote" if isinstance(quote, QuoteOffered) else "referral", latest
    yield "desk", None


def _heard_of(quotes: Sequence[_Quote], facts: Sequence[Fact]) -> Sequence[_Quote]:
    """Without what goes to nobody, because a later revision took its place before staff let anything go.

    For the mails of a held request notify says the same (`KnownFacts.is_overtaken`).
    """
    released = {fact.quote_id for fact in facts if isinstance(fact, QuoteReleased)}
    let_go = min(
        (fact.released_at for fact in facts if isinstance(fact, QuoteReleased | RequestReleased)), default=None
    )
    is_held = any(isinstance(fact, RequestReceived) and fact.is_held for fact in facts)

    def is_replaced_by(later: _Quote) -> bool:
        return later.quote_id in released or (is_held and (let_go is None or later.issued_at <= let_go))

    return [
        quote
        for number, quote in enumerate(quotes, start=1)
        if quote.quote_id in released or not any(map(is_replaced_by, quotes[number:]))
    ]
