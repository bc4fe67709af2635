"""`Companies` from a SQLite file: five million names, found without a server, a network or memory of their own.

The file is never changed: an import writes another and renames it. So each look-up opens it anew, which costs 0.1 ms,
and every process sees a new list at once. Docs: docs/adr/0027-companies.md.
"""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from services.intake.domain.company import Company
from shared.errors import Unavailable

LAYOUT: Final = 1
"""The version of the tables; kept in the file as SQLite's `user_version`."""
_COLUMNS: Final = "number, name, reading, postal_code, place"
_BY_NUMBER: Final = f"SELECT {_COLUMNS} FROM companies WHERE number = ?"  # noqa: S608  # our own words
_BEGINNING: Final = (
    "SELECT * FROM (SELECT {columns}, {key} AS own FROM companies"
    " WHERE {key} >= ? AND {key} < ? ORDER BY {key} LIMIT ?) ORDER BY length(own), own, number"
)
_BY_KEY: Final = _BEGINNING.format(columns=_COLUMNS, key="key")
_BY_READING: Final = _BEGINNING.format(columns=_COLUMNS, key="reading_key")
_AFTER_ALL: Final = "\U0010ffff"
"""Behind every character that a key has."""


class SqliteCompanies:
    """*path* may be None, or of a file that is not there (yet): then nothing is known."""

    def __init__(self, path: Path | None) -> None:
        self._path = path

    def are_known(self) -> bool:
        return self._path is not None and self._path.is_file()

    async def numbered(self, number: str) -> Company | None:
        found = await asyncio.to_thread(self._read, (int(number),), _BY_NUMBER)
        return found[0] if found else None

    async def beginning(self, key: str, most: int) -> tuple[Company, ...]:
        found = await asyncio.to_thread(self._read, (key, key + _AFTER_ALL, most), _BY_KEY, _BY_READING)
        return tuple({company.number: company for company in found}.values())

    def _read(self, values: tuple[Any, ...], *questions: str) -> list[Company]:
        if self._path is None:
            return []
        with opened(self._path) as database:
            return [_company(row) for question in questions for row in database.execute(question, values)]


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """The list at *path*, to read. Raises `Unavailable`."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            if database.execute("PRAGMA user_version").fetchone() != (LAYOUT,):
                raise Unavailable("companies")
            yield database
    except sqlite3.Error as error:
        raise Unavailable("companies") from error


def _company(row: tuple[int, str, str, str, str]) -> Company:
    number, name, reading, postal_code, place = row[:5]
    return Company(number=f"{number:013}", name=name, reading=reading, postal_code=postal_code, place=place)
