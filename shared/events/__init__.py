"""The published language: the events by which the services meet, and nothing else.

Additive within `.v1`: a removal or a new meaning is a new `…v2` topic and class beside the old one. A golden file
of every version ever published stays in tests/contracts/ and must parse.
"""

from shared.events.base import (
    DESK,
    LETTERS,
    QUOTES,
    REQUESTS,
    TOPICS,
    Content,
    Event,
    Moment,
    Parcel,
    rfc3339,
)
from shared.events.desk import (
    BrochurePosted,
    CaseAssigned,
    CaseClosed,
    CaseOutcome,
    CaseReopened,
    ContactOutcome,
    CustomerContacted,
    Decision,
    DecisionWithdrawn,
    NoteAdded,
    QuoteDecided,
    QuoteReleased,
    RequestReleased,
)
from shared.events.envelope import PUBLISHED, Envelope, event_id, read
from shared.events.letters import Letter, LetterFailed, LetterKind, LetterSent, NotMade
from shared.events.quotes import Cell, Change, Grid, Note, Option, Quote, QuoteOffered, QuoteReferred, TariffRef
from shared.events.requests import (
    SUSPICIONS,
    RequestErased,
    RequestReceived,
    ResumeLinkAsked,
    Segment,
    Wishes,
)

__all__ = [
    "DESK",
    "LETTERS",
    "PUBLISHED",
    "QUOTES",
    "REQUESTS",
    "SUSPICIONS",
    "TOPICS",
    "BrochurePosted",
    "CaseAssigned",
    "CaseClosed",
    "CaseOutcome",
    "CaseReopened",
    "Cell",
    "Change",
    "ContactOutcome",
    "Content",
    "CustomerContacted",
    "Decision",
    "DecisionWithdrawn",
    "Envelope",
    "Event",
    "Grid",
    "Letter",
    "LetterFailed",
    "LetterKind",
    "LetterSent",
    "Moment",
    "NotMade",
    "Note",
    "NoteAdded",
    "Option",
    "Parcel",
    "Quote",
    "QuoteDecided",
    "QuoteOffered",
    "QuoteReferred",
    "QuoteReleased",
    "RequestErased",
    "RequestReceived",
    "RequestReleased",
    "ResumeLinkAsked",
    "Segment",
    "TariffRef",
    "Wishes",
    "event_id",
    "read",
    "rfc3339",
]
