"""The key files: those of the parcels (docs/adr/0003-parcels.md) and those of the signatures (0015-who-is-who.md).

Each service's folder holds the keys that it needs and no others. Intake, which faces the public, gets public keys only.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from local.passwords import write_private
from services.registry import SERVICES
from shared.errors import Invalid
from shared.runtime.key_files import key_files
from shared.runtime.parcels import new_key_pair, public_key_of
from shared.runtime.signatures import new_signing_key_pair, public_half


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyKind:
    """The pairs of one owner: files `<owner>-<number>.<ending>`, of which only its own service has the secret half."""

    owner: str
    """The reader whose parcels it opens (`rating`, `notify`, `desk`), or the service that signs with it."""
    held_as: str
    given_as: str
    """The endings of the secret file and of the public one."""
    holder: str
    """The service with the secret half."""
    others: tuple[str, ...]
    """The services with the public half."""
    signs: bool
    """The secret half writes and the public ones read; with parcels it is the other way round."""
    public_of: Callable[[str], str]
    """The public half that belongs to a secret half."""
    make: Callable[[int], str]
    """The secret half of a new pair with this number."""

    @property
    def writers(self) -> tuple[str, ...]:
        """The services that use a new pair only from their next start. Readers take it up when they first meet it."""
        return (self.holder,) if self.signs else self.others


def _parcel_keys(reader: str, holder: str) -> KeyKind:
    return KeyKind(
        owner=reader,
        held_as="key",
        given_as="pub",
        holder=holder,
        others=tuple(service.name for service in SERVICES if reader in service.seals_for),
        signs=False,
        public_of=public_key_of,
        make=lambda number: new_key_pair(reader, number).secret,
    )


def _signing_keys(service: str) -> KeyKind:
    return KeyKind(
        owner=service,
        held_as="sign",
        given_as="verify",
        holder=service,
        others=tuple(reader.name for reader in SERVICES if service in reader.trusts),
        signs=True,
        public_of=public_half,
        make=lambda number: new_signing_key_pair(service, number).secret,
    )


KINDS: Final = (
    *(_parcel_keys(service.opens, service.name) for service in SERVICES if service.opens),
    *(_signing_keys(service.name) for service in SERVICES if service.signs),
)


@dataclass(frozen=True, slots=True)
class NewKey:
    """A pair that was made."""

    id: str
    kind: KeyKind


def ensure_keys(folder: Path) -> list[NewKey]:
    """Make the pairs that *folder* does not have, and copy public halves to services that have come to need them.

    Folders live longer than versions, and a service does not start without a key that it needs. A lost secret key of
    parcels is not replaced: it may be in a backup, and what was sealed for it needs it.
    """
    if folder.is_dir():
        return _complete(folder)
    unfinished = folder.with_name(f"{folder.name}.part")
    shutil.rmtree(unfinished, ignore_errors=True)
    made = add_keys(unfinished)
    # Renamed when complete: a launcher that is killed before leaves nothing that the next start would use.
    unfinished.rename(folder)
    return made


def add_keys(folder: Path) -> list[NewKey]:
    """Add a new pair of every kind. Older ones stay: what was sealed or signed with them is still read."""
    _make_folders(folder)
    return [add_pair(folder, kind) for kind in KINDS]


def _complete(folder: Path) -> list[NewKey]:
    _make_folders(folder)
    made = []
    for kind in KINDS:
        if not _files(folder, kind, kind.held_as) and (kind.signs or not _files(folder, kind, kind.given_as)):
            made.append(add_pair(folder, kind))
        for secret in _files(folder, kind, kind.held_as):
            hand_out(folder, kind, secret)
    return made


def hand_out(folder: Path, kind: KeyKind, secret: Path) -> None:
    """Write the public half of the *secret* file for every service that needs it and lacks it, or has it broken.

    Raises `Invalid`, with a sentence for the operator, when the secret itself is broken.
    """
    try:
        public = kind.public_of(secret.read_text("ascii"))
    except (TypeError, ValueError):  # PyNaCl has both for a wrong length.
        mend = "削除すると、次の起動で新しい鍵が作られます" if kind.signs else "バックアップから戻してください"
        raise Invalid(f"鍵のファイル {secret} が壊れています。{mend}。") from None
    _distribute(folder, kind, secret.stem, public)


def add_pair(folder: Path, kind: KeyKind) -> NewKey:
    """Add a new pair of this kind, with the next number."""
    known = _files(folder, kind, kind.held_as) + _files(folder, kind, kind.given_as)
    number = max((int(path.stem.rpartition("-")[2]) for path in known), default=0) + 1
    key_id, secret = f"{kind.owner}-{number}", kind.make(number)
    # Whoever writes comes last: nothing may be sealed or signed with a key that its readers do not have yet.
    if not kind.signs:
        write_private(folder / kind.holder / f"{key_id}.{kind.held_as}", secret)
    _distribute(folder, kind, key_id, kind.public_of(secret))
    if kind.signs:
        write_private(folder / kind.holder / f"{key_id}.{kind.held_as}", secret)
    return NewKey(key_id, kind)


def _make_folders(folder: Path) -> None:
    """One for each service, also for one that needs no key: its settings name the folder."""
    for service in SERVICES:
        (folder / service.name).mkdir(parents=True, exist_ok=True, mode=0o700)


def _distribute(folder: Path, kind: KeyKind, key_id: str, public: str) -> None:
    for service in kind.others:
        path = folder / service / f"{key_id}.{kind.given_as}"
        if not path.exists() or path.read_bytes() != public.encode():
            write_private(path, public)


def _files(folder: Path, kind: KeyKind, ending: str) -> list[Path]:
    return [path for own in sorted(folder.iterdir()) for path in key_files(own, kind.owner, ending)]
