"""How far visitors come: where they stop, which questions go wrong, how long it takes. Nobody is followed.

A step names its visit by a random word that is in no cookie, and it holds no answer.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Final, Literal

from shared.clock import JST
from shared.products import INSURERS_ORDER

Kind = Literal["started", "passed", "error", "sent"]

ABANDONED_AFTER: Final = timedelta(hours=24)
"""As long as a draft is kept: until then somebody may come back."""

MOST_MINUTES: Final = 24 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a visit. `page` for those that are about one, `keys` the questions that had an error."""

    product: str
    visit: str
    kind: Kind
    at: datetime
    page: str = ""
    keys: tuple[str, ...] = ()
    order: str = ""
    """The order of the form; nothing in those that were counted before there were any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Funnel:
    """Visits that began in a span of time, and what became of them. `open` ones may still come back."""

    started: int
    passed: Mapping[str, int]
    errors: Mapping[str, int]
    sent: int
    abandoned: int
    open: int
    median_s: float | None
    """From the start page's button to 「この内容で送信する」, of the visits that were sent."""
    minutes: Mapping[int, int]
    """The same in whole minutes, each with how many visits took so long; whatever took a day or more is one."""


def funnel(steps: Iterable[Step], now: datetime) -> Funnel:
    """What *steps* come to. A visit without its first step began before the span, and is left out."""
    whole = _whole_visits(steps)
    passed: Counter[str] = Counter()
    errors: Counter[str] = Counter()
    times: list[float] = []
    unfinished: list[datetime] = []
    for visit in whole:
        passed.update({step.page for step in visit if step.kind == "passed"})
        errors.update(key for step in visit for key in step.keys)
        begun = _begun(visit)
        sent = [step.at for step in visit if step.kind == "sent"]
        if sent:
            times.append(max((min(sent) - begun).total_seconds(), 0.0))
        else:
            unfinished.append(max(step.at for step in visit))
    abandoned = sum(now - last >= ABANDONED_AFTER for last in unfinished)
    return Funnel(
        started=len(whole),
        passed=dict(passed),
        errors=dict(errors.most_common()),
        sent=len(times),
        abandoned=abandoned,
        open=len(unfinished) - abandoned,
        median_s=median(times) if times else None,
        minutes=dict(sorted(Counter(min(int(time_s // 60), MOST_MINUTES) for time_s in times).items())),
    )


def by_order(steps: Iterable[Step]) -> Mapping[str, Sequence[Step]]:
    """The steps of each visit under the order of the form in which it was asked, from its first step on."""
    orders: dict[str, list[Step]] = {}
    for visit in _whole_visits(steps):
        first = next(step for step in visit if step.kind == "started")
        orders.setdefault(first.order or INSURERS_ORDER, []).extend(visit)
    return orders


def by_day(steps: Iterable[Step]) -> Mapping[date, Sequence[Step]]:
    """The steps of each visit under the day, in Japan, on which it began. Without its first step it is left out."""
    days: dict[date, list[Step]] = {}
    for visit in _whole_visits(steps):
        days.setdefault(_begun(visit).astimezone(JST).date(), []).extend(visit)
    return days


def _whole_visits(steps: Iterable[Step]) -> list[list[Step]]:
    visits: dict[str, list[Step]] = {}
    for step in steps:
        visits.setdefault(step.visit, []).append(step)
    return [visit for visit in visits.values() if any(step.kind == "started" for step in visit)]


def _begun(visit: Iterable[Step]) -> datetime:
    return min(step.at for step in visit if step.kind == "started")
