"""The head of a mail, written byte by byte.

Python's email package takes the text of an address header apart again: in some versions a name that holds an encoded
word with a line end wrote headers and the body of our mail. Here a stranger's text is base64 from its first to its last
letter (RFC 2047), and the finished head is checked before anybody sees it.
"""

import re
import unicodedata
from base64 import b64encode
from collections.abc import Iterator, Sequence
from typing import Final

from shared.errors import Invalid

LINE_LENGTH: Final = 76
"""The longest line with an encoded word (RFC 2047, 2)."""
_FRAME: Final = len("=?utf-8?b??=")
_VISIBLE_AS: Final = {"Cc": " ", "Zl": " ", "Zp": " ", "Cf": "", "Cs": ""}
_PLAIN: Final = re.compile("[A-Za-z0-9 .,()+/:!-]{1,60}")
"""What may stand in a header as it is. Everything else is encoded."""
_DOT_ATOM: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*", re.ASCII)
_HEADER_LINE: Final = re.compile(rb"([!-9;-~]+): [ -~]+")


def one_line(text: str) -> str:
    """*text* as one visible line: line ends and control characters become spaces, invisible marks are removed.

    It holds no encoded word either: what looks like the beginning of one is parted, because some programs decode it
    wherever it stands.
    """
    visible = "".join(_VISIBLE_AS.get(unicodedata.category(character), character) for character in text)
    return " ".join(visible.split()).replace("=?", "= ?")


def text_header(name: str, text: str) -> bytes:
    """A header that holds any text: `Subject`."""
    return _folded(name, [text] if _PLAIN.fullmatch(text) else list(encoded_words(text, room=_beside(name))))


def address_header(name: str, shown: str, address: str) -> bytes:
    """A header that holds one address, with a name to show unless that is empty: `From`, `To`, `Reply-To`."""
    on_the_wire = quoted_address(address)
    if not shown:
        return _folded(name, [on_the_wire])
    words = [f'"{shown}"'] if _PLAIN.fullmatch(shown) else list(encoded_words(shown, room=_beside(name)))
    return _folded(name, [*words, f"<{on_the_wire}>"])


def plain_header(name: str, value: str) -> bytes:
    """A header whose value is ours, on one line."""
    return f"{name}: {value}\r\n".encode("ascii")


def quoted_address(address: str) -> str:
    """*address* as SMTP and a header need it: `"a..b"@docomo.ne.jp` (RFC 5321, 4.1.2)."""
    local, _, domain = address.rpartition("@")
    return address if _DOT_ATOM.fullmatch(local) or local.startswith('"') else f'"{local}"@{domain}'


def check_head(head: bytes, names: Sequence[str]) -> None:
    """Raise `Invalid` (broken-head) unless *head* has exactly the headers *names*, in their order, in clean lines.

    It looks at the bytes and trusts no parser.
    """
    lines = head.removesuffix(b"\r\n").replace(b"\r\n ", b" ").split(b"\r\n")
    matches = [_HEADER_LINE.fullmatch(line) for line in lines]
    written = [match[1].decode("ascii") for match in matches if match]
    if len(written) != len(lines) or written != list(names):
        raise Invalid("broken-head")


def encoded_words(text: str, *, room: int) -> Iterator[str]:
    """*text* in base64, no character parted, in words that fill a line each; for the first there is *room*.

    Programs ignore the blank between two encoded words (RFC 2047, 6.2), so each blank of *text* is inside one.
    """
    word = b""
    for character in text:
        encoded = character.encode()
        if len(word) + len(encoded) > (room - _FRAME) // 4 * 3:
            yield _framed(word)
            word, room = b"", LINE_LENGTH - len(" ")
        word += encoded
    yield _framed(word)


def _beside(name: str) -> int:
    """The room that is left of the line that begins with a header's *name*."""
    return LINE_LENGTH - len(name) - len(": ")


def _framed(word: bytes) -> str:
    return f"=?utf-8?b?{b64encode(word).decode('ascii')}?="


def _folded(name: str, words: Sequence[str]) -> bytes:
    lines, line = [], f"{name}:"
    for position, word in enumerate(words):
        # The first stays beside the name: some programs drop a header whose first line is empty.
        if position and len(line) + 1 + len(word) > LINE_LENGTH:
            lines.append(line)
            line = ""
        line = f"{line} {word}"
    return "\r\n".join([*lines, line]).encode("ascii") + b"\r\n"
