"""How typed text is tidied. Any usual way of typing is accepted: nobody is asked to type full-width characters.

Names and addresses are never put through NFKC or NFC: both replace characters that people are called by
(㈱ becomes (株), the old form of 神 becomes the new one). `soft` changes only what is safe to change.
"""

import re
import unicodedata
from typing import Final

from email_validator import EmailNotValidError, validate_email
from phonenumbers import NumberParseException, is_possible_number, parse

_HYPHENS: Final = r"\u2010-\u2015\u2212\u2500\u2501\u30fc\uff0d\uff70\ufe63\-"
_SPLIT_DAKUTEN: Final = re.compile("[\u3041-\u30ff][\u3099\u309a]")
_WIDE_ALPHANUMERIC: Final = re.compile("[０-９Ａ-Ｚａ-ｚ]")
_WIDE_FIGURE: Final = re.compile("[０-９．，]")
_NARROW_KANA: Final = re.compile("[\uff61-\uff9f]+")
_HYPHEN_IN_NUMBER: Final = re.compile(f"(?<=[0-9])[{_HYPHENS}](?=[0-9])")
_BLANKS: Final = re.compile("[ \t\u3000]+")
_EXTENSION: Final = re.compile("(内線|ext).*$", re.IGNORECASE)
_INVISIBLE_EDGE: Final = " \u200b\ufeff"
# Control characters, surrogates, line separators; and U+FFFD, which says that an encoding went wrong on the way.
_NEVER_TEXT: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})


def soft(text: str) -> str:
    """For names and addresses: full-width letters, half-width kana and blanks are tidied, everything else stays."""
    text = _SPLIT_DAKUTEN.sub(lambda match: unicodedata.normalize("NFC", match[0]), text)
    text = _WIDE_ALPHANUMERIC.sub(lambda match: chr(ord(match[0]) - 0xFEE0), text)
    text = _NARROW_KANA.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)
    text = _HYPHEN_IN_NUMBER.sub("-", text)
    return _BLANKS.sub(" ", text).strip(_INVISIBLE_EDGE)


def soft_lines(text: str) -> str:
    """`soft`, line by line, with the line ends of a browser made plain."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(soft(line) for line in lines).strip()


def narrow(text: str) -> str:
    """For mail, phone and postal code: one width only, nothing around it."""
    return unicodedata.normalize("NFKC", text).strip(_INVISIBLE_EDGE + "\t")


def is_text(text: str) -> bool:
    """False when it holds what no keyboard types: control characters, lone surrogates, broken encoding."""
    return not any(unicodedata.category(char) in _NEVER_TEXT or char == "\ufffd" for char in text)


def email(text: str) -> str | None:
    """The address as it will be written to; None when no mail could reach it."""
    try:
        address = validate_email(narrow(text), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return None
    # A Japanese domain has an ASCII form, which every mail server understands.
    return address.ascii_email


def phone(text: str) -> str | None:
    """The number as typed, extension included, in one width; None when it cannot be a phone number.

    Only what is impossible is refused: which numbers are in use changes every month.
    """
    typed = re.sub(f"[{_HYPHENS}]", "-", narrow(text))
    try:
        number = parse(_EXTENSION.sub("", typed), "JP")
    except NumberParseException:
        return None
    return _BLANKS.sub(" ", typed) if is_possible_number(number) else None


def postal_code(text: str) -> str | None:
    """`100-0013`; None unless there are seven digits."""
    digits = re.sub(f"[{_HYPHENS}〒 ]", "", narrow(text))
    return f"{digits[:3]}-{digits[3:]}" if re.fullmatch("[0-9]{7}", digits) else None


def digits(text: str) -> str:
    """The figure without separators and blanks.

    Full-width figures are converted one by one: NFKC would make 102 of 10².
    """
    typed = _WIDE_FIGURE.sub(lambda match: chr(ord(match[0]) - 0xFEE0), text.strip(_INVISIBLE_EDGE + "\t"))
    return re.sub(r"[,、\s]", "", typed)
