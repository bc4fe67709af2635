"""The databases of the services as a command of the operator opens them, without a service."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, TypeAlias

from pymongo import MongoClient
from pymongo.errors import ConfigurationError, PyMongoError

from shared.errors import Invalid, Unavailable

Ledgers: TypeAlias = "MongoClient[dict[str, Any]]"
_TIMEOUT_MS: Final = 5_000


def request_called(name: str) -> dict[str, Any]:
    """Finds the request with this 受付番号 or id among those of intake."""
    return {"$or": [{"reception_no": name.strip().upper()}, {"_id": name.strip()}]}


@contextmanager
def open_ledgers(mongo: str) -> Iterator[Ledgers]:
    """Open them for the block. Raises `Invalid` (mongo-address) or `Unavailable` (mongo)."""
    options: dict[str, Any] = {
        "serverSelectionTimeoutMS": _TIMEOUT_MS,
        "tz_aware": True,
        "datetime_conversion": "DATETIME_AUTO",
        "unicode_decode_error_handler": "replace",
    }
    try:
        client: Ledgers = MongoClient(mongo, **options)
    except (ConfigurationError, ValueError):
        # What the library says may quote a part of the password.
        raise Invalid("mongo-address") from None
    try:
        with client:
            yield client
    except PyMongoError:
        raise Unavailable("mongo") from None
