"""Parcels: personal data travels encrypted, in one libsodium sealed box per reader (docs/adr/0003-parcels.md).

A writer has only public keys, so an attacker in its process cannot read what it sealed yesterday.
"""

import base64
import json
from binascii import b2a_base64
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from pydantic import BaseModel
from pydantic_core import to_json

from shared.errors import Invalid
from shared.events import Content, Parcel
from shared.runtime.key_files import key_files, read_key, whole_keys

# A sealed box is as long as its content, and はい is shorter than いいえ: padding hides the answers.
_BLOCK = 512


class UnknownKey(Invalid):
    """The reader has no key called `key` (yet). A record with such a parcel waits for it (delivery.py)."""

    def __init__(self, key: str) -> None:
        super().__init__("unknown-key")
        self.key = key


@dataclass(frozen=True, slots=True)
class KeyPair:
    """The contents of two key files. `id` is `<reader or service>-<number>`; a new pair gets the next number."""

    id: str
    public: str
    secret: str


def new_key_pair(reader: str, number: int) -> KeyPair:
    """A new pair for *reader* (`rating`, `notify` or `desk`)."""
    key = PrivateKey.generate()
    return KeyPair(
        f"{reader}-{number}",
        base64.b64encode(bytes(key.public_key)).decode(),
        base64.b64encode(bytes(key)).decode(),
    )


def public_key_of(secret: str) -> str:
    """The content of the `.pub` file that belongs to the content of a `.key` file."""
    return base64.b64encode(bytes(PrivateKey(base64.b64decode(secret)).public_key)).decode()


class Sealer:
    """Seals parcels for the readers whose public keys it was given: `{reader: (key id, key)}`."""

    def __init__(self, keys: Mapping[str, tuple[str, PublicKey]]) -> None:
        self._boxes = {reader: (key_id, SealedBox(key)) for reader, (key_id, key) in keys.items()}

    def seal(self, reader: str, content: BaseModel | Mapping[str, Any]) -> Parcel:
        """*content*, encrypted so that only *reader* can open it. Raises `KeyError` for a reader without a key.

        Of a model (`shared.events.parcels`) only the fields that were set are sealed.
        """
        key_id, box = self._boxes[reader]
        if isinstance(content, BaseModel):
            content = content.model_dump(mode="json", exclude_unset=True)
        plain = to_json(content)
        padded = plain + b" " * (-len(plain) % _BLOCK)
        return Parcel(key=key_id, box=b2a_base64(box.encrypt(padded), newline=False).decode("ascii"))


class ParcelOpener:
    """Opens the parcels of one reader, also those sealed with its earlier keys: `{key id: key}`.

    *look_again* reads the keys again when a parcel names one that is not known yet: a writer may get a new key before
    its reader is restarted.
    """

    def __init__(
        self, keys: Mapping[str, PrivateKey], look_again: Callable[[], Mapping[str, PrivateKey]] | None = None
    ) -> None:
        self._keys = dict(keys)
        self._look_again = look_again

    def open(self, parcel: Parcel) -> Content:
        """The decrypted content. Raises `UnknownKey`, or `Invalid` (broken-parcel)."""
        key = self.key_of(parcel)
        try:
            content = json.loads(SealedBox(key).decrypt(base64.b64decode(parcel.box, validate=True)))
        except (CryptoError, ValueError, RecursionError):
            raise Invalid("broken-parcel") from None
        if not isinstance(content, dict):
            raise Invalid("broken-parcel")
        return content

    def key_of(self, parcel: Parcel) -> PrivateKey:
        """The key that opens *parcel*. Raises `UnknownKey`."""
        if parcel.key not in self._keys and self._look_again is not None:
            self._keys.update(self._look_again())
        key = self._keys.get(parcel.key)
        if key is None:
            raise UnknownKey(parcel.key)
        return key


def load_sealer(folder: Path, readers: Iterable[str]) -> Sealer:
    """A sealer with the newest `<reader>-<number>.pub` of each of *readers*.

    Raises `FileNotFoundError`; `ValueError` when that one is broken.
    """
    keys = {}
    for reader in sorted(set(readers)):
        paths = key_files(folder, reader, "pub")
        if not paths:
            raise FileNotFoundError(f"no {reader}-<number>.pub in {folder}; `mitsumori keys new` makes one")
        keys[reader] = (paths[-1].stem, PublicKey(read_key(paths[-1])))
    return Sealer(keys)


def load_parcel_opener(folder: Path, reader: str) -> ParcelOpener:
    """An opener with every `<reader>-<number>.key` in *folder*.

    Raises `FileNotFoundError` when there is none, and `ValueError` when one is broken: what was sealed for it could
    not be opened any more. While the process runs, a broken new one only is left out.
    """
    paths = _secret_key_files(folder, reader)
    keys = {path.stem: PrivateKey(read_key(path)) for path in paths}
    return ParcelOpener(keys, look_again=lambda: whole_keys(key_files(folder, reader, "key"), PrivateKey))


def _secret_key_files(folder: Path, reader: str) -> list[Path]:
    paths = key_files(folder, reader, "key")
    if not paths:
        raise FileNotFoundError(f"no {reader}-<number>.key in {folder}; `mitsumori keys new` makes one")
    return paths
