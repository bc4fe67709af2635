"""The tallies of the figures as aggregations of the read model: no case is read one by one. A spec compares them."""

import asyncio
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from services.dashboard.domain.figures import (
    NEEDS_LAST,
    REASONED,
    TALLIED_BY,
    Figure,
    Key,
    Period,
    Tallies,
    Tally,
    Value,
)
from services.dashboard.domain.summary import CaseSummary
from shared.runtime.adapters.mongo import Database, Document, long_work, mongo_errors

_OPEN_INDEX: Final = "figures_of_open"
_PREMIUM_INDEX: Final = "figures_of_premiums"
_TOGETHER: Final[Mapping[str, tuple[Figure, ...]]] = {
    "course_tallied": (
        *(Figure.DAYS, Figure.STATES, Figure.FIRST_ANSWERS),
        *(Figure.OUTCOMES, Figure.REASONS, Figure.MAILS),
    ),
    "times_tallied": (Figure.QUOTED, Figure.MAILED),
}
"""Figures that are counted in one go, by the field that has all their values as one text: there are few combinations.

MongoDB groups by one text three times as fast as by the values in it.
"""
_TEXT: Final = {
    name: tuple(dict.fromkeys(field for figure in figures for field in TALLIED_BY[figure]))
    for name, figures in _TOGETHER.items()
}
"""The fields of a summary whose values stand in each text, in their order."""


def tallied(summary: CaseSummary) -> Document:
    """What the document of a case has for the figures, beside its summary. A document without it is not counted."""
    return {
        name: json.dumps([getattr(summary, field) for field in fields], ensure_ascii=False)
        for name, fields in _TEXT.items()
    }


@dataclass(frozen=True, slots=True)
class _Group:
    values: Mapping[str, Value]
    count: int
    yen: int


class MongoFigures:
    """`Figures` from the collection cases."""

    def __init__(self, database: Database) -> None:
        self._cases = database["cases"]

    async def prepare(self) -> None:
        """Create the indexes that hold whatever is counted, so that no document is read."""
        with long_work():
            for name in _TOGETHER:
                await self._cases.create_index([("accepted_at", 1), (name, 1), ("premium_yen", 1)], name=name)
            await self._cases.create_index([("is_open", 1), ("accepted_on", 1), ("premium_yen", 1)], name=_OPEN_INDEX)
            of_premiums = ("is_averaged", "accepted_at", *TALLIED_BY[Figure.PREMIUMS], "premium_yen")
            await self._cases.create_index([(name, 1) for name in of_premiums], name=_PREMIUM_INDEX)

    async def tallies(self, period: Period) -> Tallies:
        of_period: Document = {"accepted_at": {"$gte": period.begin, "$lt": period.end}}
        of_open, of_premiums, *found = await asyncio.gather(
            self._by_fields({"is_open": True}, Figure.OPEN, _OPEN_INDEX),
            self._by_fields({"is_averaged": True, **of_period}, Figure.PREMIUMS, _PREMIUM_INDEX),
            *(self._by_text(of_period, name) for name in _TOGETHER),
        )
        groups = {
            figure: of_figures
            for figures, of_figures in zip(_TOGETHER.values(), found, strict=True)
            for figure in figures
        }
        groups |= {Figure.OPEN: of_open, Figure.PREMIUMS: of_premiums}
        return {figure: _rolled_up(figure, groups[figure]) for figure in Figure}

    async def _by_fields(self, belongs: Document, figure: Figure, index: str) -> Sequence[_Group]:
        names = TALLIED_BY[figure]
        found = await self._grouped(belongs, {name: f"${name}" for name in names}, index)
        return [_Group({name: one["_id"].get(name) for name in names}, one["count"], one["yen"]) for one in found]

    async def _by_text(self, belongs: Document, tallied_in: str) -> Sequence[_Group]:
        names = _TEXT[tallied_in]
        found = await self._grouped(belongs, f"${tallied_in}", tallied_in)
        return [
            _Group(dict(zip(names, json.loads(one["_id"]), strict=True)), one["count"], one["yen"])
            for one in found
            if one["_id"] is not None
        ]

    async def _grouped(self, belongs: Document, by: object, index: str) -> Sequence[Document]:
        group: Document = {"_id": by, "count": {"$sum": 1}, "yen": {"$sum": "$premium_yen"}}
        with mongo_errors():
            cursor = self._cases.aggregate([{"$match": belongs}, {"$group": group}], hint=index)
            return list(await cursor.to_list(None))


def _rolled_up(figure: Figure, groups: Sequence[_Group]) -> Mapping[Key, Tally]:
    tallies: dict[Key, Tally] = {}
    for key, count, yen in _counted(figure, groups):
        old = tallies.get(key, Tally())
        tallies[key] = Tally(old.count + count, old.premium_yen + yen)
    return tallies


def _counted(figure: Figure, groups: Sequence[_Group]) -> Iterator[tuple[Key, int, int]]:
    """The rules of `belongs` that the database was not asked for."""
    for group in groups:
        key = tuple(group.values[name] for name in TALLIED_BY[figure])
        is_left_out = (figure in NEEDS_LAST and key[-1] is None) or (
            figure is Figure.REASONS and key[0] not in REASONED
        )
        if not is_left_out:
            yield key, group.count, group.yen
