"""CloudEvents 1.0, Kafka binary mode: how an event is written to a record and read back.

Anybody may have written the raw bytes, so for any input `read` returns an event or raises `Invalid`, with a machine
word that quotes nothing of the record.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid5

from pydantic import ValidationError

from shared.errors import Invalid
from shared.events.base import Event, rfc3339
from shared.events.desk import (
    AddressCorrected,
    ApprovalAsked,
    ApprovalRefused,
    BrochurePosted,
    CaseAssigned,
    CaseClosed,
    CaseHeld,
    CaseHoldLifted,
    CaseReopened,
    CustomerContacted,
    DecisionWithdrawn,
    LetterCopyAsked,
    NoteAdded,
    QuoteDecided,
    QuoteReleased,
    RequestReleased,
)
from shared.events.letters import LetterBounced, LetterCopied, LetterFailed, LetterSent, NewsOptedOut
from shared.events.quotes import QuoteOffered, QuoteReferred
from shared.events.requests import (
    ColleagueAnswered,
    ColleagueAsked,
    FormCounted,
    RequestErased,
    RequestReceived,
    ResumeLinkAsked,
)
from shared.events.staff_mails import CaseOverdue, PasswordResetAsked, StaffInvited
from shared.events.tariffs import TariffStarted

PUBLISHED: Final[tuple[type[Event], ...]] = (
    RequestReceived,
    RequestErased,
    ResumeLinkAsked,
    ColleagueAsked,
    ColleagueAnswered,
    FormCounted,
    QuoteOffered,
    QuoteReferred,
    LetterSent,
    LetterFailed,
    LetterBounced,
    QuoteReleased,
    QuoteDecided,
    RequestReleased,
    CaseAssigned,
    NoteAdded,
    CustomerContacted,
    BrochurePosted,
    CaseClosed,
    CaseReopened,
    CaseHeld,
    CaseHoldLifted,
    DecisionWithdrawn,
    ApprovalAsked,
    ApprovalRefused,
    AddressCorrected,
    LetterCopyAsked,
    LetterCopied,
    NewsOptedOut,
    StaffInvited,
    PasswordResetAsked,
    CaseOverdue,
    TariffStarted,
)
"""Every event of the published language."""
SIGNATURE: Final = "ce_signature"
"""The header by which a record of a signed topic says who wrote it: `<key id>:<base64>`."""

_BY_ADDRESS: Final = {(event.topic, event.type): event for event in PUBLISHED}
_IDS: Final = UUID("9b0c8f1e-6b0b-5d57-8f0e-3f4f2b9c7a11")


def event_id(document_id: str, event_type: str) -> str:
    """The same document and fact always give the same `ce_id`, so a re-publish is recognisable."""
    return str(uuid5(_IDS, f"{document_id}:{event_type}"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """The attributes around an event's body. `time` is when the fact became true, not when it was published."""

    id: str
    type: str
    source: str
    subject: str
    time: datetime
    traceparent: str | None = None

    def headers(self) -> dict[str, str]:
        """The record's headers."""
        headers = {
            "ce_specversion": "1.0",
            "ce_id": self.id,
            "ce_type": self.type,
            "ce_source": self.source,
            "ce_subject": self.subject,
            "ce_time": rfc3339(self.time),
            "content-type": "application/json",
        }
        if self.traceparent:
            headers["traceparent"] = self.traceparent
        return headers


def read(topic: str, headers: Mapping[str, str], body: bytes) -> Event:
    """The event on a record of *topic*. Raises `Invalid`: not-an-event, unknown-type, bad-body, bad-subject."""
    event_type = headers.get("ce_type")
    if headers.get("ce_specversion") != "1.0" or not event_type or not headers.get("ce_id"):
        raise Invalid("not-an-event")
    model = _BY_ADDRESS.get((topic, event_type))
    if model is None:
        raise Invalid("unknown-type")
    try:
        event = model.model_validate_json(body)
    except (ValidationError, UnicodeDecodeError):
        # The pydantic text would quote the body; the raw bytes are in the dead letter for those who may look.
        raise Invalid("bad-body") from None
    if headers.get("ce_subject") != event.request_id:
        raise Invalid("bad-subject")
    return event
