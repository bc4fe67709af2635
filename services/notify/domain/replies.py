"""What a reply of the mail server means: for this letter, for our connection, or for all our letters.

A refusal of *us* says nothing about a letter: wrong settings would otherwise burn every letter for good, one after the
other, and no mail could tell anybody. The sources of the table: RFC 5321 (4.2, 4.3.2), RFC 4954 (6), RFC 3207 (4) and
RFC 3463 for the enhanced codes (`5.7.1`).
"""

import re
from dataclasses import dataclass
from typing import Final, Literal

from services.notify.domain.attempts import Outcome

Command = Literal["MAIL", "RCPT", "DATA", "content"]
"""`content`: the letter itself, up to the final dot."""

_REFUSES_US: Final = frozenset({454, 503, 530, 534, 535, 538})
"""Authentication or encryption is missing or was not accepted; or the server has lost track of the dialogue."""
_TOO_BIG: Final = 552
_ENHANCED: Final = re.compile(r"[245]\.([0-9]{1,3})\.([0-9]{1,3})(?![0-9.])")
_POLICY_OR_PROTOCOL: Final = frozenset({"5", "7"})
_STATUS_OF_US: Final = frozenset({"1.7", "1.8", "3.2", "3.5", "4.5"})
"""Our sender, which Postfix refuses after RCPT only; the whole server; how much we may send in a day (Gmail)."""
_STATUS_OF_NOTHING: Final = frozenset({"0.0", "1.0", "3.0"})
"""Other or undefined: only the words say what is meant."""
_CONTENT_SUBJECTS: Final = frozenset({"2", "3", "6"})
"""After MAIL these can only mean the size or the form of this letter: 5.2.3, 5.3.4, 5.6.x."""
_OF_US: Final = re.compile(
    r"relay|authenti|black ?list|block ?list|denylist|spamhaus|reputation|not permitted|\bclient\b|\byour ip\b"
    r"|\bsender\b|\b(?:helo|ehlo)\b|\bspf\b|\brbl\b|too many|\b(?:sending|daily|hourly|rate)\b.{0,30}\b(?:limit|quota)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Reply:
    """The reply to *command*; `text` is the server's, without the code."""

    command: Command
    code: int
    text: str = ""


def outcome_before_content(reply: Reply) -> Outcome | None:
    """How the attempt ends with this reply to the last command before the content; None when the content may follow.

    * `away`: the server refuses us. No letter is at fault, and none of them may fail by it.
    * `later`: it may be taken another time. After RCPT that is also what looks like a refusal of us (a relay that is
      denied, a policy), because a single mailbox may answer so too: other letters go on, and there are three days.
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
        case command, code if 500 <= code < 600:  # noqa: PLR2004  # RFC 5321: refused
            return _refusal(command, reply)
        case _:
            return "line-lost"


def outcome_after_content(reply: Reply) -> Outcome:
    """How the attempt ends with this reply to the final dot: accepted by nothing but 2xx."""
    match reply.code // 100:
        case 2:
            return "accepted"
        case 5:
            # Even here it may be we who are refused. A policy alone is that of a filter: about what the letter says.
            is_of_us = reply.code in _REFUSES_US or _status(reply) in _STATUS_OF_US or _OF_US.search(reply.text[:500])
            return "later" if is_of_us else "refused"
        case _:
            return "later"


def _refusal(command: Command, reply: Reply) -> Outcome:
    status = _status(reply)
    subject = status.partition(".")[0]
    if command == "MAIL":
        # Nothing but its size is said of this letter here: the sender is ours, and the same for all of them.
        return "refused" if reply.code == _TOO_BIG or subject in _CONTENT_SUBJECTS else "away"
    if subject in _POLICY_OR_PROTOCOL or status in _STATUS_OF_US:
        return "later"
    return "later" if status in _STATUS_OF_NOTHING and _OF_US.search(reply.text[:500]) else "refused"


def _status(reply: Reply) -> str:
    """The enhanced code without its class: `1.8`; that of nothing in particular where there is none."""
    enhanced = _ENHANCED.search(reply.text[:200])
    return f"{int(enhanced[1])}.{int(enhanced[2])}" if enhanced else "0.0"
