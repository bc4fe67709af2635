"""Whether a name or an address is used to carry a message to somebody else's mailbox.

What is typed as company or person is repeated in a mail that the agency sends to an address which nobody has
confirmed. A false alarm only makes the mails wait until staff have looked, but it must be rare. What an address is,
an invitation to go on elsewhere, and a message in words, `web_address`, `invitation` and `lure` say.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from services.intake.domain.invitation import invites
from services.intake.domain.lure import is_sentence, tells
from services.intake.domain.web_address import holds_address, holds_foreign_domain, latin

_BETWEEN: Final = r"[() .,/_*:|~の局番\u00b7\u2010-\u2015\u2027\u2212\u2500\u301c\u30fb\u30fc-]{0,3}"
"""Whatever looks like a hyphen or a dot between groups of figures."""
_TELEPHONE: Final = re.compile(
    # Ten figures, or seven behind a plus. Thirteen in a row are a 法人番号.
    rf"(?:\+{_BETWEEN}[0-9]|(?<![0-9])(?![0-9]{{13}}(?![0-9]))(?:[0-9]{_BETWEEN}){{3}}[0-9])(?:{_BETWEEN}[0-9]){{6}}"
)
_ZERO: Final = re.compile("[0+〇零○◯]")
_KANJI_FIGURES: Final = str.maketrans("〇零○◯一二三四五六七八九壱弐参", "0000123456789123")
_ODD_FIGURE: Final = re.compile("[\u2460-\u24ff\u2776-\u2793\U0001f100-\U0001f10c]")
_MAY_BE_ADDRESS: Final = re.compile(r"[a-z@<.\u0370-\u0e7f\uac00-\ud7a3]")
"""Most names hold none of this, and need not be looked at further."""


def is_advertisement(names: Iterable[str], places: Iterable[str]) -> bool:
    """Whether one of *names* (company, department, person) or *places* (address, building) carries a message."""
    names, places = [_folded(text) for text in names], [_folded(text) for text in places]
    return any(_has_telephone(text) or is_sentence(text) for text in names) or any(
        _leads_elsewhere(text) or tells(text) for text in (*names, *places)
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
    return unicodedata.normalize("NFKC", plain).casefold()
