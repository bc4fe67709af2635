"""What a reply of the mail server means: for this letter, for our connection, or for all our letters.

A refusal of *us* says nothing about a letter: wrong settings would otherwise burn every letter for good, one after the
other, and no mail could tell anybody. Providers word such refusals in more ways than a list can hold, and many give
them only after the final dot. So it is the letter's own refusal that must be clear: its recipient, its size or its
content. Whatever is not clear waits. The sources of the table: RFC 5321 (4.2, 4.3.2), RFC 4954 (6), RFC 3207 (4),
RFC 7504, RFC 3463 and IANA's registry of enhanced codes (`5.7.1`).
"""

import re
from dataclasses import dataclass, replace
from typing import Final, Literal, Self

from services.notify.domain import reply_words as says
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
_QUOTED: Final = re.compile(
    r"(?<=.)(?:\b(?:said|says|answered|replied|respon(?:se|ded)|remote (?:host|server|mta))\b"
    r"|\b[2-5][0-9]{2}[ -]#?[2-5]\.[0-9]|[:;\"'(] ?[45][0-9]{2}[ -])",
    re.IGNORECASE | re.DOTALL,
)
"""Where a server begins to repeat another one, which may have spoken of *our* mailbox (Exim's callout)."""
_LATER_CODE: Final = re.compile(r"\n[2-5]\.[0-9]")
_NO_WORD: Final = re.compile(r"@|://|\w\.\w")
_CLASS_OF_RULE: Final = re.compile(r"\brecipient address rejected: ?", re.IGNORECASE)
"""Postfix says this before whatever its rules and policy services have against anybody: only what follows counts."""
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


@dataclass(frozen=True, slots=True)
class Reply:
    """The reply to *command*; `text` is the server's, without the code."""

    command: Command
    code: int
    text: str = ""
    names_us: bool = False
    """Whether it names the address that sends the letter, and not the one that shall receive it."""

    def on(self, sender: str, recipient: str) -> Self:
        """This reply to a letter between these addresses."""
        text = self.text.casefold()
        return replace(self, names_us=sender.casefold() in text and recipient.casefold() not in text)

    @property
    def status(self) -> str:
        """The enhanced code without its class: `1.8`; `0.0`, as good as none, where there is none.

        Only the server's own one, on its first line (RFC 2034 puts it on each): a later one may be another server's.
        """
        enhanced = _ENHANCED.search(self._own.partition("\n")[0])
        return f"{int(enhanced[1])}.{int(enhanced[2])}" if enhanced else _NO_STATUS

    @property
    def words(self) -> str:
        """The server's own words on one line, without codes, addresses, links and host names: those are no words."""
        return _CLASS_OF_RULE.sub("", _words(self._own))

    @property
    def all_words(self) -> str:
        """With those that it repeats from another server: what is against us counts, whoever says it."""
        return _words(self.text[:_READ])

    @property
    def _own(self) -> str:
        own = _QUOTED.split(self.text[:_READ], maxsplit=1)[0]
        # A server that gives codes begins each of its lines with one: one that begins later repeats somebody's.
        return own if _ENHANCED.search(own.partition("\n")[0]) else _LATER_CODE.split(own, maxsplit=1)[0]


def _words(text: str) -> str:
    return " ".join(word for word in text.split() if not _NO_WORD.search(word))


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
    if reply.names_us or says.SENDER.search(reply.all_words):
        return False
    if reply.status in _STATUS_OF_RECIPIENT:
        # The code says more than words such as `relay`.
        return True
    if _is_of_size(reply):
        return True
    is_other_policy = reply.status.startswith(_POLICY) and reply.status not in _STATUS_OF_ANY_POLICY
    if reply.status in _STATUS_OF_SENDER or says.US.search(reply.all_words) or is_other_policy:
        return False
    return _is_of_recipient(reply) or _is_of_content(reply)


def _is_of_size(reply: Reply) -> bool:
    if says.SENDER.search(reply.all_words):
        return False
    if reply.status in _STATUS_OF_SIZE:
        # Outlook.com gives 5.3.4 also when it has blocked our account for its unusual activity.
        return says.SIZE.search(reply.words) is not None or not says.US.search(reply.all_words)
    is_of_other = reply.status in _STATUS_OF_MAILBOX or says.OTHER_SIZE.search(reply.words)
    if reply.status.startswith(_POLICY) or is_of_other or says.US.search(reply.all_words):
        return False
    # To RCPT an allowance is that of the mailbox, elsewhere it may be ours.
    is_allowance_of_us = reply.command != "RCPT" and says.ALLOWANCE.search(reply.words)
    is_plain = reply.status == _NO_STATUS and (not reply.words or says.STORAGE.search(reply.words) is not None)
    return (reply.code == TOO_BIG and is_plain and not is_allowance_of_us) or says.SIZE.search(reply.words) is not None


def _is_of_recipient(reply: Reply) -> bool:
    """Whether it clearly names the recipient, or is the plain refusal of RCPT that speaks of nothing else.

    Of the refusals of RCPT that give no reason, `Recipient rejected` has the recipient for its subject, and no word at
    all leaves what RFC 5321 says of the code: `mailbox unavailable`. `Rejected`, `Access denied` and `Denied by policy`
    name nobody; Postfix says `Recipient address rejected: Access denied` for any rule that gives no text. Those wait.
    Only Exchange Online means a mailbox that it has not, and says so by 5.4.1 ("Fix NDR error code 550 5.4.1").
    """
    if reply.status in _STATUS_OF_MAILBOX or says.RECIPIENT.search(reply.words):
        return True
    if reply.command != "RCPT":
        return False
    is_bare = not reply.words or says.BARE_REFUSAL.fullmatch(reply.words) is not None
    is_bare_refusal = reply.status == _NO_STATUS and is_bare and reply.code in _OF_MAILBOX
    is_quota = not reply.status.startswith(_POLICY) and says.QUOTA_OF_RECIPIENT.search(reply.words) is not None
    is_gone = says.GONE.search(reply.words) is not None
    is_address = reply.status in _STATUS_OF_ADDRESS and not says.ALLOWANCE.search(reply.words)
    return is_address or is_bare_refusal or is_quota or is_gone


def _is_of_content(reply: Reply) -> bool:
    # Before the content nobody can have seen it: whoever speaks of spam there means us.
    has_seen_it = reply.command == "content"
    return has_seen_it and (reply.status.startswith(_FORM) or says.CONTENT.search(reply.words) is not None)
