"""How letters and papers name those who asked: one title each, and only what is a name.

People type a title into the field for a name (「ヤマダ タロウ 様」), and our texts put one behind it. Strangers type a
message there, because our mail repeats it to an address that nobody has confirmed. intake looks for messages and
holds such requests back, but no list of bad words is ever complete. So a mail to the contact repeats only what looks
like a name. The others read ご担当者様, which harms nobody: the paper still bears what was typed.
"""

import re
from typing import Final

from services.notify.domain.name_shape import is_company, is_person, is_short_text
from shared.events.parcels import Contact

NOBODY: Final = "ご担当者"
"""For whoever reads it, where there is no name."""

_PERSONS_TITLE: Final = re.compile(
    r" ?[(（]?(?:様|樣|さま|サマ|ｻﾏ|御中|各位|先生|さん|(?<= )(?:殿|氏)|(?<=\S\S\S)殿)[)）]?[。、.,]?$"
)
"""五十殿 and 中村一氏 are names: 氏 is a title behind a blank, 殿 also behind three letters. サン is never one."""
_COMPANYS_TITLE: Final = re.compile(
    r" ?[(（]?(?:御中|各位"
    r"|(?:(?<=[ 社店所院園校局部課室事業組])|(?<=ター)|(?<=法人))(?:様|樣)"
    r"|(?<= )(?:さま|さん|殿|先生|宛))[)）]?[。、.,]?$"
)
"""株式会社おかげ様 and 縞模様 are names; behind 会社, 商事 or 店 it is a title."""


def person_name(text: str) -> str:
    """*text*, which is one line, without the titles at its end; `NOBODY` when nothing else is left."""
    return _without(_PERSONS_TITLE, text) or NOBODY


def company_name(text: str) -> str:
    """*text*, which is one line, without the titles at its end; unchanged when nothing else is left."""
    return _without(_COMPANYS_TITLE, text) or text


def shown_company(contact: Contact) -> str:
    """The company, where a header of a mail to the desk may show it, or else nothing."""
    return contact.company if is_short_text(contact.company) else ""


def named_company(contact: Contact) -> str:
    """The company, where the name of a file in a mail to the contact may show it, or else nothing."""
    return contact.company if is_company(contact.company) else ""


def shown_person(contact: Contact) -> str:
    """The person with 様, where a mail to the contact may show it, or else nothing."""
    return f"{contact.person} 様" if contact.person == NOBODY or is_person(contact.person) else ""


def salutation(contact: Contact) -> str:
    """The first lines of a mail to the contact. They name nobody when one of the names does not look like one."""
    person = shown_person(contact)
    company = named_company(contact)
    return f"{company}\n{person}" if person and company else f"{NOBODY}様"


def _without(title: re.Pattern[str], text: str) -> str:
    while text != (shorter := title.sub("", text)):
        text = shorter
    return text
