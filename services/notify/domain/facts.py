"""What notify knows of one request, or of one fact without a request. Letters are due because of these facts alone.

Requests, quotes and releases come on different topics, so they arrive in any order, and more than once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

from shared.events import (
    AddressCorrected,
    CaseOverdue,
    ColleagueAnswered,
    ColleagueAsked,
    LetterKind,
    PasswordResetAsked,
    QuoteOffered,
    QuoteReferred,
    QuoteReleased,
    RequestReceived,
    RequestReleased,
    ResumeLinkAsked,
    StaffInvited,
)

WithoutRequest = ResumeLinkAsked | ColleagueAsked | ColleagueAnswered | StaffInvited | PasswordResetAsked | CaseOverdue
"""A fact that a letter is due for by itself, with an id of its own in place of a request's."""
Fact = (
    RequestReceived | WithoutRequest | QuoteOffered | QuoteReferred | QuoteReleased | RequestReleased | AddressCorrected
)
"""What can make a letter due."""
Release = Literal["auto", "desk"]
"""Whether a quote goes out by itself, or staff let it go out."""

MAIL_CEILING: Final = "mail-ceiling"
"""The suspicion that holds the mails to the desk too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A letter that failed for good."""

    letter_id: str
    kind: LetterKind
    failed_at: datetime
    attempts: int
    reply_code: int | None
    reason: str | None = None
    """Why it could not be made, in a word for machines; None when it was made and did not arrive."""
    bounce: str | None = None
    """Why it came back after it was sent (`BounceReason`); None when it did not."""
    corrected_by: str | None = None
    """The `decision_id` of the correction whose address it was for; None: that of the request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownFacts:
    """Everything that notify has received so far about one request, or one fact without a request."""

    request: RequestReceived | None = None
    quotes: tuple[QuoteOffered | QuoteReferred, ...] = ()
    released: Mapping[str, datetime] = field(default_factory=dict)
    """Quote id → when staff let it go out."""
    request_released_at: datetime | None = None
    """When staff let the mails of the request go out."""
    failures: tuple[Failure, ...] = ()
    written: frozenset[str] = frozenset()
    """The ids of its letters that are written."""
    alone: WithoutRequest | None = None
    corrections: tuple[AddressCorrected, ...] = ()
    """Other mail addresses of the contact, in any order."""

    @property
    def correction(self) -> AddressCorrected | None:
        """The address that holds now; None: the one in the request."""
        return max(self.corrections, key=lambda one: (one.decided_at, one.decision_id), default=None)

    @property
    def latest_revision(self) -> int:
        """0 without a quote."""
        return max((quote.revision for quote in self.quotes), default=0)

    @property
    def asked(self) -> RequestReceived | WithoutRequest | None:
        """The request behind the letters, or what stands in its place. It names the product."""
        return self.request or self.alone

    @property
    def contact_since(self) -> datetime | None:
        """Since when mails may go to the contact: since the request, or since staff let the mails of a held one go.

        None before that. Staff who let a quote of a held request go have let the request go: before `RequestReleased`
        they could say it in no other way.
        """
        if self.request is None:
            return None
        if not self.request.is_held:
            return self.request.accepted_at
        moments = [*self.released.values(), *filter(None, [self.request_released_at])]
        return min(moments, default=None)

    def is_overtaken(self, quote: QuoteOffered | QuoteReferred) -> bool:
        """Whether a later revision was there when staff let the mails of a held request go.

        They let the later one go: the contact must not find two prices in one minute, of which one does not hold. What
        they let go by its own number goes in any case.
        """
        since = self.contact_since
        if since is None or self.request is None or not self.request.is_held or quote.quote_id in self.released:
            return False
        return any(other.revision > quote.revision and other.issued_at <= since for other in self.quotes)

    @property
    def desk_since(self) -> datetime | None:
        """Since when mails about the request may go to the desk: since the request.

        Above the ceiling of mails in an hour it gets none until somebody lets the request go: the dashboard shows it.
        """
        if self.request is None:
            return None
        return self.contact_since if MAIL_CEILING in self.request.suspicions else self.request.accepted_at


def waits_since(quote: QuoteOffered | QuoteReferred, since: datetime) -> datetime:
    """Since when the contact waits for *quote*: for a later revision, not since they sent the request (*since*)."""
    return max(since, quote.issued_at) if quote.revision > 1 else since
