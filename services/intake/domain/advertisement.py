"""Whether a name or an address is used to carry a message to somebody else's mailbox.

What is typed as company or person is repeated in a mail that the agency sends to an address which nobody has
confirmed. A false alarm only makes the mails wait until staff have looked, but it must be rare. What an address is,
an invitation to go on elsewhere, and a message in words, `web_address`, `invitation` and `lure` say.

Messages in other languages and in words that no rule knows (Payment failed, 恭喜您中奖, 給付金) are let go here: there
is no end to them. The text of a mail does not repeat them all the same, because notify greets by name only what looks
like a name.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from services.intake.domain.invitation import asks_to_write, invites
from services.intake.domain.lure import is_sentence, tells
from services.intake.domain.web_address import holds_address, holds_foreign_domain, latin

_BETWEEN: Final = r"[^0-9a-zぁ-\u306d\u306f-ヺ一-\u5c3f\u5c41-\u7569\u756b-\u9fff]{0,3}"
"""Whatever is no letter, between groups of figures (090★1234=5678), or one of の局番."""
_TELEPHONE: Final = re.compile(
    # Ten figures, or seven behind a plus. Thirteen in a row are a 法人番号.
    rf"(?:\+{_BETWEEN}[0-9]|(?<![0-9])(?![0-9]{{13}}(?![0-9]))(?:[0-9]{_BETWEEN}){{3}}[0-9])(?:{_BETWEEN}[0-9]){{6}}"
)
_ZERO: Final = re.compile("[0+〇零○◯]")
_KANJI_FIGURES: Final = str.maketrans("〇零○◯一二三四五六七八九壱弐参", "0000123456789123")
_ODD_FIGURE: Final = re.compile("[\u2460-\u24ff\u2776-\u2793\U0001f100-\U0001f10c]")
_KEYCAPS: Final = dict.fromkeys((0x20E3, 0xFE0F))
"""They make keys of the figures before them."""
_FIRST_AND_LAST: Final = re.compile("[A-Z][a-z]+[.][A-Z][a-z]{2,}(?<!Com)(?<!Net)(?<!Org)(?<!Info)(?<!Biz)(?<!Xyz)")
"""Taro.Suzuki: the ending is one that IANA has given out."""
_GOES_ON: Final = re.compile("[0-9a-z@]")
"""In the second half of an account, an address or a number. Most departments and persons have none."""
_MAY_BE_ADDRESS: Final = re.compile(r"[a-z@<.\u0370-\u0e7f\uac00-\ud7a3]")
"""Most names hold none of this, and need not be looked at further."""


def is_advertisement(names: Iterable[str], places: Iterable[str], person: str = "") -> bool:
    """Whether one of *names* (company, department), *places* (address, building) or *person* carries a message.

    The names are read one behind the other as well: 「LINE」 and 「evil888」 stand in two lines of one mail.
    """
    person = "" if _FIRST_AND_LAST.fullmatch(person) else person
    names, places = [_folded(text) for text in (*names, person) if text], [_folded(text) for text in places]
    # A department stands between a company and a person in the form, but not in the mail.
    goes_on = any(_GOES_ON.search(text) for text in names[1:])
    joined = {" ".join(names), " ".join((names[0], names[-1]))} if goes_on else set[str]()
    return (
        any(_has_telephone(text) or _leads_elsewhere(text) for text in (*names, *joined))
        or any(is_sentence(text) or asks_to_write(latin(text)) for text in names)
        or any(_leads_elsewhere(text) for text in places)
        or any(tells(text) for text in (*names, *places))
    )


def _has_telephone(text: str) -> bool:
    return bool(_ZERO.search(text) and _TELEPHONE.search(text.translate(_KANJI_FIGURES)))


def _leads_elsewhere(text: str) -> bool:
    if not _MAY_BE_ADDRESS.search(text):
        return invites(text)
    plain = latin(text)
    return holds_address(plain) or invites(plain) or holds_foreign_domain(text)


def _folded(text: str) -> str:
    # NFKC leaves ❶ and ⓵ as they are.
    plain = _ODD_FIGURE.sub(lambda found: str(unicodedata.digit(found[0], found[0])), text)
    return unicodedata.normalize("NFKC", plain.translate(_KEYCAPS)).casefold()
