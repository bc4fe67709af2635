"""The letters of a case: what became of those that were tried, and which are still to come."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from services.dashboard.domain.facts import Fact, moment_of
from shared.events import LetterFailed, LetterKind, LetterSent, QuoteOffered, QuoteReferred

_IN_ORDER: Final[tuple[LetterKind, ...]] = ("receipt", "referral", "quote", "desk")

MailState = Literal["sent", "failed", "waiting"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLetter:
    """One letter of a case: what became of it, or that it is still expected.

    `reason`: why it could not be made, in a word for machines.
    """

    kind: LetterKind
    state: MailState
    at: datetime | None = None
    attempts: int = 0
    ambiguous: bool = False
    reply_code: int | None = None
    reason: str | None = None

    @property
    def is_not_made(self) -> bool:
        """The letter could not be written, so it was never handed to a mail server."""
        return self.state == "failed" and self.attempts == 0


def letters_of(facts: Sequence[Fact]) -> tuple[CaseLetter, ...]:
    """What became of each letter, in order of time, then those that are still to come."""
    sent = {fact.letter_id: fact for fact in facts if isinstance(fact, LetterSent)}
    # Sent beats failed: somebody tried again.
    failed = [fact for fact in facts if isinstance(fact, LetterFailed) and fact.letter_id not in sent]
    known: list[LetterSent | LetterFailed] = [*sent.values(), *failed]
    ended = sorted(known, key=lambda fact: (moment_of(fact), fact.kind, fact.letter_id))
    to_come = Counter(_expected(facts)) - Counter(fact.kind for fact in ended)
    waiting = sorted(to_come.elements(), key=_IN_ORDER.index)
    return (*map(_ended, ended), *(CaseLetter(kind=kind, state="waiting") for kind in waiting))


def _ended(fact: LetterSent | LetterFailed) -> CaseLetter:
    match fact:
        case LetterSent():
            return CaseLetter(
                kind=fact.kind, state="sent", at=fact.sent_at, attempts=fact.attempts, ambiguous=fact.ambiguous
            )
        case LetterFailed():
            return CaseLetter(
                kind=fact.kind,
                state="failed",
                at=fact.failed_at,
                attempts=fact.attempts,
                reply_code=fact.reply_code,
                reason=fact.reason,
            )


def _expected(facts: Sequence[Fact]) -> Iterator[LetterKind]:
    """A receipt, an answer for every revision, and one letter to the desk."""
    yield "receipt"
    for fact in facts:
        if isinstance(fact, QuoteOffered):
            yield "quote"
        elif isinstance(fact, QuoteReferred):
            yield "referral"
    yield "desk"
