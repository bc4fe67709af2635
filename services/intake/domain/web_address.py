"""Whether a text holds an address of the web or of a mailbox, as a reader and a mail program would see it.

That is in one width, without blanks around the dots, with Latin letters where others look like them. What mail programs
make a link of ends in a name that IANA has given out. 価格.com is a name, because nothing Latin stands before the dot.
So is booking.com Japan株式会社, but a mail program would make a link of it, so staff look.
"""

import re
from typing import Final

from services.intake.domain.endings import ENDINGS

_MAILBOXES: Final = "gmail|yahoo|outlook|hotmail|icloud|docomo|ezweb|softbank"
_ADDRESS: Final = re.compile(
    r"h(?:tt|xx|\*\*)ps?\W{0,4}[:/]|[a-z]{2,9}://|(?<![a-z0-9])(?:www[. ]|https? )[a-z0-9]"
    r"|[a-z0-9]@[a-z0-9-]{1,63}\.[a-z]"
    r"|(?<![a-z0-9-])[a-z0-9-]{1,63}\.(?:co|com|org|net|ac|ne|or|go)\.[a-z]{2}(?![a-z0-9-])"
    rf"|(?:@|アット(?:マーク)? ?|(?<= )at )(?:{_MAILBOXES})|(?<![a-z0-9:/])//[a-z]|<[a-z/]|\]\(|javascript:"
    r"|mailto:|xn--"
    # Any ending with a path behind it.
    r"|[a-z0-9][a-z0-9-]{0,62}\.[a-z]{2,24}(?::[0-9]{2,5})?/[a-z0-9?#+@_-]"
    r"|[a-z0-9\u3040-\u30ff\u4e00-\u9fff]\.[a-z]{2,24}/[a-z0-9?#+@_-]"
    # Behind kanji it is a lot: 霞が関3.1.1.201.
    r"|(?<![\w.])[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}(?![\w.])"
    r"|[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}[:/]"
)
_DOMAIN: Final = re.compile(
    r"(?<![a-z0-9-])(?!(?<=株式会社)[a-z0-9-]{1,63}\.ai(?![a-z0-9-]))([a-z0-9-]{1,63})"
    r"\.(?!(?:co|ltd|llc)[.,]|inc(?![a-z])|ai株式会社)(?=([a-z\u00df-\u00ff]{3,24}|[a-z]{2}(?!\.[a-z]))(?![a-z0-9-]))"
)
"""Mihon.Co.,Ltd., 株式会社Laboro.AI, Spiral.AI株式会社 and salon.de.Bloom are names of companies."""
_COMMON: Final = frozenset({"com", "net", "org", "jp", "info", "biz", "xyz"})
"""Endings that count behind whatever stands there. J.Style and T.Garage are names of shops."""
_PRODUCTS: Final = frozenset({"asp.net", "ado.net", "vb.net", "microsoft.net"})
_SHORT: Final = frozenset(
    {"co", "inc", "corp", "ltd", "pte", "pvt", "pty", "mr", "mrs", "ms", "dr", "st", "mt", "no", "po", "vol", "ver"}
    | {"de", "la", "le", "dept", "div", "sec", "bldg"}
)
"""Mt.Fuji, salon.de.Bloom, Dr.Media: what stands before a dot in a name."""
_OTHER_SCRIPT: Final = re.compile(
    # Behind г. stands the name of a town. Nobody but a domain has a dot within the scripts below.
    r"\.(?:(?<=[\w\u0900-\u0e7f-]\.)(?<!\bг\.)(?=([^\W\d_a-z][\w\u0900-\u0e7f]{1,23})(?![\w.]))"
    r"|(?<=[\u0590-\u08ff]{2}\.)[\u0590-\u08ff]{2}|(?<=[\u0900-\u0e7f]{2}\.)[\u0900-\u0e7f]{2})"
)
_LOOK_ALIKES: Final = str.maketrans("абвеіјкмнорстухѕԁԛԝһӏαβεικνορτυχ", "abbeijkmhopctyxsdqwhlabeiknoptux")
"""Cyrillic and Greek letters that are drawn as Latin ones."""
_DOTS: Final = re.compile(
    r" {0,3}(?:[.。\u00b7\u06d4\u16eb\u2022\u2027\u2219\u22c5\u25cf\u2e31\u2e33\ua4f8\ua78f]"
    r"|[\u30fb,](?=(?:com|net|org|jp|info|biz|xyz|(?:co|ne|or)[.\u30fb,]jp)(?![a-z]))|-dot-"
    r"|(?<= )dot(?= )|(?:ドット|どっと|点|ピリオド)(?= ?[a-z]))"
    # Behind the dot of an abbreviation stands a blank: Sales Dept. Tokyo.
    r"(?=[a-z]| {1,3}(?:com|net|org|jp)(?![a-z0-9])) {0,3}"
    r"| {1,3}\. {1,3}(?=[a-z])| {0,3}[\[({](?:\.|dot|ドット)[\])}] {0,3}(?=[a-z])"
    # NFKC makes a blank and a mark of U+02D9. Behind a comma stand legal forms, and in addresses the names of towns.
    r"| \u0307(?=[a-z])|(?<=[a-z0-9]) dot (?=[a-z]{3,24}(?![a-z0-9 ]))"
    r"|(?<=[a-z0-9]),(?!(?:inc|ltd|llc|corp|tokyo|osaka|kyoto|nagoya|yokohama|okinawa)(?![a-z]))"
    r"(?=[a-z]{3,24}(?![\w. -]))"
    r"|(?<=[a-z0-9]) {1,3}(?:ドット|ピリオド) {1,3}(?=[a-z]|コム)|(?<=[a-z0-9]) {1,3}(?=ドットコム(?!\w))"
)
_MARK: Final = re.compile(r"[^\w ()&'-]")
_WORD: Final = re.compile("dot|www|http|ドット|どっと|ピリオド|点|アット| at |xn--|\ua4f8|\ua78f")
"""Every address has a mark or one of these words. Two patterns, because `re` then looks for first letters only."""
_IN_WORDS: Final = re.compile(r"(?<=\.)(?:ドット)?コム(?!\w)")
_SPACED_OUT: Final = re.compile(r"(?<![a-z0-9])([a-z0-9]) (?=[a-z0-9](?![a-z0-9]))")
"""e v i l . c o m."""
_ATS: Final = re.compile(r" {0,3}[\[({](?:@|at|アット)[\])}] {0,3}")


def latin(text: str) -> str:
    """*text*, folded by NFKC and case, with Latin letters for those that look like them, and no blanks within words."""
    return _SPACED_OUT.sub(r"\1", text.translate(_LOOK_ALIKES))


def holds_address(text: str) -> bool:
    """Whether *text*, as `latin` gives it, holds an address."""
    if not (_MARK.search(text) or _WORD.search(text)):
        return False
    joined = _ATS.sub("@", _IN_WORDS.sub("com", _DOTS.sub(".", text)))
    if _ADDRESS.search(joined):
        return True
    return "." in joined and any(_is_domain(label, ending) for label, ending in _DOMAIN.findall(joined))


def holds_foreign_domain(text: str) -> bool:
    """Whether *text*, folded by NFKC and case, holds a domain whose ending is not Latin."""
    return "." in text and any(found[1] is None or found[1] in ENDINGS for found in _OTHER_SCRIPT.finditer(text))


def _is_domain(label: str, ending: str) -> bool:
    if ending in _COMMON:
        return f"{label}.{ending}" not in _PRODUCTS
    # An ending of two letters is a country's: et.al is Latin.
    return ending in ENDINGS and label not in _SHORT and len(label) > (1 if len(ending) > len("jp") else 2)
