"""`CompanyList`: writes the SQLite file that `SqliteCompanies` reads, beside the present one, and renames it.

A crash at any moment leaves the list before. The indexes are made last, by SQLite's own sorting on disk: memory does
not grow with the number of companies.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Final

from services.intake.adapters.companies import LAYOUT, opened
from services.intake.domain.company import Company
from shared.errors import Invalid, Unavailable
from shared.name_keys import name_key

_GROUP: Final = 10_000
_TABLE: Final = """
CREATE TABLE companies (
    number INTEGER NOT NULL, key TEXT NOT NULL, reading_key TEXT,
    name TEXT NOT NULL, reading TEXT NOT NULL, postal_code TEXT NOT NULL, place TEXT NOT NULL
)"""
_SETTINGS: Final = (
    # Nobody reads the file yet, and what was half written is thrown away: no journal is needed.
    *("PRAGMA journal_mode = OFF", "PRAGMA synchronous = OFF", "PRAGMA locking_mode = EXCLUSIVE"),
    *("PRAGMA cache_size = -65536", f"PRAGMA user_version = {LAYOUT}", _TABLE),
)
_ADD: Final = "INSERT INTO companies VALUES (?, ?, ?, ?, ?, ?, ?)"
_REPEATED: Final = """
DELETE FROM companies WHERE rowid IN
    (SELECT one.rowid FROM companies one JOIN companies other ON one.number = other.number AND one.rowid < other.rowid)
"""
_INDEXES: Final = (
    "CREATE INDEX by_key ON companies (key)",
    "CREATE INDEX by_reading ON companies (reading_key) WHERE reading_key IS NOT NULL",
)


class SqliteCompanyList:
    """The list at *path*."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def count(self) -> int:
        if not self._path.is_file():
            return 0
        try:
            with opened(self._path) as database:
                return int(database.execute("SELECT count(*) FROM companies").fetchone()[0])
        except Unavailable:
            return 0  # Of another version, or damaged: nothing is lost with it.

    @contextmanager
    def new(self) -> Iterator["NewSqliteList"]:
        beside = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            beside.unlink(missing_ok=True)
            with closing(sqlite3.connect(beside, isolation_level=None)) as database:
                yield NewSqliteList(database, beside, self._path)
        except (OSError, sqlite3.Error) as error:
            raise Invalid(f"{self._path} に書き込めません（{error}）。") from error
        finally:
            with suppress(OSError):
                beside.unlink(missing_ok=True)


class NewSqliteList:
    """A list in *beside*, until it is renamed to *path*."""

    def __init__(self, database: sqlite3.Connection, beside: Path, path: Path) -> None:
        self._database, self._beside, self._path = database, beside, path
        self._waiting: list[tuple[int, str, str | None, str, str, str, str]] = []
        for statement in _SETTINGS:
            database.execute(statement)
        database.execute("BEGIN")

    def add(self, company: Company) -> None:
        key, reading_key = name_key(company.name), name_key(company.reading)
        # A name in kana is found by itself.
        read = reading_key if reading_key and reading_key != key else None
        words = (company.name, company.reading, company.postal_code, company.place)
        self._waiting.append((int(company.number), key, read, *words))
        if len(self._waiting) == _GROUP:
            self._write()

    def close(self) -> tuple[int, int]:
        self._write()
        self._database.execute("CREATE INDEX by_number ON companies (number)")
        repeated = self._database.execute(_REPEATED).rowcount
        for statement in _INDEXES:
            self._database.execute(statement)
        self._database.execute("COMMIT")
        return int(self._database.execute("SELECT count(*) FROM companies").fetchone()[0]), repeated

    def publish(self) -> None:
        self._database.close()
        with self._beside.open("rb") as written:
            os.fsync(written.fileno())
        self._beside.replace(self._path)

    def _write(self) -> None:
        self._database.executemany(_ADD, self._waiting)
        self._waiting.clear()
