"""Between which two premiums a quote will be, read off the grid that rating published: nothing is computed here."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from shared.events import EstimatedCover, IndustryEstimate, TariffStarted

_EXCLUDED: Final = "ineligible-industry"
"""The rule of a tariff that excludes an industry. Whatever else sends it to a person leads to an individual quote."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is known of a company before it says who it is. The turnover is in 千円."""

    industry: str
    turnover: int
    plan: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A cover, and the yearly premiums in 円 between which its quote will be.

    Without `highest`, some answers need a person; without `lowest`, all do.
    """

    cover: EstimatedCover
    lowest: int | None
    highest: int | None


@dataclass(frozen=True, slots=True)
class Estimated:
    """The bands of the covers, the one that was asked for first. `tariff` is the id of the table behind them."""

    tariff: str
    bands: tuple[Band, ...]


@dataclass(frozen=True, slots=True)
class NeedsPerson:
    """No band: a person answers. The `reasons` are sentences for the customer; none where the amount is the reason.

    `is_excluded`: nobody can insure this industry. Otherwise a person quotes what is sent with the form.
    """

    reasons: tuple[str, ...] = ()
    is_excluded: bool = False


Estimate = Estimated | NeedsPerson


def estimate(tariff: TariffStarted, asked: Question) -> Estimate:
    """The band of each cover of the plan."""
    industry = next((one for one in tariff.industries if one.industry == asked.industry), IndustryEstimate(industry=""))
    covers = [cover for cover in industry.covers if cover.plan == asked.plan]
    around = _around(tariff.turnovers, asked.turnover)
    if not covers or around is None:
        is_excluded = any(note.code == _EXCLUDED for note in industry.reasons)
        return NeedsPerson(tuple(note.says for note in industry.reasons), is_excluded)
    bands = tuple(_band(cover, around) for cover in covers)
    if all(band.lowest is None for band in bands):
        return NeedsPerson()
    return Estimated(tariff.tariff.id, bands)


def is_decided_by_industry(found: Estimate | None) -> bool:
    """Whether the industry alone decides: then nobody has to look for the turnover first."""
    return isinstance(found, NeedsPerson) and bool(found.reasons)


def has_started(tariff: TariffStarted, today: date) -> bool:
    """Whether requests of *today* are priced with it."""
    return tariff.in_force_from <= today


def _around(turnovers: Sequence[int], turnover: int) -> slice | None:
    """The point of the grid at *turnover*, or the two beside it; None outside of the grid."""
    if not turnovers or not turnovers[0] <= turnover <= turnovers[-1]:
        return None
    return slice(bisect_right(turnovers, turnover) - 1, bisect_left(turnovers, turnover) + 1)


def _band(cover: EstimatedCover, around: slice) -> Band:
    lowest = [premium for premium in cover.lowest[around] if premium is not None]
    highest = [premium for premium in cover.highest[around] if premium is not None]
    is_whole = len(highest) == len(cover.highest[around])
    return Band(
        cover=cover,
        lowest=min(lowest, default=None),
        highest=max(highest, default=None) if is_whole else None,
    )
