"""What was sent, in words: the customer's own copy.

It is made once, when the request is accepted, and kept with the draft: a release may change questions, choices and the
purpose text while the copy can still be asked for, and it must say what was read, answered and agreed to.
"""

from collections.abc import Mapping
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """Everything that was sent, and when, with the names, versions and notices of that moment.

    The names of these fields are stored: a copy of the version before must open.
    """

    reception_no: str
    sent_at: datetime
    form_version: str
    consent_version: str
    product: str
    insurer: str
    notices: Mapping[str, str]
    groups: tuple[CopyGroup, ...]
