"""The addresses that call a customer or begin a mail to them: what they typed must not become another address."""

import re
import unicodedata
from typing import Final
from urllib.parse import quote

from shared.mail_address import is_mail_address

_PHONE: Final = re.compile(r"\+?[0-9]{6,15}")
_BETWEEN: Final = re.compile(r"[\s().\-‐−ー]")


def phone_link(phone: str) -> str:
    """`tel:0312345678`; empty for what is no number."""
    digits = _BETWEEN.sub("", unicodedata.normalize("NFKC", phone))
    return f"tel:{digits}" if _PHONE.fullmatch(digits) else ""


def mail_link(email: str) -> str:
    """`mailto:hanako@canary.example.jp`; empty for what is no address. Nothing in it begins a subject or a copy."""
    return f"mailto:{quote(email, safe='@')}" if is_mail_address(email) else ""
