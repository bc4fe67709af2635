"""Letters as they were sent: what staff have asked notify for, what has come, and the files that go with them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from shared.events import LetterCopied, LetterCopyAsked


class LetterCopies(Protocol):
    """Copies of letters, sealed as they came. They are deleted after some days. Methods raise `Unavailable`."""

    async def ask(self, asked: LetterCopyAsked) -> None:
        """Keep it with its unsent event, once."""
        ...

    async def add(self, copied: LetterCopied) -> None:
        """Keep what has come, once."""
        ...

    async def of(self, request_id: str, now: datetime) -> Mapping[str, LetterCopyAsked | LetterCopied]:
        """By letter: the copy, or else that it was asked for."""
        ...


class Brochures(Protocol):
    """The files that products enclose as they are: too large for a copy, so it names them by their hash."""

    def of(self, product: str) -> Sequence[tuple[str, str]]:
        """The title and hash of each of a product, in their order."""
        ...

    def has(self, sha256: str) -> bool:
        """Whether a product has this very file today."""
        ...

    async def content(self, sha256: str) -> bytes:
        """Its bytes. Raises `LookupError`."""
        ...
