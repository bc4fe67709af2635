"""The tallies of the figures as aggregations of the read model: no case is read one by one. A spec compares them."""

import asyncio
from collections.abc import Mapping
from typing import Final

from services.dashboard.domain.figures import NEEDS_LAST, TALLIED_BY, Figure, Key, Period, Tallies, Tally
from shared.runtime.adapters.mongo import Database, Document, mongo_errors

_INDEX: Final = "figures"
_OPEN_INDEX: Final = "figures_of_open"


class MongoFigures:
    """`Figures` from the collection cases."""

    def __init__(self, database: Database) -> None:
        self._cases = database["cases"]

    async def prepare(self) -> None:
        """Create the index that holds whatever is counted, so that no document is read."""
        fields = dict.fromkeys(name for names in TALLIED_BY.values() for name in names)
        with mongo_errors():
            await self._cases.create_index(
                [("accepted_at", 1), *((name, 1) for name in fields), ("premium_yen", 1)], name=_INDEX
            )
            await self._cases.create_index([("is_open", 1), ("accepted_on", 1)], name=_OPEN_INDEX)

    async def tallies(self, period: Period) -> Tallies:
        found = await asyncio.gather(*(self._tally(figure, period) for figure in Figure))
        return dict(zip(Figure, found, strict=True))

    async def _tally(self, figure: Figure, period: Period) -> Mapping[Key, Tally]:
        names = TALLIED_BY[figure]
        by: Document = {name: {"$ifNull": [f"${name}", None]} for name in names}
        group: Document = {"_id": by, "count": {"$sum": 1}, "yen": {"$sum": {"$ifNull": ["$premium_yen", 0]}}}
        with mongo_errors():
            cursor = self._cases.aggregate(
                [{"$match": _belongs(figure, period)}, {"$group": group}], hint=_hint(figure)
            )
            groups = await cursor.to_list(None)
        tallies = {tuple(one["_id"][name] for name in names): Tally(one["count"], one["yen"]) for one in groups}
        return {key: tally for key, tally in tallies.items() if figure not in NEEDS_LAST or key[-1] is not None}


def _hint(figure: Figure) -> str:
    return _OPEN_INDEX if figure is Figure.OPEN else _INDEX


def _belongs(figure: Figure, period: Period) -> Document:
    """The rules of `belongs`."""
    of_period: Document = {"accepted_at": {"$gte": period.begin, "$lt": period.end}}
    match figure:
        case Figure.OPEN:
            return {"is_open": True}
        case Figure.PREMIUMS:
            return of_period | {"premium_yen": {"$gte": 0}}
        case Figure.REASONS:
            return of_period | {"closed_as": {"$in": ["not-taken-up", "declined"]}}
        case _:
            return of_period
