"""Why a letter did not arrive, by what a mail server says: its codes (RFC 3463), then its words.

Most refusals are of the address, and many are of us: of our server, our sender, or what we send. Those say nothing of
the address, though some use its words: `Sender verify failed: unrouteable address`.
"""

import re
from collections.abc import Mapping
from typing import Final

from services.notify.domain import bounce_words as says
from services.notify.domain import reply_words as refusal_says
from services.notify.domain.return_path import names_a_letter
from shared.events import BounceReason

DEAD: Final[frozenset[BounceReason]] = frozenset({"no-such-address", "no-such-domain", "disabled"})
_STATUSES: Final[Mapping[BounceReason, tuple[str, ...]]] = {
    "no-such-address": ("1.1", "1.3", "1.10"),
    "no-such-domain": ("1.2", "4.4", "4.310"),
    "disabled": ("1.6",),
    "blocked": ("1.7", "1.8"),
    "mailbox-full": ("2.2", "3.1"),
    "too-big": ("2.3", "3.4"),
    "not-reached": ("4.1", "4.2", "4.3", "4.5", "4.7"),
}
_OF_STATUS: Final[Mapping[str, BounceReason]] = {
    status: reason for reason, statuses in _STATUSES.items() for status in statuses
}
"""Without the first digit. What is not here is decided by words: Gmail says 5.2.1 also of a mailbox in full use."""
_VAGUE: Final = frozenset({"0.0", "1.0"})
_POLICY: Final = "7."
_STATUS: Final = re.compile(r"(?<![\w.])([45])\.([0-9]{1,3})\.([0-9]{1,3})(?!\w|\.[0-9])")
_CODE: Final = re.compile(r"(?<![\w.])([45][0-9]{2})(?=[ \-#]|$)", re.MULTILINE)
_FOR_GOOD: Final = frozenset({"550", "551", "553"})
"""To RCPT, and without a word more, these speak of the mailbox (RFC 5321, 4.2.3)."""
_DIAGNOSTIC_TYPE: Final = re.compile(r"^\s*[\w-]+;")
_NO_WORD: Final = re.compile(r"@|://|\w\.\w")
_WORD: Final = re.compile(r"[^\W\d_]{2}")


def reason_of(status: str | None, own: str, around: str, sender: str) -> BounceReason:
    """*own*: the server's own words. *around*: where they may be repeated. *sender*: of the letter's envelope."""
    texts = (_telling(own) or own, _telling(around))
    reason = _of_address(status, texts)
    has_code = status is not None or bool(codes_in(own))
    is_in_doubt = reason in DEAD or (reason == "other" and has_code)
    return "blocked" if is_in_doubt and any(_is_of_us(text, status, sender) for text in texts) else reason


def status_in(text: str) -> str | None:
    """The first enhanced code."""
    found = _STATUS.search(text)
    return f"{found[1]}.{found[2]}.{found[3]}" if found else None


def codes_in(text: str) -> list[str]:
    """The reply codes of SMTP."""
    return _CODE.findall(text)


def _telling(text: str) -> str:
    """The lines that have a code or a reason. The others greet, explain, or say whom to ask."""
    return "\n".join(line for line in text.splitlines() if _CODE.search(line) or status_in(line) or _in_words(line))


def _of_address(status: str | None, texts: tuple[str, ...]) -> BounceReason:
    """The code, unless it says nothing, or says "policy" where the words name the mailbox or the waiting."""
    detail = _detail(status)
    words: BounceReason | None = next((found for text in texts if (found := _in_words(text))), None)
    if detail in _OF_STATUS and not (detail == "4.1" and words == "no-such-address"):
        return _OF_STATUS[detail]
    if detail.startswith(_POLICY):
        is_known = words in {"no-such-address", "disabled", "mailbox-full", "too-big"}
        if is_known or (words == "not-reached" and (status or "").startswith("4")):
            return words or "blocked"
        return "blocked"
    if words is None and _FOR_GOOD & set(codes_in(texts[0])) and _is_of_recipient(texts[0], detail):
        return "no-such-address"
    return words or "other"


def _detail(status: str | None) -> str:
    return (status or "0.0.0").partition(".")[2]


def _in_words(text: str) -> BounceReason | None:
    return next((reason for reason, pattern in says.REASONS.items() if pattern.search(text)), None)


def _is_of_recipient(text: str, detail: str) -> bool:
    words = _plain(text)
    is_bare = detail in _VAGUE and _WORD.search(words) is None
    return is_bare or any(names.search(words) for names in (refusal_says.RECIPIENT, refusal_says.GONE))


def _is_of_us(text: str, status: str | None, sender: str) -> bool:
    """The exact code of an address says more than words such as `relay`; words for the sender say more than any."""
    words = _plain(text)
    names_us = names_a_letter(text) or (sender != "" and sender.casefold() in text.casefold())
    if names_us or refusal_says.SENDER.search(words):
        return True
    is_exact = _OF_STATUS.get(_detail(status)) in DEAD
    return not is_exact and refusal_says.US.search(words) is not None


def _plain(text: str) -> str:
    """Without addresses, links and host names: those are no words."""
    said = _DIAGNOSTIC_TYPE.sub("", text)
    return " ".join(word for word in said.split() if not _NO_WORD.search(word))
