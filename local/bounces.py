"""Reports of mails that did not arrive, for one machine: bounce.example takes every mail and sends it back.

So a newcomer, and a test, can see what the system does when a letter comes back (docs/adr/0023-bounces.md).
"""

from collections.abc import Iterable, Mapping
from email.utils import format_datetime, make_msgid
from typing import Final

from local.maildir import Maildir
from shared.clock import JST, Clock

DOMAIN: Final = "bounce.example"
_HOST: Final = "mx.bounce.example"
_USER_UNKNOWN: Final = ("5.1.1", "550 5.1.1 <{to}>: Recipient address rejected: User unknown")
_REPORTS: Final[Mapping[str, tuple[str, str]]] = {
    "full": ("5.2.2", "552 5.2.2 <{to}>: mailbox full"),
    "spam": ("5.7.1", "554 5.7.1 <{to}>: message rejected as spam"),
}
"""What the server at the other end says, by what the name of the address begins with; to any other, `_USER_UNKNOWN`."""


class Bounces:
    """Sends back what went to bounce.example, in the shape of Postfix, into the Maildir of the return path."""

    def __init__(self, maildir: Maildir, now: Clock) -> None:
        self._maildir = maildir
        self._now = now

    def send_back(self, sender: str, recipients: Iterable[str], content: bytes) -> None:
        """Report to *sender* for each of *recipients* that does not take the mail. Raises `OSError`."""
        for recipient in recipients:
            if sender and recipient.lower().endswith(f"@{DOMAIN}"):
                self._maildir.add(self._report(sender, recipient, content))

    def _report(self, sender: str, recipient: str, content: bytes) -> bytes:
        named = (report for name, report in _REPORTS.items() if recipient.lower().startswith(name))
        status, diagnostic = next(named, _USER_UNKNOWN)
        said = diagnostic.format(to=recipient)
        head = content.partition(b"\r\n\r\n")[0].replace(b"\r\n", b"\n")
        before = f"""Return-Path: <>
Delivered-To: {sender}
From: MAILER-DAEMON@{_HOST} (Mail Delivery System)
To: {sender}
Subject: Undelivered Mail Returned to Sender
Date: {format_datetime(self._now().astimezone(JST))}
Message-ID: {make_msgid(domain=_HOST)}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="=_report"

--=_report
Content-Type: text/plain; charset=us-ascii

This is the mail system at host {_HOST}.

Your message could not be delivered:

<{recipient}>: {said}

--=_report
Content-Type: message/delivery-status

Reporting-MTA: dns; {_HOST}

Final-Recipient: rfc822; {recipient}
Action: failed
Status: {status}
Diagnostic-Code: smtp; {said}

--=_report
Content-Type: text/rfc822-headers

"""
        return before.encode() + head + b"\n\n--=_report--\n"
