"""The bytes of a letter as they are kept: sealed, so that a copy of the database shows no name and no premium.

Each letter has a key of its own, which is sealed for notify in the shape of a parcel. So `mitsumori keys reseal` and
`retire` find it like any other, and seal 32 bytes anew where a letter has 100,000 (docs/adr/0035-sealed-letters.md).
"""

import base64
import zlib
from binascii import b2a_base64
from pathlib import Path
from typing import Any, Final

import bson
from nacl.exceptions import CryptoError
from nacl.public import SealedBox
from nacl.secret import Aead
from nacl.utils import random

from services.notify.domain.letter import Letter
from services.notify.domain.pieces import Base64Piece, Pieces, SharedPiece
from shared.errors import Invalid
from shared.events import Parcel
from shared.runtime.adapters.mongo import Document
from shared.runtime.key_files import key_files
from shared.runtime.parcels import ParcelOpener, load_parcel_opener

SEAL: Final = "seal"
"""The field with the sealed key. Beside the bytes, which are left out by whoever looks for sealed keys."""
_READER: Final = "notify"
_PDF: Final = b"%PDF-"
_LEVEL: Final = 1
"""Of zlib: 6 takes half as long again, for 6 % less."""

KeptPiece = bytes | Document
"""Bytes as they are sent; `base64`, which are sent encoded; or the hash of what is `shared`."""


class LetterSeals:
    """Seals letters with the newest key, and opens those of every key. No bytes can be moved to another letter."""

    def __init__(self, opener: ParcelOpener, newest: str) -> None:
        """*newest*: the id of one of *opener*'s keys. Raises `UnknownKey`."""
        self._opener = opener
        self._newest = newest
        self._box = SealedBox(opener.key_of(Parcel(key=newest, box="")).public_key)

    def fields_of(self, letter: Letter, content: Pieces) -> Document:
        """The fields of its document that hold *content*; of what letters share, its hash."""
        key = random(Aead.KEY_SIZE)
        sealed = Aead(key).encrypt(_packed(content), _about(letter.id, letter.kind))
        box = b2a_base64(self._box.encrypt(key), newline=False).decode("ascii")
        # In `pieces`, which a version before empties as well when it forgets a letter.
        return {SEAL: {"key": self._newest, "box": box}, "pieces": [{"sealed": bytes(sealed)}]}

    def pieces_of(self, document: Document) -> list[KeptPiece]:
        """The pieces in a letter's *document*, also in one that a version before has not sealed.

        Raises `LookupError` where they were forgotten, `UnknownKey`, and `Invalid` (broken-letter).
        """
        # The first versions kept every letter whole.
        kept: list[KeptPiece] = document.get("pieces") or [document["content"]]
        first = kept[0]
        if isinstance(first, bytes) or "sealed" not in first:
            return kept
        try:
            seal = Parcel.model_validate(document.get(SEAL))
            key = SealedBox(self._opener.key_of(seal)).decrypt(base64.b64decode(seal.box, validate=True))
            packed = Aead(key).decrypt(first["sealed"], _about(document["_id"], document["kind"]))
        except (CryptoError, KeyError, TypeError, ValueError):
            raise Invalid("broken-letter") from None
        return _unpacked(packed)


def load_letter_seals(folder: Path) -> LetterSeals:
    """With every key of notify in *folder*. Raises as `load_parcel_opener`."""
    opener = load_parcel_opener(folder, _READER)
    return LetterSeals(opener, key_files(folder, _READER, "key")[-1].stem)


def _about(letter_id: str, kind: str) -> bytes:
    return f"{letter_id} {kind}".encode()


def _packed(content: Pieces) -> bytes:
    """Small and compressible what is text: sealed bytes are neither. A PDF is compressed already."""
    pieces: list[KeptPiece] = []
    files: list[bytes] = []
    for piece in content:
        match piece:
            case SharedPiece():
                pieces.append({"shared": piece.sha256})
            case Base64Piece() if piece.content.startswith(_PDF):
                pieces.append({"file": len(files)})
                files.append(piece.content)
            case Base64Piece():
                pieces.append({"base64": piece.content})
            case _:
                pieces.append(piece)
    return bson.encode({"pieces": zlib.compress(bson.encode({"pieces": pieces}), _LEVEL), "files": files})


def _unpacked(packed: bytes) -> list[KeptPiece]:
    found = bson.decode(packed)
    pieces: list[Any] = bson.decode(zlib.decompress(found["pieces"]))["pieces"]
    files = found["files"]
    return [{"base64": files[one["file"]]} if isinstance(one, dict) and "file" in one else one for one in pieces]
