"""What an operator does when the mail server refuses us: one sentence for each place where it can.

No letter is at fault then, all of them wait, and no mail can tell anybody: only the log and `/metrics` can. Whoever
reads them at night shall not have to know SMTP.
"""

from collections.abc import Mapping
from typing import Final, Literal

Place = Literal["greeting", "encryption", "certificate", "log-in", "sender"]
"""`sender`: the server knows us, and does not take letters from us."""

TO_DO: Final[Mapping[Place, str]] = {
    "greeting": "The mail server takes no connections from this machine."
    " Ask the provider whether it blocks our IP address or our name, and which host and port it offers.",
    "encryption": "The mail server does not offer the encryption that MITSUMORI_SMTP asks for, or asks for another."
    " Write the scheme and the port that the provider names: smtps://…:465, or smtp://…:587?starttls=1.",
    "certificate": "The certificate of the mail server is not valid for the host in MITSUMORI_SMTP."
    " Write the host as the provider names it; if it is right, somebody else may be answering there.",
    "log-in": "The mail server does not accept our log-in. Check user and password in MITSUMORI_SMTP"
    " and, at the provider, whether the account is active and paid for. Restart notify after a change here.",
    "sender": "The mail server takes no letters from us. Check MITSUMORI_MAIL_FROM and, at the provider, whether that"
    " address may send: verified, its plan and its quota not used up, our IP address not blocked.",
}

_LOG_IN: Final = frozenset({530, 534, 535, 538})
"""RFC 4954 (6). Some servers say 530 for missing encryption too, and then the log-in is what they miss first."""


def place_in_envelope(code: int) -> Place:
    """The place of a refusal of us that the server gave with *code* only after MAIL, RCPT or DATA."""
    return "log-in" if code in _LOG_IN else "sender"
