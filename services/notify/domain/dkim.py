"""DKIM (RFC 6376): our domain signs a letter, so that its receivers can tell it from one that somebody made up.

The signature is over the bytes that are kept, so every attempt and every copy has the same one. It never expires: a
letter may wait for days. Spaces in the head may change on the way, because relays fold lines anew; the body is base64,
which no relay has a reason to touch.
"""

import hashlib
import re
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from services.notify.domain.pieces import Pieces, sent

Algorithm = Literal["rsa-sha256", "ed25519-sha256"]

_ADDED_BY_NOBODY: Final = ("From", "To", "Reply-To", "Subject")
"""Signed once more than they are there: a second one, which some programs would show, breaks the signature."""
_BLANKS: Final = re.compile(rb"[ \t\r\n]+")
_NAME: Final = re.compile(rb"^([!-9;-~]+):", re.MULTILINE)
_LINE: Final = 72


@dataclass(frozen=True, slots=True)
class DkimKey:
    """A secret key; receivers find the public one in the DNS, under its selector."""

    selector: str
    algorithm: Algorithm
    sign: Callable[[bytes], bytes]
    """Gives the signature of these bytes, by the rules of the algorithm."""


@dataclass(frozen=True, slots=True)
class Dkim:
    """Signs for *domain* with each of *keys*, of which a receiver needs only one. Without keys nothing is signed."""

    domain: str
    keys: tuple[DkimKey, ...]

    def signed(self, letter: Pieces) -> Pieces:
        """*letter* with its signatures before it. The same letter always gets the same ones, of which all heads are."""
        if not self.keys:
            return letter
        head, _, start = sent(letter[0]).partition(b"\r\n\r\n")
        body_hash = _hash_of_body([start, *map(sent, letter[1:])])
        return (b"".join(self._signature(key, head + b"\r\n", body_hash) for key in self.keys), *letter)

    def _signature(self, key: DkimKey, head: bytes, body_hash: str) -> bytes:
        names = [name.decode("ascii") for name in _NAME.findall(head)]
        tags = (
            f"v=1; a={key.algorithm}; c=relaxed/simple; d={self.domain};\r\n s={key.selector};"
            f" h={_folded([*names, *_ADDED_BY_NOBODY])};\r\n bh={body_hash};\r\n b="
        )
        unsigned = f"DKIM-Signature: {tags}".encode("ascii")
        # Its own header is the last, and without a line end (RFC 6376, 3.7).
        data = b"".join(_relaxed(line) + b"\r\n" for line in _headers(head)) + _relaxed(unsigned)
        signature = _base64(key.sign(data))
        lines = [signature[start : start + _LINE] for start in range(0, len(signature), _LINE)]
        return unsigned + "\r\n ".join(lines).encode("ascii") + b"\r\n"


NOT_SIGNED: Final = Dkim("", ())


def _hash_of_body(parts: list[bytes]) -> str:
    """The body ends in one line end, whatever follows its last line (RFC 6376, 3.4.3). It is too large to be joined."""
    *others, last = parts
    digest = hashlib.sha256()
    for part in others:
        digest.update(part)
    digest.update(last.rstrip(b"\r\n") + b"\r\n")
    return _base64(digest.digest())


def _headers(head: bytes) -> list[bytes]:
    return re.split(rb"\r\n(?![ \t])", head.removesuffix(b"\r\n"))


def _relaxed(header: bytes) -> bytes:
    """*header* as it is signed (RFC 6376, 3.4.2): any blanks are one space, and there are none around it."""
    name, _, value = header.partition(b":")
    return name.lower().strip() + b":" + _BLANKS.sub(b" ", value).strip()


def _folded(names: list[str]) -> str:
    half = len(names) // 2
    return ":".join(names[:half]) + ":\r\n " + ":".join(names[half:])


def _base64(content: bytes) -> str:
    return b64encode(content).decode("ascii")
