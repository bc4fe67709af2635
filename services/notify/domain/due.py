"""Which letters are due, worked out from everything that is known of a request."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid5

from services.notify.domain.facts import KnownFacts, Release
from services.notify.domain.letters import LETTERS, AnyLetterDeclaration, Occasion
from shared.events import LetterKind

_IDS: Final = UUID("1f3d6a52-70c4-5a8e-9d53-2c6f0a4be917")


@dataclass(frozen=True, slots=True)
class Due:
    """A letter that must be written, once."""

    declaration: AnyLetterDeclaration
    occasion: Occasion[Any]

    @property
    def kind(self) -> LetterKind:
        """As events, templates and the ledger name it."""
        return self.declaration.kind

    @property
    def letter_id(self) -> str:
        """The same fact and kind always make the same letter, whoever works it out and however often."""
        return letter_id(self.kind, self.occasion.about, self.occasion.revision)


def letter_id(kind: LetterKind, about: str, revision: int) -> str:
    """As `Due.letter_id`, of a letter about the fact with the id *about*."""
    return str(uuid5(_IDS, f"{about}:{kind}:{revision}"))


def letters_due(known: KnownFacts, release: Release) -> Iterator[Due]:
    """The letters that should exist by now.

    Nothing is due before the request or link request arrives, because its address is unknown.
    """
    for declaration in LETTERS.values():
        for occasion in declaration.due(known, release):
            yield Due(declaration, occasion)
