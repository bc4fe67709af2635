"""Secrets that are derived from a reader's private keys: of hashes and of links in mails, which outlive the keys.

When a private key is retired (docs/adr/0034-rotating-keys.md), its secrets stay, as `<reader>-<number>.derived`. They
open no parcel, and without them the links in old mails and what was hashed would be worth nothing.
"""

import base64
import hashlib
import json
from pathlib import Path
from typing import Final, Literal, get_args

from shared.runtime.key_files import key_files, number_of, read_key

Purpose = Literal["desk-search", "brochure-links", "dead-addresses", "news-links", "news-mailboxes", "return-path"]
"""What a secret is for: one that is not named here would be lost with its key."""
ENDING: Final = "derived"
_BYTES: Final = 32


def derived_keys(folder: Path, reader: str, purpose: Purpose) -> dict[str, bytes]:
    """A secret of 32 bytes from each key of *reader*, by the key's id, the oldest first; another for each *purpose*.

    Nothing that is made with one opens a parcel. Raises `FileNotFoundError` when there is no private key, and
    `ValueError` when a file is broken.
    """
    paths = key_files(folder, reader, "key")
    if not paths:
        raise FileNotFoundError(f"no {reader}-<number>.key in {folder}; `mitsumori keys new` makes one")
    kept = {path.stem: _read(path, purpose) for path in key_files(folder, reader, ENDING)}
    found = kept | {path.stem: _derived(read_key(path), purpose) for path in paths}
    return {key_id: found[key_id] for key_id in sorted(found, key=lambda key_id: number_of(key_id, reader) or 0)}


def to_keep(secret: bytes) -> str:
    """The content of the `.derived` file that takes the place of this private key."""
    return json.dumps({name: base64.b64encode(_derived(secret, name)).decode() for name in get_args(Purpose)})


def _derived(secret: bytes, purpose: Purpose) -> bytes:
    return hashlib.blake2b(key=secret, person=purpose.encode("ascii"), digest_size=_BYTES).digest()


def _read(path: Path, purpose: Purpose) -> bytes:
    try:
        found = base64.b64decode(json.loads(path.read_text("ascii"))[purpose], validate=True)
    except (OSError, ValueError, KeyError, TypeError):
        found = b""
    if len(found) != _BYTES:
        raise ValueError(f"{path} lacks the secret {purpose}: 32 bytes in base64") from None
    return found
