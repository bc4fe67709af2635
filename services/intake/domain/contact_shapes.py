"""How mail addresses, telephone numbers and postal codes are tidied: what only a contact has.

It stays with intake, because nobody else reads a contact, and the table of all telephone numbers is large.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from email_validator import EmailNotValidError, validate_email

from services.intake.domain import phone_number
from shared.answers.normalise import HYPHENS, LOOSE
from shared.answers.reading import Shape
from shared.answers.visible import visible
from shared.mail_address import is_mail_address

_LONGEST_EMAIL: Final = 254
_LONGEST_PHONE: Final = 50
_LONGEST_POSTAL_CODE: Final = 20
_EMOJI_FORM: Final = re.compile("[\ufe0e\ufe0f\u20e3]")
"""What telephones add to ☎ to show it in colour, and to a figure to show a key."""
_HYPHEN: Final = re.compile(f"[{HYPHENS}]")
_HYPHEN_IN_HOST: Final = re.compile(f"(?<=[0-9A-Za-z])[{HYPHENS}]{{1,4}}(?=[0-9A-Za-z])")
"""Of a keyboard that types Japanese: soーnet is so-net, and スーパー.jp has its long vowels."""


def narrow(text: str) -> str:
    """For mail, phone and postal code: one width only, nothing around it."""
    return unicodedata.normalize("NFKC", visible(text)).strip()


def _has_odd_figures(text: str) -> bool:
    """Whether *text* has raised, circled or other figures that NFKC makes plain: ² is a footnote, ① counts a list."""
    return not text.isascii() and any(unicodedata.category(char) == "No" for char in text)


def email(text: str) -> str | None:
    """The address as its owner knows it, its domain in ASCII; None when no mail could reach it."""
    if len(text) > LOOSE * _LONGEST_EMAIL or _has_odd_figures(text):
        return None
    # What a mail program copies: 見本 太郎 <taro@example.co.jp>, or mailto:taro@example.co.jp.
    typed = narrow(text).removeprefix("mailto:")
    if typed.endswith(">"):
        typed = typed[:-1].rpartition("<")[2]
    name, _, domain = typed.rpartition("@")
    # No mailbox has a long vowel or a dash in its name, so there any of them is a hyphen.
    name = _HYPHEN.sub("-", name)
    domain = _HYPHEN_IN_HOST.sub(lambda found: "-" * len(found[0]), domain)
    if not name or len(name) + len(domain) > _LONGEST_EMAIL:
        return None
    last = domain.replace("。", ".").rpartition(".")[2]
    if not last.isascii() and any(char.isascii() for char in last):
        return None  # a@example.jpです: no country and no other last part of a name mixes the two.
    # Mail programs show an old phone's address in quotes. Its owner does not know it that way.
    if name.startswith('"') and name.endswith('"'):
        name = name[1:-1]
    ascii_domain = _ascii_domain(domain)
    address = f"{name}@{ascii_domain}"
    return address if ascii_domain and is_mail_address(address) else None


@lru_cache(maxsize=1_000)
def _ascii_domain(domain: str) -> str:
    """The ASCII form of a Japanese domain, which every mail server understands; empty for what is no domain.

    Kept for the next one: most customers have their mailbox with one of few providers.
    """
    try:
        return validate_email(f"a@{domain}", check_deliverability=False, allow_smtputf8=False).ascii_domain
    except EmailNotValidError:
        return ""


def phone(text: str) -> str | None:
    """The number as typed, extension included, in one width; None when nobody could dial it."""
    typed = _narrow_phone(text)
    return phone_number.tidied(typed) if typed else None


def holds_phone(text: str) -> bool:
    """Whether a number that can be dialled stands somewhere in *text*, which `phone` refuses."""
    return phone_number.holds_number(_narrow_phone(text))


def _narrow_phone(text: str) -> str:
    """*text* in one width, with plain hyphens; empty if it is too long for a number, or has a footnote."""
    if len(text) > LOOSE * _LONGEST_PHONE or _has_odd_figures(text):
        return ""
    typed = _HYPHEN.sub("-", _EMOJI_FORM.sub("", narrow(text)))
    return typed if len(typed) <= LOOSE * _LONGEST_PHONE else ""


def postal_code(text: str) -> str | None:
    """`100-0013`; None unless there are seven digits."""
    if len(text) > LOOSE * _LONGEST_POSTAL_CODE or _has_odd_figures(text):
        return None
    digits = re.sub(f"[{HYPHENS}〒 ]", "", narrow(text))
    return f"{digits[:3]}-{digits[3:]}" if re.fullmatch("[0-9]{7}", digits) else None


def _says_of_phone(text: str) -> str:
    return "more-than-phone" if holds_phone(text) else "bad-phone"


SHAPES: Final = {
    "email": Shape(email, "bad-email", lambda _text: "bad-email"),
    "tel": Shape(phone, "bad-phone", _says_of_phone),
    "postal_code": Shape(postal_code, "bad-postal-code", lambda _text: "bad-postal-code"),
}
"""For the check of the form (answers.py), by the kind of question."""
