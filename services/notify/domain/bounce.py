"""What a mail that came back means for its letter: that it did not arrive and why, or nothing.

Its own codes decide (RFC 3463, RFC 3464), then the words of those who follow no standard. Only what a mail server says
is a bounce: a person who writes that an address is wrong is answered by a person. An address counts as dead (`hard`)
only if a server says for good that it, or its domain, is not there; whatever is doubtful leaves it alone.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from services.notify.domain import bounce_words as says
from services.notify.domain.inbound_mail import InboundMail, StatusFields
from shared.events import BounceReason, BounceType

NoBounce = Literal["delayed", "auto-reply", "other"]
"""`delayed`: the server goes on trying. `auto-reply`: a program answers, or says that the letter was read.

`other`: somebody should read it.
"""

_STATUSES: Final[Mapping[BounceReason, tuple[str, ...]]] = {
    "no-such-address": ("1.1", "1.3", "1.10"),
    "no-such-domain": ("1.2", "4.4", "4.310"),
    "disabled": ("1.6", "2.1"),
    "blocked": ("1.7", "1.8"),
    "mailbox-full": ("2.2", "3.1"),
    "too-big": ("2.3", "3.4"),
    "not-reached": ("4.1", "4.2", "4.3", "4.5", "4.7"),
}
_OF_STATUS: Final[Mapping[str, BounceReason]] = {
    status: reason for reason, statuses in _STATUSES.items() for status in statuses
}
"""Without the first digit. What is not here is decided by words."""
_POLICY: Final = "7."
_DEAD: Final[frozenset[BounceReason]] = frozenset({"no-such-address", "no-such-domain", "disabled"})
_STATUS: Final = re.compile(r"(?<![\w.])([245])\.([0-9]{1,3})\.([0-9]{1,3})(?!\w|\.[0-9])")
_CODE: Final = re.compile(r"(?<![\w.])([45][0-9]{2})(?=[ \-#]|$)", re.MULTILINE)
_MACHINES: Final = frozenset({"mailer-daemon", "mail-daemon", "mailerdaemon", "postmaster", "mail delivery subsystem"})
_OF_PROGRAM: Final = frozenset({"auto_reply", "auto-reply", "bulk", "junk", "list"})
_FOR_GOOD: Final = frozenset({"550", "551", "553"})
"""To RCPT, and without a word more, these speak of the mailbox (RFC 5321, 4.2.3)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounce:
    """The letter did not arrive, and nobody tries again."""

    type: BounceType
    reason: BounceReason
    status: str | None = None
    """The enhanced code, such as `5.1.1`, where there was one."""
    reply_code: int | None = None


def meaning(mail: InboundMail) -> Bounce | NoBounce:
    """What *mail* says. Where it speaks of several recipients the worst counts: a letter of ours has only one."""
    if mail.statuses:
        found = [_of_report(fields, mail) for fields in mail.statuses]
        return min(found, key=_gravity)
    if mail.report_type == "disposition-notification":
        return "auto-reply"
    if mail.report_type == "feedback-report":
        return "other"
    if _is_of_server(mail):
        return _of_words(mail)
    if _is_of_program(mail):
        asks = says.CONFIRMATION.search(mail.text)
        return Bounce(type="blocked", reason="confirmation-asked") if asks else "auto-reply"
    return "other"


def _of_report(fields: StatusFields, mail: InboundMail) -> Bounce | NoBounce:
    action, status = fields.get("action", "").lower(), _first_status(fields.get("status", ""))
    if not action:
        action = {"5": "failed", "4": "delayed"}.get((status or "")[:1], "delivered")
    if action.startswith("failed"):
        diagnostic = fields.get("diagnostic-code", "")
        return _bounce(_precise(status, diagnostic), diagnostic, mail.text)
    return "delayed" if action.startswith("delayed") else "auto-reply"


def _of_words(mail: InboundMail) -> Bounce | NoBounce:
    if says.DELAYED.search(mail.text) and not says.GAVE_UP.search(mail.text):
        return "delayed"
    if says.AUTO_REPLY.search(mail.headers.get("subject", "")):
        return "auto-reply"
    return _bounce(_first_status(mail.text), mail.text, mail.headers.get("subject", ""))


def _bounce(status: str | None, *texts: str) -> Bounce:
    """*texts*: the mail server's own words first."""
    codes = _CODE.findall(texts[0])
    reason = _reason(status, codes, texts)
    is_temporary = (status or "5").startswith("4")
    kind: BounceType = "soft"
    if reason in _DEAD and not is_temporary:
        kind = "hard"
    elif reason in {"blocked", "confirmation-asked"}:
        kind = "blocked"
    return Bounce(type=kind, reason=reason, status=status, reply_code=int(codes[0]) if codes else None)


def _reason(status: str | None, codes: list[str], texts: tuple[str, ...]) -> BounceReason:
    """The code, unless it says nothing, or says "policy" where the words name the mailbox or the waiting."""
    detail = (status or "0.0.0").partition(".")[2]
    words: BounceReason | None = next((found for text in texts if (found := _in_words(text))), None)
    if detail in _OF_STATUS and not (detail == "4.1" and words == "no-such-address"):
        return _OF_STATUS[detail]
    if detail.startswith(_POLICY):
        is_known = words in {"no-such-address", "disabled", "mailbox-full", "too-big"}
        if is_known or (words == "not-reached" and (status or "").startswith("4")):
            return words or "blocked"
        return "blocked"
    if words is None and _FOR_GOOD & set(codes):
        return "no-such-address"
    return words or "other"


def _in_words(text: str) -> BounceReason | None:
    return next((reason for reason, pattern in says.REASONS.items() if pattern.search(text)), None)


def _precise(status: str | None, diagnostic: str) -> str | None:
    """The status that the other server gave: many reports only say 5.0.0 of themselves."""
    said = _first_status(diagnostic)
    is_vague = status is None or status.endswith(".0.0")
    return said if said is not None and is_vague else status


def _first_status(text: str) -> str | None:
    found = _STATUS.search(text)
    return f"{found[1]}.{found[2]}.{found[3]}" if found else None


def _is_of_server(mail: InboundMail) -> bool:
    """Whether a mail server says that something failed or waits."""
    sender = mail.headers.get("from", "").lower()
    is_machine = (
        mail.headers.get("return-path", "").replace(" ", "") == "<>"
        or any(name in sender for name in _MACHINES)
        or "x-failed-recipients" in mail.headers
    )
    subject = mail.headers.get("subject", "")
    said = says.FAILURE.search(subject) or says.FAILURE.search(mail.text) or says.DELAYED.search(subject)
    return is_machine and ("x-failed-recipients" in mail.headers or said is not None)


def _is_of_program(mail: InboundMail) -> bool:
    automatic = mail.headers.get("auto-submitted", "no").lower()
    return (
        automatic.startswith("auto-")
        or mail.headers.get("precedence", "").lower() in _OF_PROGRAM
        or not mail.headers.keys().isdisjoint({"x-auto-response-suppress", "x-autoreply", "x-autorespond"})
        or says.AUTO_REPLY.search(mail.headers.get("subject", "")) is not None
    )


def _gravity(found: Bounce | NoBounce) -> int:
    if isinstance(found, Bounce):
        return ("hard", "blocked", "soft").index(found.type)
    return 3 if found == "delayed" else 4
