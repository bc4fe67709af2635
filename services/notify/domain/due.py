"""Which letters are due, worked out from everything that is known of a request."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID, uuid5

from services.notify.domain.facts import KnownFacts, Release
from services.notify.domain.letters import LETTERS, AnyLetterDeclaration, Occasion
from shared.events import AddressCorrected, LetterKind, QuoteOffered, QuoteReferred

_IDS: Final = UUID("1f3d6a52-70c4-5a8e-9d53-2c6f0a4be917")


@dataclass(frozen=True, slots=True)
class Due:
    """A letter that must be written, once."""

    declaration: AnyLetterDeclaration
    occasion: Occasion[Any]
    correction: AddressCorrected | None = None
    """Whose address it goes to; None: the one in the request."""

    @property
    def kind(self) -> LetterKind:
        """As events, templates and the ledger name it."""
        return self.declaration.kind

    @property
    def corrected_by(self) -> str | None:
        """As in the events of the letter."""
        return self.correction.decision_id if self.correction else None

    @property
    def letter_id(self) -> str:
        """The same fact, kind and address always make the same letter, whoever works it out and however often."""
        about = self.occasion.about
        if self.correction is not None:
            about = f"{about}:{self.correction.decision_id}"
        return letter_id(self.kind, about, self.occasion.revision)


def letter_id(kind: LetterKind, about: str, revision: int) -> str:
    """As `Due.letter_id`, of a letter about the fact with the id *about*."""
    return str(uuid5(_IDS, f"{about}:{kind}:{revision}"))


def letters_due(known: KnownFacts, release: Release) -> Iterator[Due]:
    """The letters that should exist by now.

    Nothing is due before the request arrives, or what stands in its place: its address is unknown.
    """
    for declaration in LETTERS.values():
        for occasion in declaration.due(known, release):
            if declaration.reader != "contact" or known.correction is None:
                yield Due(declaration, occasion)
            else:
                yield from _due_after(known.correction, known, declaration, occasion)


def _due_after(
    correction: AddressCorrected, known: KnownFacts, declaration: AnyLetterDeclaration, occasion: Occasion[Any]
) -> Iterator[Due]:
    """What the contact is owed goes to the address that holds now, also what went to another one.

    Of quotes only the latest: the customer must not find two prices in a new mailbox. What was written to the earlier
    address stays as it is, and nothing more is written to it.
    """
    quote = occasion.fact
    if isinstance(quote, QuoteOffered | QuoteReferred) and quote.revision < known.latest_revision:
        return
    since = max(occasion.since, correction.decided_at)
    yield Due(declaration, replace(occasion, since=since), correction)
