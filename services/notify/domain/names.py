"""How letters and papers name those who asked: one title each, and only what is a name.

People type a title into the field for a name (「ヤマダ タロウ 様」), and our texts put one behind it. Strangers type a
message there, because our mail repeats it to an address that nobody has confirmed. intake looks for messages and
holds such requests back; here only the shape is asked, so that what nobody noticed is not repeated either.
"""

import re
import unicodedata
from typing import Final

from shared.events.parcels import Contact

NOBODY: Final = "ご担当者"
"""For whoever reads it, where there is no name."""

_PERSONS_TITLE: Final = re.compile(
    r" ?[(（]?(?:様|樣|さま|サマ|ｻﾏ|御中|各位|先生|さん|(?<= )(?:サン|ｻﾝ|殿|氏)|(?<=\S\S)(?:殿|氏))[)）]?[。、.,]?$"
)
"""鵜殿 is a family name, and サン the end of foreign ones: titles behind a blank, 殿 also behind two letters."""
_COMPANYS_TITLE: Final = re.compile(
    r" ?[(（]?(?:御中|各位|(?<![王神客皆])(?:様|樣)|(?<= )(?:さま|さん|殿|先生|宛))[)）]?[。、.,]?$"
)
_LONGEST_COMPANY: Final = 60
_LONGEST_PERSON: Final = 40
_MOST_HIRAGANA: Final = 20
"""Names have a few; more is a sentence."""
_HIRAGANA: Final = re.compile("[ぁ-ん]")
_NO_NAME: Final = re.compile(
    # What a mail program makes a link of, a telephone number, a sentence, a finger that points somewhere, a lure.
    r"//|www\.|@|\w ?\.[a-z]{2}| \. |[0-9](?:[ ().,/\u00b7\u2010-\u2015\u2212\u30fb\u30fc-]{0,3}[0-9]){6}|[。?→⇒►▶☞👉]"
    # A name to look for elsewhere (evil888, evil_x, Teams ID), or where to write to (Signalで相談).
    r"|[^a-z]!|[a-z0-9]_| [a-z]{3,20}[0-9]{2}|(?<![a-z0-9])id(?:[ :=は]|$)|[a-z] ?で|(?:連絡|追加)$"
    r"|です|ます|ました|ません|ください|下さい|ましょう"
    r"|おめでとう|当選|無料|クリック|検索|congratulat|winner|click here"
)


def person_name(text: str) -> str:
    """*text*, which is one line, without the titles at its end; `NOBODY` when nothing else is left."""
    return _without(_PERSONS_TITLE, text) or NOBODY


def company_name(text: str) -> str:
    """*text*, which is one line, without the titles at its end; unchanged when nothing else is left."""
    return _without(_COMPANYS_TITLE, text) or text


def shown_company(contact: Contact) -> str:
    """The company, where a header or a salutation may show it, or else nothing."""
    return contact.company if _is_name(contact.company, _LONGEST_COMPANY) else ""


def shown_person(contact: Contact) -> str:
    """The person with 様, where a header may show it, or else nothing."""
    return f"{contact.person} 様" if _is_name(contact.person, _LONGEST_PERSON) else ""


def salutation(contact: Contact) -> str:
    """The first lines of a mail to the contact. They name nobody when one of the names is no name."""
    company, person = shown_company(contact), shown_person(contact)
    return f"{company}\n{person}" if company and person else f"{NOBODY}様"


def _without(title: re.Pattern[str], text: str) -> str:
    while text != (shorter := title.sub("", text)):
        text = shorter
    return text


def _is_name(text: str, longest: int) -> bool:
    folded = unicodedata.normalize("NFKC", text).casefold()
    is_short = 0 < len(text) <= longest and len(_HIRAGANA.findall(folded)) <= _MOST_HIRAGANA
    return is_short and _NO_NAME.search(folded) is None
