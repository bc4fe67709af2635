"""What only this service reads again, encrypted at rest with the desk's key, like the parcels that it is sent.

Whoever has a copy of the database has neither the keys of second steps nor what staff had typed.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nacl.public import PrivateKey

from shared.events import Content, Parcel
from shared.runtime.key_files import key_files, read_key
from shared.runtime.parcels import ParcelOpener, Sealer, load_parcel_opener

_DESK = "desk"


class DeskBox:
    """Seals with the newest key of the desk, and opens with each."""

    def __init__(self, sealer: Sealer, opener: ParcelOpener) -> None:
        self._sealer = sealer
        self._opener = opener

    def seal(self, content: Mapping[str, Any]) -> dict[str, str]:
        """*content*, as it is stored."""
        return self._sealer.seal(_DESK, content).model_dump()

    def open(self, stored: Mapping[str, str]) -> Content:
        """What was sealed. Raises `Invalid`: unknown-key, broken-parcel."""
        return self._opener.open(Parcel.model_validate(stored))


def load_desk_box(folder: Path) -> DeskBox:
    """With the `desk-<number>.key` files in *folder*. Raises `FileNotFoundError`, `ValueError`."""
    opener = load_parcel_opener(folder, _DESK)
    newest = key_files(folder, _DESK, "key")[-1]
    return DeskBox(Sealer({_DESK: (newest.stem, PrivateKey(read_key(newest)).public_key)}), opener)
