"""Premiums at a glance: every industry by turnover, at one cover and one control score."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from pricing.engine.price import premium_at
from pricing.engine.result import Referred
from pricing.tariff import Tariff

TURNOVERS: Final = (10_000, 100_000, 500_000, 1_000_000, 10_000_000, 100_000_000)
"""千円: from 1,000万円 to 1,000億円; as many as a terminal has room for."""


@dataclass(frozen=True, slots=True)
class Line:
    """One industry: its key, its name, and for each turnover a premium in 円 or the codes of the reasons for none."""

    industry: str
    name: str
    premiums: tuple[int | str, ...]


def premium_table(
    tariff: Tariff, cover: Mapping[str, str | int], score: Decimal, turnovers: Sequence[int] = TURNOVERS
) -> list[Line]:
    """A line for each industry of the form, in its order. *cover* holds all terms but industry and turnover."""
    return [
        Line(
            str(industry),
            name,
            tuple(_premium(tariff, {**cover, "industry": industry, "turnover": one}, score) for one in turnovers),
        )
        for industry, name in tariff.questions["industry"].choices.items()
    ]


def as_csv(lines: Sequence[Line], turnovers: Sequence[int] = TURNOVERS) -> str:
    """For machines: a column for each turnover in 千円."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["industry", "name", *turnovers])
    writer.writerows([line.industry, line.name, *line.premiums] for line in lines)
    return text.getvalue()


def _premium(tariff: Tariff, terms: Mapping[str, str | int], score: Decimal) -> int | str:
    found = premium_at(terms, score, tariff)
    return ";".join(reason.code for reason in found.reasons) if isinstance(found, Referred) else found
