"""The days that the law makes free for everybody (国民の祝日・休日), for the years whose list has been published.

They are no product's own, so all products share one list (docs/adr/0016-business-hours.md).
"""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from shared.products.errors import ProductError
from shared.products.source import Text, read_yaml, validate

OURS: Final = Path(__file__).parent / "national-holidays.yaml"


@dataclass(frozen=True, slots=True)
class NationalHolidays:
    """The *days*, and the *last* day that the list speaks of: what is free after it, nobody has published yet."""

    days: frozenset[date]
    last: date


class _Schema(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    source: Text
    years: Annotated[dict[int, dict[str, Text]], Field(min_length=1)]


def load_national_holidays(path: Path = OURS) -> NationalHolidays:
    """The list in *path*. Raises `ProductError` with everything that is wrong with it."""
    source = read_yaml(path)
    years = validate(source, _Schema).years
    problems = [
        source.problem(("years", year), "is not the year after the one before")
        for before, year in pairwise(years)
        if year != before + 1
    ]
    days: set[date] = set()
    for year, month_days in years.items():
        if not month_days:
            problems.append(source.problem(("years", year), "has no day"))
        for month_day in month_days:
            try:
                days.add(date.fromisoformat(f"{year}-{month_day}"))
            except ValueError as error:
                problems.append(source.problem(("years", year, month_day), str(error)))
    if problems:
        raise ProductError(problems)
    return NationalHolidays(frozenset(days), date(max(years), 12, 31))
