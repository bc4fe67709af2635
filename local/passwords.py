"""Passwords that the launcher makes for the servers behind the services: one a name, random, kept for later starts."""

import json
import os
import re
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from shared.errors import Invalid
from shared.runtime.named_files import SUFFIX, secret_in


def ensure_passwords(path: Path, names: Iterable[str]) -> dict[str, str]:
    """The passwords of *names* in the file *path*, which its owner alone can read; those that are missing are made.

    None of them needs to be quoted in a URL or in a configuration file. Raises `Invalid` when the file is broken.
    """
    try:
        known: dict[str, str] = json.loads(path.read_text("ascii")) if path.exists() else {}
    except ValueError:
        raise Invalid(
            f"パスワードのファイル {path} が壊れています。削除すると、次の起動で新しく作り直されます。"
        ) from None
    missing = [name for name in names if name not in known]
    if missing:
        known |= {name: secrets.token_urlsafe(32) for name in missing}
        write_private(path, json.dumps(known, indent=2))
    return known


def write_private(path: Path, text: str) -> None:
    """Write a whole file that only its owner can read, or none: a crash leaves the one from before."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = path.with_name(f"{path.name}.part")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())  # Else a power cut may leave the new name with nothing in it.
    unfinished.rename(path)


def secret_of_container(name: str) -> str | None:
    """The setting *name* from the file that its variable names, or else from the folder of secrets of the container.

    None where there is neither. Raises `Invalid` where it cannot be read.
    """
    variable = f"MITSUMORI_{name.upper()}{SUFFIX}"
    if named := os.environ.get(variable):
        try:
            return secret_in(Path(named))
        except ValueError as reason:
            raise Invalid(f"{variable} {reason}") from None
    folder = os.environ.get("MITSUMORI_KEYS")
    path = Path(folder or "no-such-folder") / f"mitsumori_{name}"
    with files_of_this_user():
        return path.read_text("utf-8").strip() if path.is_file() else None


@contextmanager
def files_of_this_user() -> Iterator[None]:
    """Raises `Invalid`, which names the file and says what to do, where one belongs to another user."""
    try:
        yield
    except PermissionError as error:
        if error.filename is None:  # It is no file.
            raise
        raise Invalid(f"{error.filename} を読めません。サービスと同じ利用者で実行してください。") from None


def masked(uri: str) -> str:
    """*uri* without its password."""
    return re.sub(r"//([^:/@]*):.*@", r"//\1:***@", uri)


def is_masked(uri: str) -> bool:
    """Whether its password was taken out."""
    return ":***@" in uri
