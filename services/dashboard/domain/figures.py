"""The figures of the desk: what is counted, and which list has exactly the cases behind each number.

Cases are first tallied by a few of their fields (`tallies_of`; the database does the same), and the numbers are read
from the tallies (`lines_of`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import accumulate
from typing import Any, Final, Literal, cast

from services.dashboard.domain.listing import NOBODY, Filter
from services.dashboard.domain.summary import CaseSummary
from shared.clock import JST

LONGEST_PERIOD: Final = timedelta(days=366)

PeriodProblem = Literal["wrong-way", "too-long"]
"""Why nothing is counted between two days, in a word for machines."""


class Figure(StrEnum):
    """What is shown, in this order."""

    DAYS = "days"
    OPEN = "open"
    STATES = "states"
    FIRST_ANSWERS = "first-answers"
    QUOTED = "quoted"
    MAILED = "mailed"
    OUTCOMES = "outcomes"
    REASONS = "reasons"
    PREMIUMS = "premiums"
    MAILS = "mails"


TALLIED_BY: Final[Mapping[Figure, tuple[str, ...]]] = {
    Figure.DAYS: ("accepted_on",),
    Figure.OPEN: ("accepted_on",),
    Figure.STATES: ("state",),
    Figure.FIRST_ANSWERS: ("contacted_by", "first_answer"),
    Figure.QUOTED: ("quoted_after_ms",),
    Figure.MAILED: ("mailed_after_ms",),
    Figure.OUTCOMES: ("closed_as",),
    Figure.REASONS: ("closed_as", "close_reason"),
    Figure.PREMIUMS: ("industry", "turnover_band"),
    Figure.MAILS: ("mail",),
}
"""The fields of the summary whose values are counted together. The last of them without a value: not counted."""
NEEDS_LAST: Final = frozenset(TALLIED_BY) - {Figure.OUTCOMES, Figure.REASONS, Figure.PREMIUMS}
"""Of the others, cases without a value are counted too."""

REASONED: Final = frozenset({"not-taken-up", "declined"})
"""The ends that have a reason."""

Value = str | int | None
Key = tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many cases have the same values, and the sum of their premiums in 円."""

    count: int = 0
    premium_yen: int = 0


Tallies = Mapping[Figure, Mapping[Key, Tally]]


@dataclass(frozen=True, slots=True)
class Period:
    """The requests that were received from one midnight in Japan to another, which does not belong to it."""

    begin: datetime
    end: datetime

    @property
    def filter(self) -> Filter:
        """The cases of the period."""
        return Filter(received_from=self.begin, received_before=self.end)

    @property
    def days(self) -> tuple[date, ...]:
        """Each day of it."""
        first = self.begin.astimezone(JST).date()
        return tuple(first + timedelta(days=number) for number in range((self.end - self.begin).days))


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One number of a figure, and the filter of the list that has exactly these cases.

    `key`: what is counted. `value`: what is said beside it: a premium in 円, a time in milliseconds, or a share in %.
    """

    key: Key
    count: int
    filter: Filter
    value: int | None = None


def period_of(first: date, last: date) -> Period:
    """Both days belong to it."""
    return Period(midnight(first), midnight(last + timedelta(days=1)))


def period_problem(first: date, last: date) -> PeriodProblem | None:
    """What speaks against counting from *first* to *last*."""
    if first > last:
        return "wrong-way"
    return "too-long" if last - first >= LONGEST_PERIOD else None


def midnight(day: date) -> datetime:
    """The beginning of *day* in Japan."""
    return datetime.combine(day, time(), JST)


def belongs(case: CaseSummary, figure: Figure, period: Period) -> bool:
    """Whether *figure* counts *case*. What is open now is counted whenever it came."""
    match figure:
        case Figure.OPEN:
            return case.is_open
        case Figure.PREMIUMS:
            return _is_in(case, period) and case.is_averaged
        case Figure.REASONS:
            return _is_in(case, period) and case.closed_as in REASONED
        case _:
            return _is_in(case, period)


def _is_in(case: CaseSummary, period: Period) -> bool:
    return period.begin <= case.accepted_at < period.end


def tallies_of(cases: Iterable[CaseSummary], period: Period) -> Tallies:
    """Count *cases* for every figure."""
    tallies: dict[Figure, dict[Key, Tally]] = {figure: {} for figure in Figure}
    for case in cases:
        for figure, fields in TALLIED_BY.items():
            key = tuple(getattr(case, name) for name in fields)
            if belongs(case, figure, period) and (figure not in NEEDS_LAST or key[-1] is not None):
                old = tallies[figure].get(key, Tally())
                tallies[figure][key] = Tally(old.count + 1, old.premium_yen + (case.premium_yen or 0))
    return tallies


def lines_of(figure: Figure, tallies: Tallies, period: Period, today: date) -> tuple[Line, ...]:
    """The numbers of *figure*. Those without a case are left out, but for days."""
    of_figure = tallies[figure]
    match figure:
        case Figure.DAYS:
            return tuple(
                _line((day.isoformat(),), _tally(of_figure, day), period_of(day, day).filter) for day in period.days
            )
        case Figure.OPEN:
            return tuple(_by_age(of_figure, today))
        case Figure.QUOTED | Figure.MAILED:
            return tuple(_times(figure, {_whole(key[0]): tally.count for key, tally in of_figure.items()}, period))
        case _:
            counted = (_counted(figure, key, tally, period) for key, tally in of_figure.items())
            lines = sorted(counted, key=lambda line: [str(value or "") for value in line.key])
            return tuple(_with_shares(lines) if figure is Figure.REASONS else lines)


def _tally(tallies: Mapping[Key, Tally], day: date) -> Tally:
    return tallies.get((day.isoformat(),), Tally())


def _line(key: Key, tally: Tally, wanted: Filter, value: int | None = None) -> Line:
    return Line(key=key, count=tally.count, filter=wanted, value=value)


def _counted(figure: Figure, key: Key, tally: Tally, period: Period) -> Line:
    names: list[Any] = [frozenset({value if value is not None else NOBODY}) for value in key]
    of_figure: dict[Figure, dict[str, Any]] = {
        Figure.STATES: {"states": names[0]},
        Figure.FIRST_ANSWERS: {"contacted_by": names[0], "first_answers": names[-1]},
        Figure.OUTCOMES: {"outcomes": names[0]} if key[0] is not None else {"is_open": True},
        Figure.REASONS: {"outcomes": names[0], "reasons": names[-1]},
        Figure.PREMIUMS: {"industries": names[0], "turnover_bands": names[-1], "is_averaged": True},
        Figure.MAILS: {"mails": names[0]},
    }
    value = tally.premium_yen // tally.count if figure is Figure.PREMIUMS else None
    return _line(key, tally, replace(period.filter, **of_figure[figure]), value)


def _with_shares(lines: Sequence[Line]) -> Iterator[Line]:
    """Each with its share in whole per cent. They make 100 together: the largest remainders are rounded up."""
    total = sum(line.count for line in lines)
    shares = [line.count * 100 // total for line in lines]
    by_remainder = sorted(range(len(lines)), key=lambda place: -(lines[place].count * 100 % total))
    for place in by_remainder[: 100 - sum(shares)] if lines else ():
        shares[place] += 1
    return (replace(line, value=share) for line, share in zip(lines, shares, strict=True))


AGES: Final = ((0, 0), (1, 2), (3, 6), (7, 29), (30, None))
"""Of open cases, in days: from and to. The last has no end."""


def _by_age(tallies: Mapping[Key, Tally], today: date) -> Iterator[Line]:
    days = {date.fromisoformat(str(key[0])): tally.count for key, tally in tallies.items()}
    for least, most in AGES:
        last = today - timedelta(days=least)
        first = None if most is None else today - timedelta(days=most)
        count = sum(number for day, number in days.items() if day <= last and (first is None or first <= day))
        wanted = Filter(
            is_open=True,
            received_from=midnight(first) if first else None,
            received_before=midnight(last + timedelta(days=1)),
        )
        if count:
            yield Line(key=(least, most), count=count, filter=wanted)


_PERCENTILES: Final = (50, 95)


def _times(figure: Figure, counts: Mapping[int, int], period: Period) -> Iterator[Line]:
    """How many took at most the median and the 95th percentile (by the nearest rank), and how many took longer."""
    total = sum(counts.values())
    for percent in _PERCENTILES if total else ():
        value = _percentile(counts, percent)
        within = sum(count for took, count in counts.items() if took <= value)
        yield Line(key=(percent,), count=within, filter=_within(figure, period, None, value), value=value)
        if percent == _PERCENTILES[-1] and total > within:
            slow = _within(figure, period, value + 1, None)
            yield Line(key=(100,), count=total - within, filter=slow, value=max(counts))


def _within(figure: Figure, period: Period, least: int | None, most: int | None) -> Filter:
    if figure is Figure.QUOTED:
        return replace(period.filter, quoted_from_ms=least, quoted_to_ms=most)
    return replace(period.filter, mailed_from_ms=least, mailed_to_ms=most)


def _percentile(counts: Mapping[int, int], percent: int) -> int:
    rank, values = -(-sum(counts.values()) * percent // 100), sorted(counts)
    seen = accumulate(counts[value] for value in values)
    return next(value for value, so_far in zip(values, seen, strict=True) if so_far >= rank)


def _whole(value: Value) -> int:
    return cast("int", value)
