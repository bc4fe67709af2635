"""The folder with the data of everything that the launcher starts. The data survive restarts."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from local.children import CannotStart

_FOR_THE_OWNER = 0o700
_NOT_FOR_OTHERS = 0o077


@dataclass(frozen=True, slots=True)
class DataFolder:
    """The paths inside the folder, and its lock."""

    path: Path

    @property
    def keys(self) -> Path:
        """The key files: a folder for each service."""
        return self.path / "keys"

    @property
    def maildir(self) -> Path:
        """Where the mailbox keeps its mails."""
        return self.path / "maildir"

    @property
    def bounces(self) -> Path:
        """The Maildir of the return path: reports of letters that did not arrive."""
        return self.path / "bounces"

    @property
    def companies(self) -> Path:
        """The list of companies, once it was imported."""
        return self.path / "companies.sqlite"

    @property
    def run_file(self) -> Path:
        """Addresses and process ids, for other programs, while the system is up."""
        return self.path / "run.json"

    @property
    def password_file(self) -> Path:
        """The first staff account's password."""
        return self.path / "staff-password.txt"

    def log(self, service: str) -> Path:
        """The log file of one service."""
        return self.path / "logs" / f"{service}.log"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other launchers and other users out of the folder; the kernel unlocks it however this process ends.

        It holds mails, keys and the ledgers. What this process and its children write in the meantime is for this user
        alone. Raises `CannotStart` when another one has it.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True, mode=_FOR_THE_OWNER)
            self.path.chmod(_FOR_THE_OWNER)  # An earlier version let everybody look in.
            descriptor = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise CannotStart(f"データフォルダ {self.path} を使えません: {error.strerror}") from None
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise CannotStart(
                    f"データフォルダ {self.path} は、動作中の別の mitsumori が使っています。"
                    "それを停止するか、--data で別のフォルダを指定してください。"
                ) from None
            before = os.umask(_NOT_FOR_OTHERS)
            try:
                yield
            finally:
                os.umask(before)
        finally:
            os.close(descriptor)
