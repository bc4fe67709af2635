"""Files that this process may not read, also where tests run as root: for what commands say to another user."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_NOBODY = 65534
_ROOT = 0


@contextmanager
def folder_of_all() -> Iterator[Path]:
    """A folder that every user can read, and what is made in it: pytest's is its owner's alone."""
    mask = os.umask(0o022)
    try:
        with tempfile.TemporaryDirectory() as name:
            Path(name).chmod(0o755)
            yield Path(name)
    finally:
        os.umask(mask)


@contextmanager
def as_another_user(secret: Path) -> Iterator[None]:
    """Nobody but root can read *secret* meanwhile, and this process is not root."""
    mode, user = secret.stat().st_mode, os.geteuid()
    secret.chmod(0)
    if user == _ROOT:
        os.seteuid(_NOBODY)
    try:
        yield
    finally:
        os.seteuid(user)
        secret.chmod(mode)
