"""Webhooks: what other programs are told of a fact, how it is signed, and when it is tried again.

Headers and signature are those of Standard Webhooks (https://www.standardwebhooks.com). A message holds ids and states
only: who may know more asks the API for it.
"""

import base64
import hmac
import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from services.dashboard.domain.facts import Fact, fact_id, moment_of
from shared.events import (
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
    Event,
    LetterBounced,
    LetterFailed,
    LetterSent,
    NewsOptedOut,
    NoteAdded,
    QuoteDecided,
    QuoteOffered,
    QuoteReferred,
    QuoteReleased,
    RequestErased,
    RequestReceived,
    RequestReleased,
    event_id,
)

TYPES: Final[dict[type[Event], str]] = {
    QuoteOffered: "quote.offered",
    QuoteReferred: "quote.referred",
    QuoteReleased: "quote.released",
    QuoteDecided: "quote.decided",
    LetterSent: "letter.sent",
    LetterFailed: "letter.failed",
    LetterBounced: "letter.bounced",
    RequestReceived: "case.received",
    RequestReleased: "case.released",
    CaseAssigned: "case.assigned",
    NoteAdded: "case.noted",
    CustomerContacted: "case.contacted",
    BrochurePosted: "case.posted",
    CaseClosed: "case.closed",
    CaseReopened: "case.reopened",
    CaseHeld: "case.held",
    CaseHoldLifted: "case.hold_lifted",
    DecisionWithdrawn: "case.decision_withdrawn",
    ApprovalAsked: "case.approval_asked",
    ApprovalRefused: "case.approval_refused",
    AddressCorrected: "case.address_corrected",
    NewsOptedOut: "case.news_opted_out",
    RequestErased: "case.erased",
}
EVERYTHING: Final = "*"
WANTED: Final = frozenset({EVERYTHING, *TYPES.values(), *(f"{name.partition('.')[0]}.*" for name in TYPES.values())})
"""What a subscription may ask for: one type, all of a group, or everything."""
_TOLD: Final = ("quote_id", "revision", "letter_id", "kind", "outcome")
"""What of a fact is told beside its request's id, where it has it. None of it is personal."""

GIVEN_UP_AFTER: Final = timedelta(hours=72)
KEPT_FOR: Final = timedelta(days=30)
"""Of deliveries that have ended, and of attempts. What happened longer ago is queued by a replay only."""
PAUSED_AT_MOST: Final = timedelta(days=30)
"""Then a pause ends by itself: one that was forgotten must not let messages pile up without an end."""
_WAITS_S: Final = (5, 30, 120, 300, 900, 1_800, 3_600)
_PREFIX: Final = "whsec_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is told of one fact. `id` stays the same however often it is sent, so a receiver knows it again."""

    id: str
    type: str
    at: datetime
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A program that is told, from `since` on. `url` may hold a key of its own: it is never logged.

    While it is paused its messages queue up.
    """

    name: str
    url: str
    wants: frozenset[str]
    since: datetime
    paused_at: datetime | None = None

    @property
    def resumes_at(self) -> datetime | None:
        """When its pause ends by itself."""
        return self.paused_at + PAUSED_AT_MOST if self.paused_at else None

    def has(self, message_type: str) -> bool:
        """Whether it asked for this type."""
        return bool(self.wants & {message_type, f"{message_type.partition('.')[0]}.*", EVERYTHING})


def message_of(fact: Fact) -> Message | None:
    """None for a fact that no program is told of."""
    name = TYPES.get(type(fact))
    if name is None:
        return None
    told: dict[str, Any] = {key: getattr(fact, key) for key in _TOLD if hasattr(fact, key)}
    body = {"type": name, "timestamp": moment_of(fact).isoformat(), "data": {"request_id": fact.request_id, **told}}
    return Message(
        id=event_id(fact_id(fact), fact.type),
        type=name,
        at=moment_of(fact),
        body=json.dumps(body, separators=(",", ":")),
    )


def new_secret() -> str:
    """As receivers' libraries take it."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def headers_of(message_id: str, body: str, secret: str, now: datetime) -> dict[str, str]:
    """The three headers of an attempt that is made *now*: a receiver refuses an old one."""
    timestamp = int(now.timestamp())
    key = base64.b64decode(secret.removeprefix(_PREFIX))
    digest = hmac.digest(key, f"{message_id}.{timestamp}.{body}".encode(), "sha256")
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }


def next_try(tries: int, since: datetime, now: datetime) -> datetime | None:
    """When to try again after *tries* that have failed, the first of them at *since*; None: it is given up."""
    after = now + timedelta(seconds=_WAITS_S[min(tries, len(_WAITS_S)) - 1])
    return after if after - since <= GIVEN_UP_AFTER else None
