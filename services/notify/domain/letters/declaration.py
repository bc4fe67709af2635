"""The declaration of a kind of letter. Each kind has one, and is listed in `LETTERS`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Generic, Literal, TypeVar

from services.notify.domain.facts import KnownFacts, Release
from services.notify.domain.letters.fields import LetterFields
from shared.events import AddressCorrected, LetterKind

Reader = Literal["contact", "desk", "visitor", "staff"]
"""`contact`: the person of a request. `desk`: the agency's request desk. `visitor`: has sent no request yet.

`staff`: one member of staff.
"""

Role = Literal["customer", "desk", "staff"]
"""Whom a letter is for, as settings say it."""

Enclosure = Literal["brochures", "quote"]
"""The PDFs that go with a letter: the product's brochures, or the 見積書."""

Context = TypeVar("Context")
OccasionFact = TypeVar("OccasionFact")
Fields = TypeVar("Fields", bound=LetterFields)


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion(Generic[OccasionFact]):
    """A fact that makes one letter due. The same fact always makes the same letter."""

    about: str
    """The id of the fact: of a request, a quote or a failed letter."""
    since: datetime
    """When the reader began to wait for the letter."""
    fact: OccasionFact
    """The fact itself, for `fill`; None when the letter is only about the request."""
    revision: int = 1
    until: datetime | None = None
    """From this time on the letter is too late."""
    failed_correction: AddressCorrected | None = None
    """Of a letter about one that failed: whose address that one was for. None: the one in the request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterDeclaration(Generic[Context, OccasionFact, Fields]):
    """One kind of letter. Its template is `letters/<kind>.txt` of each product, and uses no names but its fields."""

    kind: LetterKind
    name: str
    """Its name for people, in Japanese."""
    reader: Reader
    due: Callable[[KnownFacts, Release], Iterable[Occasion[OccasionFact]]]
    """The occasions for such a letter, given everything that is known and how the product releases quotes.

    It is called again after every fact that arrives, so the order of arrival does not matter.
    """
    fields: type[Fields]
    fill: Callable[[Context, OccasionFact], Fields]
    """Raises `Invalid`."""
    encloses: Enclosure | None = None
    needs_contact: bool = True
    """False: it is written even when nobody can read who asked, because then a person must look."""

    @property
    def role(self) -> Role:
        """A visitor is a customer too."""
        match self.reader:
            case "contact" | "visitor":
                return "customer"
            case _:
                return self.reader

    @property
    def field_names(self) -> frozenset[str]:
        """What its template may use."""
        return frozenset(field.name for field in fields(self.fields))


AnyLetterDeclaration = LetterDeclaration[Any, Any, Any]
"""A kind of letter, whatever it is filled from."""
