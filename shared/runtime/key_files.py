"""The files of the keys with which parcels are opened and signatures checked: `<owner>-<number>.<ending>`.

Operators copy them by hand, so one may be empty, cut short or somebody's own note. A file that is broken never keeps
the others from being read, and is named; what it holds is never shown.
"""

import base64
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final, TypeVar

import structlog

log = structlog.get_logger(__name__)

_KEY_BYTES: Final = 32
"""Of every key of X25519 and Ed25519, secret or public (RFC 7748, RFC 8032)."""
_LONGEST_NUMBER: Final = 9
_Key = TypeVar("_Key")


def key_files(folder: Path, owner: str, ending: str) -> list[Path]:
    """The key files of *owner* in *folder*, the oldest first; without somebody's copies, such as `rating-1-old.key`."""
    of = {path: number_of(path.stem, owner) for path in folder.glob(f"{owner}-*.{ending}")}
    return sorted((path for path in of if of[path] is not None), key=lambda path: of[path] or 0)


def number_of(key_id: str, owner: str) -> int | None:
    """Which key of *owner* it is; None when it is none of theirs. Whoever wrote a record has chosen the id in it."""
    name, _, number = key_id.rpartition("-")
    return int(number) if name == owner and number.isdecimal() and len(number) <= _LONGEST_NUMBER else None


def read_key(path: Path) -> bytes:
    """The key in the file at *path*. Raises `ValueError`, which names the file, when there is none in it."""
    try:
        key = base64.b64decode(path.read_text("ascii").strip(), validate=True)
    except (OSError, ValueError):
        key = b""
    if len(key) != _KEY_BYTES:
        # Without the error before it, which may quote what the file holds.
        raise ValueError(f"{path} is no key file: 32 bytes in base64") from None
    return key


def whole_keys(paths: Iterable[Path], make: Callable[[bytes], _Key]) -> dict[str, _Key]:
    """The keys in the files at *paths*, by their ids. A broken file is left out, and the operator is told."""
    keys = {}
    for path in paths:
        try:
            keys[path.stem] = make(read_key(path))
        except ValueError:
            log.warning("key file is broken", path=str(path))
    return keys
