"""The pair of keys of backups: the public half seals them on the server, the secret half opens them elsewhere."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from nacl.public import PrivateKey, PublicKey

from local.passwords import write_private
from shared.errors import Invalid
from shared.runtime.key_files import key_files, read_key
from shared.runtime.parcels import new_key_pair

OWNER: Final = "backup"


def add_backup_key(folder: Path) -> tuple[Path, Path]:
    """Add the next pair to *folder*: the files of its public and of its secret half. Older ones stay."""
    known = [*key_files(folder, OWNER, "pub"), *key_files(folder, OWNER, "key")]
    pair = new_key_pair(OWNER, max((int(path.stem.rpartition("-")[2]) for path in known), default=0) + 1)
    public, secret = folder / f"{pair.id}.pub", folder / f"{pair.id}.key"
    write_private(secret, pair.secret)
    write_private(public, pair.public)
    return public, secret


def public_key(path: Path) -> tuple[str, PublicKey]:
    """The key in the file at *path*, with its id. Raises `Invalid` (no-public-key)."""
    try:
        if path.suffix == ".pub":
            return path.stem, PublicKey(read_key(path))
    except ValueError:
        pass
    # Also for a secret half: it has no business on the server, and with it sealing would be for nobody.
    raise Invalid("no-public-key")


def secret_keys(path: Path) -> Mapping[str, PrivateKey]:
    """The key in the file at *path*, or all in that folder, by their ids. Raises `Invalid` (no-secret-key)."""
    paths = key_files(path, OWNER, "key") if path.is_dir() else [path]
    try:
        found = {one.stem: PrivateKey(read_key(one)) for one in paths if one.suffix == ".key"}
    except ValueError:
        found = {}
    if not found:
        raise Invalid("no-secret-key")
    return found
