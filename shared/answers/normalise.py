"""How typed text is tidied. Any usual way of typing is accepted: nobody is asked to type full-width characters.

Names and addresses are never put through NFKC or NFC: both replace characters that people are called by
(㈱ becomes (株), the old form of 神 becomes the new one). `soft` changes only what is safe to change.
A text that is too long is refused by its length before anything else looks at it: NFKC makes up to 18 characters of
one, and nobody's answer may cost more than it is worth.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from email_validator import EmailNotValidError, validate_email

from shared.answers import phone_number
from shared.answers.visible import UNSEEN_LINE_ENDS, visible
from shared.kanji_forms import RADICALS
from shared.mail_address import is_mail_address

LOOSE: Final = 4
"""How many times its longest length a text may have as typed, with all that is tidied away."""
_LONGEST_EMAIL: Final = 254
_LONGEST_PHONE: Final = 50
_LONGEST_POSTAL_CODE: Final = 20
_HYPHENS: Final = r"\u02d7\u2010-\u2015\u2043\u2212\u2500\u2501\u30fc\uff0d\uff70\ufe63\-"
_SPLIT_DAKUTEN: Final = re.compile("[\u3041-\u30ff][\u3099-\u309c]")
_SPLIT_LATIN: Final = re.compile("[A-Za-z\u00c0-\u024f][\u0300-\u033f\u0342\u0345-\u036f]{1,4}")
_SPLIT_HANGUL: Final = re.compile("[\u1100-\u1112][\u1161-\u1175][\u11a8-\u11c2]?")
_SPACING_DAKUTEN: Final = {0xFF9E: "\u309b", 0xFF9F: "\u309c"}
_ALWAYS: Final = {**_SPACING_DAKUTEN, **RADICALS}
"""A radical is a sign of dictionaries that looks like its kanji: nobody's name has it, and no search finds it."""
_COMBINING_DAKUTEN: Final = {0x309B: "\u3099", 0x309C: "\u309a"}
_WIDE_ALPHANUMERIC: Final = re.compile("[０-９Ａ-Ｚａ-ｚ]")
_NARROW_KANA: Final = re.compile("[\uff61-\uff9d]+")
_HYPHEN_IN_NUMBER: Final = re.compile(f"(?<=[0-9])[{_HYPHENS}](?=[0-9])")
_EMOJI_FORM: Final = re.compile("[\ufe0e\ufe0f\u20e3]")
"""What telephones add to ☎ to show it in colour, and to a figure to show a key."""
_HYPHEN: Final = re.compile(f"[{_HYPHENS}]")
_HYPHEN_IN_HOST: Final = re.compile(f"(?<=[0-9A-Za-z])[{_HYPHENS}]{{1,4}}(?=[0-9A-Za-z])")
"""Of a keyboard that types Japanese: soーnet is so-net, and スーパー.jp has its long vowels."""
_BLANKS: Final = re.compile(" {2,}")
_TIDY: Final = re.compile(
    "(?:[!-~\u3005-\u3007\u3041-\u3096\u30a1-\u30fb\u30fd\u30fe\u4e00-\u9fff]|\u30fc(?![0-9])|(?<!^) (?! |$))*"
)
"""Most names and addresses: kana, kanji and ASCII, with single blanks within and no long vowel before a figure."""


def soft(text: str) -> str:
    """For names and addresses: full-width letters, half-width kana and blanks are tidied, everything else stays."""
    if _TIDY.fullmatch(text):
        return text
    return _soft(visible(UNSEEN_LINE_ENDS.sub(" ", text))).strip()


def soft_lines(text: str) -> str:
    """`soft`, line by line, with every kind of line end made plain."""
    return "\n".join(_soft(line) for line in visible(text).split("\n")).strip()


def _soft(text: str) -> str:
    if not text.isascii():
        text = _NARROW_KANA.sub(_nfkc, text.translate(_ALWAYS))
        text = _SPLIT_DAKUTEN.sub(_composed, text)
        text = _SPLIT_LATIN.sub(_nfc, text)
        text = _SPLIT_HANGUL.sub(_nfc, text)
        text = _WIDE_ALPHANUMERIC.sub(lambda match: chr(ord(match[0]) - 0xFEE0), text)
        text = _HYPHEN_IN_NUMBER.sub("-", text)
    return _BLANKS.sub(" ", text).strip(" ")


def _nfkc(match: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", match[0])


def _nfc(match: re.Match[str]) -> str:
    return unicodedata.normalize("NFC", match[0])


def _composed(match: re.Match[str]) -> str:
    """One kana with its dakuten, where there is such a kana; か with a small circle has no character of its own."""
    one = unicodedata.normalize("NFC", match[0].translate(_COMBINING_DAKUTEN))
    return one if len(one) == 1 else match[0]


def narrow(text: str) -> str:
    """For mail, phone and postal code: one width only, nothing around it."""
    return unicodedata.normalize("NFKC", visible(text)).strip()


def _has_odd_figures(text: str) -> bool:
    """Whether *text* has raised, circled or other figures that NFKC makes plain: ² is a footnote, ① counts a list."""
    return not text.isascii() and any(unicodedata.category(char) == "No" for char in text)


def is_empty(text: str) -> bool:
    """Whether nothing of *text*, once tidied, can be seen: blanks, or marks that belong to no letter."""
    return not any(unicodedata.category(char)[0] in "LNPSC" for char in text)


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
    digits = re.sub(f"[{_HYPHENS}〒 ]", "", narrow(text))
    return f"{digits[:3]}-{digits[3:]}" if re.fullmatch("[0-9]{7}", digits) else None
