"""A file that only one secret key opens, written and read as a stream, of which nothing can be changed unseen.

A line in plain text says what it is and for which key; then come blocks of libsodium's secretstream
(XChaCha20-Poly1305). Each block is bound to its place and to the line, and the last one says that it is: what is cut
off, put elsewhere, exchanged or added is found.
"""

import base64
import json
from collections.abc import Iterator, Mapping
from typing import BinaryIO, Final, Protocol

from nacl import bindings as sodium
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from shared.errors import Invalid

BLOCK: Final = 2**20
"""Bytes of content in every block but the last."""
_OVERHEAD: Final = sodium.crypto_secretstream_xchacha20poly1305_ABYTES
_FINAL: Final = sodium.crypto_secretstream_xchacha20poly1305_TAG_FINAL
_MESSAGE: Final = sodium.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
_MAGIC: Final = "mitsumori-backup"
_FORMAT: Final = 1
_LONGEST_LINE: Final = 4_096

Told = Mapping[str, str]
"""What anybody may read of a file without a key."""


class Writable(Protocol):
    """Takes bytes."""

    def write(self, content: bytes, /) -> object:
        """Add *content*."""
        ...


class SealingWriter:
    """Writes to *file* for the holder of the key called *key_id*. *told* is in the first line, in plain."""

    def __init__(self, file: Writable, key_id: str, public: PublicKey, told: Told) -> None:
        key = sodium.crypto_secretstream_xchacha20poly1305_keygen()
        self._state = sodium.crypto_secretstream_xchacha20poly1305_state()
        start = sodium.crypto_secretstream_xchacha20poly1305_init_push(self._state, key)
        head = {
            "what": _MAGIC,
            "format": _FORMAT,
            "key": key_id,
            **told,
            "box": base64.b64encode(SealedBox(public).encrypt(key)).decode("ascii"),
            "start": base64.b64encode(start).decode("ascii"),
        }
        self._line = json.dumps(head).encode("ascii") + b"\n"
        self._file = file
        self._waiting = bytearray()
        file.write(self._line)

    def write(self, content: bytes) -> None:
        """Add *content*; it is on its way once a block is full."""
        self._waiting += content
        while len(self._waiting) > BLOCK:
            self._push(bytes(self._waiting[:BLOCK]), _MESSAGE)
            del self._waiting[:BLOCK]

    def finish(self) -> None:
        """Write what waits as the last block. Without this call the file is one that was cut off."""
        self._push(bytes(self._waiting), _FINAL)

    def _push(self, block: bytes, tag: int) -> None:
        self._file.write(sodium.crypto_secretstream_xchacha20poly1305_push(self._state, block, ad=self._line, tag=tag))


def told_by(file: BinaryIO) -> Told:
    """The first line of *file*. Nobody has checked it yet. Raises `Invalid` (no-backup, newer-backup)."""
    return _head(file)[1]


def opened(file: BinaryIO, keys: Mapping[str, PrivateKey]) -> Iterator[bytes]:
    """The content of *file*, block by block, each checked. *keys*: id → key.

    Raises `Invalid`: no-backup, newer-backup, other-key, or broken-backup; the latter also after blocks that were good.
    """
    line, head = _head(file)
    if head.get("key") not in keys:
        raise Invalid("other-key")
    state = sodium.crypto_secretstream_xchacha20poly1305_state()
    try:
        key = SealedBox(keys[head["key"]]).decrypt(base64.b64decode(head["box"], validate=True))
        start = base64.b64decode(head["start"], validate=True)
        sodium.crypto_secretstream_xchacha20poly1305_init_pull(state, start, key)
    except CryptoError:
        raise Invalid("other-key") from None
    except (KeyError, TypeError, ValueError):
        raise Invalid("broken-backup") from None
    is_last = False
    while not is_last:
        block, tag = _pulled(state, file.read(BLOCK + _OVERHEAD), line)
        is_last = tag == _FINAL
        yield block
    if file.read(1):
        raise Invalid("broken-backup")


def _pulled(state: sodium.crypto_secretstream_xchacha20poly1305_state, sealed: bytes, line: bytes) -> tuple[bytes, int]:
    try:
        block, tag = sodium.crypto_secretstream_xchacha20poly1305_pull(state, sealed, ad=line)
    except (CryptoError, ValueError):
        raise Invalid("broken-backup") from None
    return block, tag


def _head(file: BinaryIO) -> tuple[bytes, Told]:
    line = file.readline(_LONGEST_LINE)
    try:
        head = json.loads(line)
        known = isinstance(head, dict) and head.get("what") == _MAGIC
    except ValueError:
        known = False
    if not known:
        raise Invalid("no-backup")
    if head.get("format") != _FORMAT:
        raise Invalid("newer-backup")
    return line, head
