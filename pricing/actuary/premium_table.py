"""Premiums at a glance: every industry by turnover, for one cover and one control score."""

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
"""In 千円: from 1,000万円 to 1,000億円. A terminal has room for no more columns."""


@dataclass(frozen=True, slots=True)
class PremiumRow:
    """One industry: its key, its name, and for each turnover a premium in 円 or the codes of the reasons for none."""

    industry: str
    name: str
    premiums: tuple[int | str, ...]


def premium_table(
    tariff: Tariff, cover: Mapping[str, str | int], score: Decimal, turnovers: Sequence[int] = TURNOVERS
) -> list[PremiumRow]:
    """A row for each industry of the form, in its order. *cover* holds all terms but industry and turnover."""
    return [
        PremiumRow(
            str(industry),
            name,
            tuple(
                _premium(tariff, {**cover, "industry": industry, "turnover": turnover}, score) for turnover in turnovers
            ),
        )
        for industry, name in tariff.questions["industry"].choices.items()
    ]


def as_csv(rows: Sequence[PremiumRow], turnovers: Sequence[int] = TURNOVERS) -> str:
    """For programs: a column for each turnover in 千円."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["industry", "name", *turnovers])
    writer.writerows([row.industry, row.name, *row.premiums] for row in rows)
    return text.getvalue()


def _premium(tariff: Tariff, terms: Mapping[str, str | int], score: Decimal) -> int | str:
    match premium_at(terms, score, tariff):
        case Referred(reasons=reasons):
            return ";".join(reason.code for reason in reasons)
        case premium:
            return premium
