"""What was sent, in words: the customer's own copy."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class CopyRow:
    """A question and its answer."""

    label: str
    answer: str


@dataclass(frozen=True, slots=True)
class CopyGroup:
    """The rows of one section."""

    title: str
    rows: tuple[CopyRow, ...]


@dataclass(frozen=True, slots=True)
class Copy:
    """Everything that was sent, and when."""

    reception_no: str
    sent_at: datetime
    groups: tuple[CopyGroup, ...]
