"""The lines of a case's timeline: what each fact is called there, and what the names say of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

EntryName = Literal[
    "received",
    "erased",
    "offered",
    "set-by-hand",
    "referred",
    "released",
    "mails-released",
    "decided",
    "sent",
    "failed",
    "not-made",
    "arrival-unknown",
    "bounced",
    "news-opted-out",
    "assigned",
    "unassigned",
    "noted",
    "contacted",
    "not-reached",
    "posted",
    "closed",
    "reopened",
    "on-hold",
    "hold-lifted",
    "address-corrected",
    "approval-asked",
    "approval-refused",
    "approved",
    "withdrawn",
    "release-withdrawn",
    "mails-withdrawn",
    "revision-withdrawn",
    "approval-withdrawn",
    "address-withdrawn",
]


OF_OTHERS: Final[frozenset[EntryName]] = frozenset(
    {
        *("received", "erased", "offered", "set-by-hand", "referred"),
        *("sent", "failed", "not-made", "arrival-unknown", "bounced", "news-opted-out"),
    }
)
"""What staff have not decided themselves."""
WITHDRAWN: Final[frozenset[EntryName]] = frozenset(
    {
        "withdrawn",
        "release-withdrawn",
        "mails-withdrawn",
        "revision-withdrawn",
        "approval-withdrawn",
        "address-withdrawn",
    }
)
"""Each stands for two facts: what was taken back, which is none any more, and that it was."""


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One line of a case's timeline: when, which fact, and the letter, revision or account that it is about."""

    at: datetime
    name: EntryName
    about: str = ""
