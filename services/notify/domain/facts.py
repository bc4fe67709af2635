"""What notify knows of one request, or of one link request. Letters are due because of these facts alone.

Requests, quotes and releases come on different topics, so they arrive in any order, and more than once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from shared.events import LetterKind, QuoteOffered, QuoteReferred, RequestReceived, ResumeLinkAsked

Release = Literal["auto", "desk"]
"""Whether a quote goes out by itself, or staff let it go out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A letter that failed for good."""

    letter_id: str
    kind: LetterKind
    failed_at: datetime
    attempts: int
    reply_code: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownFacts:
    """Everything that notify has received so far about one request, or about one link request."""

    request: RequestReceived | None = None
    quotes: tuple[QuoteOffered | QuoteReferred, ...] = ()
    released: Mapping[str, datetime] = field(default_factory=dict)
    """Quote id → when staff let it go out."""
    failures: tuple[Failure, ...] = ()
    resume: ResumeLinkAsked | None = None

    @property
    def asked(self) -> RequestReceived | ResumeLinkAsked | None:
        """The request or link request behind the letters: it names the product, and its parcel holds the address."""
        return self.request or self.resume


def release_of(request: RequestReceived, release: Release) -> Release:
    """How the quotes of *request* go out: as the product says, unless somebody has to look at it first."""
    return "desk" if request.is_held else release
