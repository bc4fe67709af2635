"""What a mail that came back means for its letter: that it did not arrive and why, or nothing.

Its own codes decide (RFC 3463, RFC 3464), then the words of those who follow no standard. Only what a mail server says
is a bounce: a person who writes that an address is wrong is answered by a person. An address counts as dead (`hard`)
only if a server says for good that it, or its domain, is not there; whatever is doubtful leaves it alone.
"""

from dataclasses import dataclass
from typing import Final, Literal

from services.notify.domain import bounce_words as says
from services.notify.domain.bounce_reason import DEAD, codes_in, reason_of, status_in
from services.notify.domain.inbound_mail import InboundMail, StatusFields
from services.notify.domain.letter import Letter
from shared.events import BounceReason, BounceType

NoBounce = Literal["delayed", "auto-reply", "other"]
"""`delayed`: the server goes on trying. `auto-reply`: a program answers, or says that the letter was read.

`other`: somebody should read it.
"""

_MACHINES: Final = frozenset({"mailer-daemon", "mail-daemon", "mailerdaemon", "postmaster", "mail delivery subsystem"})
_OF_PROGRAM: Final = frozenset({"auto_reply", "auto-reply", "bulk", "junk", "list"})
_FAILED_TO: Final = "x-failed-recipients"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounce:
    """The letter did not arrive, and nobody tries again."""

    type: BounceType
    reason: BounceReason
    status: str | None = None
    """The enhanced code, such as `5.1.1`, where there was one."""
    reply_code: int | None = None


def meaning(mail: InboundMail, letter: Letter | None = None) -> Bounce | NoBounce:
    """What *mail* says of *letter*, if it is known. Where it speaks of several recipients the worst counts."""
    if mail.statuses:
        found = [_of_report(fields, mail, letter) for fields in mail.statuses]
        return min(found, key=_gravity)
    if mail.report_type == "disposition-notification":
        return "auto-reply"
    if mail.report_type == "feedback-report":
        return "other"
    if _is_of_server(mail):
        return _of_words(mail, letter)
    if _is_of_program(mail):
        asks = says.CONFIRMATION.search(mail.text)
        return Bounce(type="blocked", reason="confirmation-asked") if asks else "auto-reply"
    return "other"


def _of_report(fields: StatusFields, mail: InboundMail, letter: Letter | None) -> Bounce | NoBounce:
    action, status = fields.get("action", "").lower(), status_in(fields.get("status", ""))
    if not action:
        action = {"5": "failed", "4": "delayed"}.get((status or "")[:1], "delivered")
    if action.startswith("failed"):
        diagnostic = fields.get("diagnostic-code", "")
        found = _bounce(_precise(status, diagnostic), diagnostic, mail.text, letter)
        named = fields.get("final-recipient", "") or fields.get("original-recipient", "") or _failed_to(mail)
        return found if letter is None or _is_among(letter.recipient, named) else _of_another(found)
    return "delayed" if action.startswith("delayed") else "auto-reply"


def _of_words(mail: InboundMail, letter: Letter | None) -> Bounce | NoBounce:
    if says.DELAYED.search(mail.text) and not says.GAVE_UP.search(mail.text):
        return "delayed"
    subject = mail.headers.get("subject", "")
    if says.AUTO_REPLY.search(subject):
        return "auto-reply"
    found = _bounce(status_in(mail.text), mail.text, subject, letter)
    if letter is not None and not _is_among(letter.recipient, _failed_to(mail)):
        return _of_another(found)
    is_said_by_server = found.status or found.reply_code or _FAILED_TO in mail.headers
    return found if is_said_by_server or found.type != "hard" else Bounce(type="soft", reason=found.reason)


def _bounce(status: str | None, own: str, around: str, letter: Letter | None) -> Bounce:
    codes = codes_in(own)
    reason = reason_of(status, own, around, letter.sender if letter else "")
    is_temporary = (status or "5").startswith("4")
    kind: BounceType = "soft"
    if reason in DEAD and not is_temporary:
        kind = "hard"
    elif reason in {"blocked", "confirmation-asked"}:
        kind = "blocked"
    return Bounce(type=kind, reason=reason, status=status, reply_code=int(codes[0]) if codes else None)


def _of_another(found: Bounce) -> Bounce:
    """One address behind that of the letter failed: it may have arrived at others, and is no reason to give it up."""
    if found.reason not in DEAD:
        return found
    return Bounce(type="soft", reason="other", status=found.status, reply_code=found.reply_code)


def _failed_to(mail: InboundMail) -> str:
    """Where whoever failed stands in a mail without the fields of a report."""
    return mail.headers.get(_FAILED_TO) or mail.text


def _is_among(address: str, named: str) -> bool:
    words = named.lower().replace(",", " ").replace(";", " ").split()
    return any(word.strip("<>()[]:'\".") == address.lower() for word in words)


def _precise(status: str | None, diagnostic: str) -> str | None:
    """The status that the other server gave: many reports only say 5.0.0 of themselves."""
    said = status_in(diagnostic)
    is_vague = status is None or status.endswith(".0.0")
    return said if said is not None and is_vague else status


def _is_of_server(mail: InboundMail) -> bool:
    """Whether a mail server says that something failed or waits. Many programs answer with its null return path too."""
    if _FAILED_TO in mail.headers:
        return True
    sender, subject = mail.headers.get("from", "").lower(), mail.headers.get("subject", "")
    is_machine = any(name in sender for name in _MACHINES)
    return is_machine and (says.FAILURE.search(subject) or says.DELAYED.search(subject)) is not None


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
