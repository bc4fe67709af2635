"""What a reply of the mail server means: for this letter, for our connection, or for all our letters.

A refusal of *us* says nothing about a letter: wrong settings would otherwise burn every letter for good, one after the
other, and no mail could tell anybody. Providers word such refusals in more ways than a list can hold, and many give
them only after the final dot. So it is the letter's own refusal that must be clear: its recipient, its size or its
content. Whatever is not clear waits. The sources of the table: RFC 5321 (4.2, 4.3.2), RFC 4954 (6), RFC 3207 (4),
RFC 7504, RFC 3463 and IANA's registry of enhanced codes (`5.7.1`).
"""

import re
from dataclasses import dataclass
from typing import Final, Literal

from services.notify.domain.attempts import Outcome

Command = Literal["MAIL", "RCPT", "DATA", "content"]
"""`content`: the letter itself, up to the final dot."""

_REFUSES_US: Final = frozenset({454, 503, 530, 534, 535, 538})
"""Authentication or encryption is missing or was not accepted; or the server has lost track of the dialogue."""
TOO_BIG: Final = 552
"""Of the letter or of what we may use: the words and the enhanced code decide."""
_OF_MAILBOX: Final = frozenset({550, 551, 553, 556})
"""To RCPT, and without a word more, these speak of the mailbox or of its domain."""

_READ: Final = 1000
"""As much of a reply is read: the lines of the longest known one are shorter together."""
_ENHANCED: Final = re.compile(r"(?<![\w.])5\.([0-9]{1,3})\.([0-9]{1,3})(?!\w|\.[0-9])")
"""Anywhere in the text, but not within an IP address or a version."""
_NO_WORD: Final = re.compile(r"@|://|\w\.\w")
_NO_STATUS: Final = "0.0"
_STATUS_OF_SIZE: Final = frozenset({"2.3", "3.4"})
_STATUS_OF_MAILBOX: Final = frozenset({"2.1", "2.2", "2.4"})
_STATUS_OF_RECIPIENT: Final = frozenset({"1.1", "1.2", "1.3", "1.4", "1.6", "1.10"})
_STATUS_OF_ADDRESS: Final = frozenset({"1.0", "4.1"})
"""To RCPT: of its address, if the words do not name ours. Exchange Online says 5.4.1 of a mailbox that it has not."""
_STATUS_OF_SENDER: Final = frozenset({"1.7", "1.8"})
_POLICY: Final = "7"
_STATUS_OF_ANY_POLICY: Final = frozenset({"7.0", "7.1"})
"""Every other 5.7.x names what is missing: a log-in, encryption, a reverse name, DMARC, a good reputation."""
_FORM: Final = "6"

_SENDER: Final = re.compile(r"\b(?:senders?|sending|from address)\b", re.IGNORECASE)
_US: Final = re.compile(
    r"\b(?:senders?|sending|from address|client|ip|your (?:\w{1,8} )?(?:account|mailbox|server|host|domain|network"
    r"|address)|this server|source|originating|out(?:going|bound)|relay\w{0,4}"
    r"|account.{0,20}(?:suspended|blocked|locked)|\w{0,5}list(?:ed)?|reputation|abuse detected"
    r"|(?:hour|dai|month)ly|per (?:hour|day|month)|callout|\w{0,5}authenti\w{1,8}|credentials"
    r"|spf|dkim|dmarc|tls|r?dns|ptr)\b",
    re.IGNORECASE,
)
"""Needed only where words for the letter stand beside them: what neither names waits too."""
_SIZE: Final = re.compile(
    r"\bsize\b|\btoo (?:big|large)\b|\b(?:message|mail|letter|data)\b.{0,10}\btoo long\b", re.IGNORECASE
)
_OTHER_SIZE: Final = re.compile(r"\b(?:mailbox|queue|line|user|recipient)\b", re.IGNORECASE)
"""What may be too large besides the letter."""
_ALLOWANCE: Final = re.compile(r"\b(?:quota|insufficient|too many)\b", re.IGNORECASE)
_RECIPIENT: Final = re.compile(
    r"\b(?:user|mailbox|recipient|address)\b.{0,30}\b(?:unknown|exist|found|full|quota|disabled|inactive|unavailable)\b"
    r"|\b(?:unknown|unrouteable|no such|no|(?:no|not a) valid|invalid|bad) (?:users?|mailbox|recipients?|address)\b"
    r"|\bhost unknown\b|\bmailbox name\b|\buser doesn't have a\b",
    re.IGNORECASE,
)
_CONTENT: Final = re.compile(
    r"\b(?:spam|junk|unsolicited|virus|infected|malware|phishing|content|attachments?)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Reply:
    """The reply to *command*; `text` is the server's, without the code."""

    command: Command
    code: int
    text: str = ""

    @property
    def status(self) -> str:
        """The enhanced code without its class: `1.8`; `0.0`, as good as none, where there is none."""
        enhanced = _ENHANCED.search(self.text[:_READ])
        return f"{int(enhanced[1])}.{int(enhanced[2])}" if enhanced else _NO_STATUS

    @property
    def words(self) -> str:
        """The text as one line, without codes, addresses, links and host names: their parts are no words."""
        return " ".join(word for word in self.text[:_READ].split() if not _NO_WORD.search(word))


def outcome_before_content(reply: Reply) -> Outcome | None:
    """How the attempt ends with this reply to the last command before the content; None when the content may follow.

    * `away`: the server refuses us. No letter is at fault, and none of them may fail by it.
    * `later`: it may be taken another time. After RCPT and DATA that is also every refusal that is not clearly of this
      letter: it may be of us, or of a single mailbox. Other letters go on, and there are three days.
    * `line-lost`: no reply that the command can have. Whatever follows cannot be trusted.
    """
    match reply.command, reply.code:
        case "DATA", 354:
            return None
        case _, 421:
            return "line-lost"
        case _, code if code in _REFUSES_US:
            return "away"
        case _, code if 400 <= code < 500:  # noqa: PLR2004  # RFC 5321: refused for now
            return "later"
        case _, code if 500 <= code < 600:  # noqa: PLR2004  # RFC 5321: refused
            return _refusal(reply)
        case _:
            return "line-lost"


def outcome_after_content(reply: Reply) -> Outcome:
    """How the attempt ends with this reply to the final dot: accepted by nothing but 2xx, refused by what is clear."""
    match reply.code // 100:
        case 2:
            return "accepted"
        case 5 if reply.code not in _REFUSES_US and _is_of_letter(reply):
            return "refused"
        case _:
            return "later"


def _refusal(reply: Reply) -> Outcome:
    if reply.command == "MAIL":
        # Nothing but its size is said of this letter here: the sender is ours, and the same for all of them.
        return "refused" if _is_of_size(reply) else "away"
    return "refused" if _is_of_letter(reply) else "later"


def _is_of_letter(reply: Reply) -> bool:
    """Whether a refusal after MAIL is clearly of this letter: of its recipient, its size, its form or its content."""
    if reply.status in _STATUS_OF_RECIPIENT:
        # The code says more than words such as `relay`, unless they name the sender.
        return not _SENDER.search(reply.words)
    if _is_of_size(reply):
        return True
    is_of_us = reply.status in _STATUS_OF_SENDER or _US.search(reply.words)
    is_other_policy = reply.status.startswith(_POLICY) and reply.status not in _STATUS_OF_ANY_POLICY
    if is_of_us or is_other_policy:
        return False
    return _is_of_recipient(reply) or _is_of_content(reply)


def _is_of_size(reply: Reply) -> bool:
    if reply.status in _STATUS_OF_SIZE:
        return not _SENDER.search(reply.words)
    is_of_other = reply.status in _STATUS_OF_MAILBOX or _OTHER_SIZE.search(reply.words)
    if reply.status.startswith(_POLICY) or is_of_other or _US.search(reply.words):
        return False
    # To RCPT an allowance is that of the mailbox, elsewhere it may be ours.
    is_allowance_of_us = reply.command != "RCPT" and _ALLOWANCE.search(reply.words)
    is_plain = reply.code == TOO_BIG and reply.status == _NO_STATUS and not is_allowance_of_us
    return is_plain or _SIZE.search(reply.words) is not None


def _is_of_recipient(reply: Reply) -> bool:
    if reply.status in _STATUS_OF_MAILBOX or _RECIPIENT.search(reply.words):
        return True
    is_bare = reply.status == _NO_STATUS and not reply.words
    is_of_address = reply.status in _STATUS_OF_ADDRESS or (is_bare and reply.code in _OF_MAILBOX)
    return reply.command == "RCPT" and is_of_address


def _is_of_content(reply: Reply) -> bool:
    # Before the content nobody can have seen it: whoever speaks of spam there means us.
    has_seen_it = reply.command == "content"
    return has_seen_it and (reply.status.startswith(_FORM) or _CONTENT.search(reply.words) is not None)
