"""What staff may do with a case, and when it is refused: the rules behind the forms of a case's page."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal

from services.dashboard.domain.case import Case
from shared.clock import JST
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
    "nothing-to-hold",
    "no-hold-reason",
    "on-hold",
    "not-on-hold",
    "past-day",
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Let a quote wait that could be released. `until`: the day in Japan, if it is known; `has_day`: one was typed."""

    text: str
    until: date | None = None
    has_day: bool = False


@dataclass(frozen=True, slots=True)
class LiftHold:
    """Let it be released again."""


NewWork = Hold | LiftHold | Assign | Note | Contact | Post | Close | Reopen | CorrectAddress


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
        case Assign() | CorrectAddress() | Hold() | LiftHold():
            return ["closed"] if is_closed else [*_of_address(work), *_of_hold(work, case, now)]


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


def _of_address(work: NewWork) -> list[Problem]:
    """The same check as the form's: what it refuses, notify could not send to."""
    return ["bad-address"] if isinstance(work, CorrectAddress) and not is_mail_address(work.email) else []


def _of_hold(work: NewWork, case: Case, now: datetime) -> list[Problem]:
    """Whether there is something to hold, the product says (usecases/work_on_case.py)."""
    if isinstance(work, LiftHold):
        return [] if case.work.hold else ["not-on-hold"]
    if not isinstance(work, Hold):
        return []
    found: list[Problem] = ["on-hold"] if case.work.hold else []
    found += _of_text(work.text, required=False) if work.text.strip() else ["no-hold-reason"]
    today = now.astimezone(JST).date()
    if work.has_day and not (work.until and today <= work.until <= today + LATEST_CALL):
        found.append("past-day")
    return found


def _of_close(close: Close) -> list[Problem]:
    found = _of_text(close.text, required=False)
    reasons = {"not-taken-up": NOT_TAKEN_UP, "declined": DECLINED}.get(close.outcome or "")
    if close.outcome is None:
        found.append("no-outcome")
    if reasons is not None and close.reason not in reasons:
        found.append("no-reason")
    return found
