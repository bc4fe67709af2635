"""A letter without its bytes: what it is, to whom it goes, and when to look at it."""

from dataclasses import dataclass
from datetime import datetime

from shared.events import LetterKind, Paper


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterHead:
    """Which letter it is: all that is known of one that could not be made."""

    id: str
    request_id: str
    reception_no: str
    product: str
    kind: LetterKind
    corrected_by: str | None = None
    """As in its event."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter(LetterHead):
    """A written letter. `since` is when its reader began to wait for it."""

    sender: str
    """Of the envelope: where reports about it go. The header From may show another address."""
    recipient: str
    since: datetime
    created_at: datetime
    due: datetime
    """When to look at it next: a hint that saves queries. It never decides whether the letter is sent."""
    until: datetime | None = None
    """From this time on it is too late, and nobody tries to send it any more."""
    paper: Paper | None = None
    """The 見積書 that it encloses."""
    traceparent: str | None = None
    """Of the work that wrote it: its delivery is a part of the same trace."""
