"""The text of a cell as the person who typed it sees it."""

import re
import unicodedata
from datetime import date, datetime


def normalized(text: str) -> str:
    """*text* without full-width digits and letters, and without the spaces around it."""
    return unicodedata.normalize("NFKC", text).strip()


def as_text(typed: object) -> str:
    """Whatever is in a cell, as the text that a person sees."""
    if isinstance(typed, datetime):
        return typed.date().isoformat()
    if isinstance(typed, date):
        return typed.isoformat()
    if isinstance(typed, float) and typed.is_integer():
        return str(int(typed))
    return "" if typed is None else re.sub(r"\r\n?", "\n", str(typed)).strip()


def one_line(text: str) -> str:
    """*text* with one space wherever there are spaces or line ends."""
    return " ".join(text.split())
