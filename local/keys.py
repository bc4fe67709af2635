"""The key files behind the parcels: each service's folder holds the keys that it needs and no others.

Intake, which faces the public, gets public keys only (docs/adr/0003-parcels.md).
"""

import os
import shutil
from pathlib import Path
from typing import Final

from services.registry import SERVICES
from shared.runtime.parcels import new_key_pair

SERVICE_OF_READER: Final = {service.opens: service.name for service in SERVICES if service.opens}
"""For each reader (`rating`, `notify`, `desk`) the service that opens its parcels."""
WRITERS: Final = {
    reader: tuple(service.name for service in SERVICES if reader in service.seals_for) for reader in SERVICE_OF_READER
}
"""For each reader the services that seal parcels for it."""


def ensure_keys(folder: Path) -> None:
    """Make the first keys in *folder*. Where it has some, give public ones to services that have come to need them."""
    if folder.is_dir():
        _make_folders(folder)
        for reader in SERVICE_OF_READER:
            for path in sorted(folder.glob(f"*/{reader}-*.pub")):
                _distribute(folder, reader, path.stem, path.read_text("ascii"))
        return
    unfinished = folder.with_name(f"{folder.name}.part")
    shutil.rmtree(unfinished, ignore_errors=True)
    add_keys(unfinished)
    # Renamed when complete: a launcher that is killed before leaves nothing that the next start would use.
    unfinished.rename(folder)


def add_keys(folder: Path) -> list[str]:
    """Add a new pair of keys for every reader. Returns their ids.

    Writers seal with the new public keys from their next start. Readers need no start: they read the new secret key
    when the first parcel sealed for it arrives. They keep the old ones, and so still open older parcels.
    """
    pairs = {reader: new_key_pair(reader, _next_number(folder, reader)) for reader in SERVICE_OF_READER}
    _make_folders(folder)
    # Secret keys first: nothing may be sealed with a key that its reader does not have yet.
    for reader, pair in pairs.items():
        _write(folder / SERVICE_OF_READER[reader] / f"{pair.id}.key", pair.secret)
    for reader, pair in pairs.items():
        _distribute(folder, reader, pair.id, pair.public)
    return [pair.id for pair in pairs.values()]


def _make_folders(folder: Path) -> None:
    """One for each service, also for one that needs no key: its settings name the folder."""
    for service in SERVICES:
        (folder / service.name).mkdir(parents=True, exist_ok=True, mode=0o700)


def _distribute(folder: Path, reader: str, key_id: str, public: str) -> None:
    """Write a public key for every service that seals for *reader* and does not have it yet."""
    for writer in WRITERS[reader]:
        path = folder / writer / f"{key_id}.pub"
        if not path.exists():
            _write(path, public)


def _next_number(folder: Path, reader: str) -> int:
    numbers = [int(path.stem.rpartition("-")[2]) for path in folder.glob(f"*/{reader}-*")]
    return max(numbers, default=0) + 1


def _write(path: Path, content: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(content)
