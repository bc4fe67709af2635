"""What staff may do with a case, and when it is refused: the rules behind the forms of a case's page."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from services.dashboard.domain.case import Case
from shared.events import CaseOutcome, ContactOutcome
from shared.mail_address import is_mail_address

LONGEST_TEXT: Final = 4_000
"""Characters of a note: more is a document, and belongs elsewhere."""
ONE_CLICK: Final = timedelta(minutes=1)
"""The same page that sends the same note or contact again so soon means one: somebody clicked twice."""
LATEST_CALL: Final = timedelta(days=366)
NOT_TAKEN_UP: Final = ("price", "competitor", "cover", "postponed", "no-budget", "no-answer", "other")
"""Why customers do not take it up; published with `CaseClosed`."""
DECLINED: Final = ("industry", "incidents", "controls", "turnover", "other")
"""Why the agency or the insurer does not offer it."""

Problem = Literal[
    "closed",
    "open",
    "no-text",
    "long-text",
    "no-moment",
    "bad-moment",
    "past-moment",
    "far-moment",
    "nothing-to-post",
    "no-outcome",
    "no-reason",
    "no-such-staff",
    "may-not-work",
    "no-such-case",
    "duplicate-too",
    "unreadable",
    "bad-address",
]
"""Why something is not done, in a word for machines."""


@dataclass(frozen=True, slots=True)
class Assign:
    """Make a member of staff responsible; nobody with None."""

    to: str | None


@dataclass(frozen=True, slots=True)
class Note:
    """Write something down."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Record a call or message to the customer, or a try. `has_moment`: a moment for the next one was typed."""

    outcome: ContactOutcome | None
    text: str = ""
    call_again_at: datetime | None = None
    has_moment: bool = False


@dataclass(frozen=True, slots=True)
class Post:
    """Record that the brochures are in the post."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Close:
    """End the case. `same_as`: the 受付番号 of the request that goes on, if this one is a duplicate."""

    outcome: CaseOutcome | None
    reason: str = ""
    text: str = ""
    same_as: str = ""


@dataclass(frozen=True, slots=True)
class Reopen:
    """Go on with a case that was closed."""


@dataclass(frozen=True, slots=True)
class CorrectAddress:
    """Send what the customer is owed to this mail address."""

    email: str


NewWork = Assign | Note | Contact | Post | Close | Reopen | CorrectAddress


def is_decision(work: NewWork) -> bool:
    """Whether two of them at the same time contradict each other. Two notes are two notes."""
    return not isinstance(work, Note | Contact)


def problems(work: NewWork, case: Case, now: datetime) -> list[Problem]:
    """All that speaks against it; empty when it may be done. Accounts and other cases are looked up elsewhere."""
    is_closed = case.work.closed is not None
    match work:
        case Note(text=text):
            return _of_text(text, required=True)
        case Contact():
            return _of_contact(work, now)
        case Reopen():
            return [] if is_closed else ["open"]
        case Post():
            wants_it = case.request.wishes.brochure == "post"
            return ["closed"] if is_closed else [] if wants_it and case.work.posted is None else ["nothing-to-post"]
        case Close():
            return ["closed"] if is_closed else _of_close(work)
        case Assign() | CorrectAddress():
            return ["closed"] if is_closed else _of_address(work)


def _of_text(text: str, *, required: bool) -> list[Problem]:
    if required and not text.strip():
        return ["no-text"]
    return ["long-text"] if len(text) > LONGEST_TEXT else []


def _of_contact(contact: Contact, now: datetime) -> list[Problem]:
    found = _of_text(contact.text, required=False)
    if contact.outcome is None:
        found.append("no-outcome")
    if contact.call_again_at is None:
        if contact.has_moment:
            found.append("bad-moment")
        elif contact.outcome == "call-again":
            found.append("no-moment")
    elif contact.call_again_at <= now:
        found.append("past-moment")
    elif contact.call_again_at > now + LATEST_CALL:
        found.append("far-moment")
    return found


def _of_address(work: Assign | CorrectAddress) -> list[Problem]:
    """The same check as the form's: what it refuses, notify could not send to."""
    return ["bad-address"] if isinstance(work, CorrectAddress) and not is_mail_address(work.email) else []


def _of_close(close: Close) -> list[Problem]:
    found = _of_text(close.text, required=False)
    reasons = {"not-taken-up": NOT_TAKEN_UP, "declined": DECLINED}.get(close.outcome or "")
    if close.outcome is None:
        found.append("no-outcome")
    if reasons is not None and close.reason not in reasons:
        found.append("no-reason")
    return found
