"""A file in a mail, and what it is called: in Japanese, on every system and in every mail program.

The name is written three times. `filename*` (RFC 2231) is the standard's, which Gmail, Apple and current Outlook read;
`name` in encoded words is for those who look there, as older Outlook and some web mailers do; `filename` in ASCII is
for the rest. `filename*` stands before `filename`: of two names, simple programs take the first.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import quote

import regex

from services.notify.domain.mail_header import LINE_LENGTH, check_head, encoded_words
from services.notify.domain.pieces import Base64Piece, Pieces

_MOST_BYTES: Final = 120
"""Of what stands for a person or a title in a file name: 40 kanji. The whole name must fit into 255 bytes."""
_FORBIDDEN: Final = re.compile(r'[\\/:*?"<>|]')
"""By Windows, and `/` and `:` by Apple's systems."""
_CHARACTER: Final = regex.compile(r"\X")
_HEAD: Final = ("Content-Type", "Content-Transfer-Encoding", "Content-Disposition")


@dataclass(frozen=True, slots=True)
class FileName:
    """What a file is called, and what it is called where only ASCII is shown."""

    shown: str
    plain: str


def quote_file_name(issued_on: date, addressee: str, quote_no: str) -> FileName:
    """`20261125_御見積書_株式会社見本_K7M2P4XR-1.pdf`: filed by day, in the words of 電子帳簿保存法.

    Without *addressee* where nothing of it can stand in a name.
    """
    parts = (f"{issued_on:%Y%m%d}", "御見積書", in_file_name(addressee), quote_no)
    return FileName(f"{'_'.join(filter(None, parts))}.pdf", f"mitsumori-{quote_no}.pdf")


def titled_file_name(title: str, plain: str) -> FileName:
    """`<title>.pdf`, or *plain* where nothing of the title can stand in a name."""
    name = in_file_name(title)
    return FileName(f"{name}.pdf" if name else plain, plain)


def in_file_name(text: str) -> str:
    """As much of *text* as Windows, macOS, iOS and Android take in the name of a file, in whole characters.

    Nothing that is invisible or turns the direction of writing, no dot or blank at either end.
    """
    composed = unicodedata.normalize("NFC", text)
    seen = "".join(
        "" if unicodedata.category(sign)[0] == "C" else " " if unicodedata.category(sign)[0] == "Z" else sign
        for sign in composed
    )
    kept, room = "", _MOST_BYTES
    for character in _CHARACTER.findall(" ".join(_FORBIDDEN.sub("_", seen).split()).strip(". ")):
        room -= len(character.encode())
        if room < 0:
            break
        kept += character
    return kept.strip(". ")


def pdf_part(name: FileName, content: bytes) -> Pieces:
    """A PDF as it stands in a mail. Raises `Invalid` (broken-head)."""
    if name.shown == name.plain:
        kind, names = [], [f'filename="{name.plain}"']
    else:
        words = "\r\n ".join(encoded_words(name.shown, room=LINE_LENGTH - len(' name="";')))
        kind, names = [f'name="{words}"'], [*_extended(name.shown), f'filename="{name.plain}"']
    head = "\r\n".join(
        (
            ";\r\n ".join(("Content-Type: application/pdf", *kind)),
            "Content-Transfer-Encoding: base64",
            ";\r\n ".join(("Content-Disposition: attachment", *names)),
        )
    ).encode("ascii")
    check_head(head, _HEAD)
    return (head + b"\r\n\r\n", Base64Piece(content))


def _extended(name: str) -> Iterator[str]:
    """*name* as `filename*`, in numbered parts where it does not fit into a line. No character is parted."""
    parts, part = [], "UTF-8''"
    for sign in name:
        encoded = quote(sign, safe="-._~")
        if len(part) + len(encoded) > LINE_LENGTH - len(" filename*10*=;"):
            parts.append(part)
            part = ""
        part += encoded
    if not parts:
        yield f"filename*={part}"
        return
    yield from (f"filename*{number}*={part}" for number, part in enumerate([*parts, part]))
