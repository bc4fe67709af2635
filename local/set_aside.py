"""Tells whoever runs the system when a service has set a record aside: it is kept in MongoDB and waits for a person."""

from typing import Any, Final

from pymongo import MongoClient
from pymongo.errors import PyMongoError

from local.components import ReportProgress
from services.registry import SERVICES

_LOOK_EVERY_S: Final = 10.0
_TIMEOUT_MS: Final = 1_000


class SetAside:
    """Counts the dead letters of all services now and then, and reports each time that there are more."""

    def __init__(self, mongo: str, report: ReportProgress) -> None:
        self._mongo = mongo
        self._report = report
        self._counts: dict[str, int] = {}
        self._next_look = 0.0

    def check(self, now: float) -> None:
        """Look, if it is time. *now* is in seconds of any clock that only goes forward."""
        if now < self._next_look:
            return
        self._next_look = now + _LOOK_EVERY_S
        options: dict[str, Any] = {"serverSelectionTimeoutMS": _TIMEOUT_MS}
        try:
            with MongoClient[dict[str, Any]](self._mongo, **options) as client:
                counts = {
                    str(s.name): client[s.database]["dead_letters"].count_documents({"end": None}) for s in SERVICES
                }
        except PyMongoError:
            return  # The supervisor reports that MongoDB is away.
        for name, count in counts.items():
            if count > self._counts.get(name, 0):
                self._report(
                    f"[red]✘[/] {name} が処理できない記録が {count} 件あります"
                    f"(MongoDB の mitsumori_{name}.dead_letters。理由は reason にあります)"
                )
        self._counts = counts
