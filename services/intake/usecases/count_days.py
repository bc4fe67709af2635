"""Count how far the visitors of each day came, for the figures of the desk."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from typing import Final

from services.intake.domain.funnel import Funnel, Step, by_day, by_order, funnel
from services.intake.ports import FormCounts, Steps
from shared.clock import JST, Clock
from shared.events import FormCounted, KeyCount, OrderCount
from shared.products import Products

DAYS_COUNTED: Final = 3
"""Today and the days before it on which somebody may have begun who still goes on (`ABANDONED_AFTER`)."""


@dataclass(frozen=True, slots=True)
class CountDays:
    """Publish the counts of the last days, each only when it has changed. Safe to repeat, and by several processes."""

    products: Products
    steps: Steps
    counts: FormCounts
    now: Clock

    async def __call__(self) -> None:
        """Raises `Unavailable`."""
        now = self.now()
        first = now.astimezone(JST).date() - timedelta(days=DAYS_COUNTED - 1)
        for product in self.products:
            steps = await self.steps.since(product, datetime.combine(first, time(), JST))
            # Of very many visits it takes a second: meanwhile the form answers.
            for count in await asyncio.to_thread(_counts, product, steps, now):
                await self.counts.add(count)


def _counts(product: str, steps: Sequence[Step], now: datetime) -> list[FormCounted]:
    return [
        _count(product, day, funnel(of_day, now), _orders(of_day, now), now)
        for day, of_day in sorted(by_day(steps).items())
    ]


def _orders(steps: Sequence[Step], now: datetime) -> tuple[OrderCount, ...]:
    found = {order: funnel(of_order, now) for order, of_order in sorted(by_order(steps).items())}
    return tuple(
        OrderCount(
            order=order,
            started=one.started,
            passed=_named(one.passed),
            sent=one.sent,
            minutes=tuple(KeyCount(key=str(minutes), count=count) for minutes, count in one.minutes.items()),
        )
        for order, one in found.items()
    )


def _count(product: str, day: date, found: Funnel, orders: tuple[OrderCount, ...], now: datetime) -> FormCounted:
    of_day = f"form-{product}-{day.isoformat()}"
    passed, errors = _named(found.passed), _named(found.errors)
    counted = repr((found.started, passed, errors, found.sent, orders))
    return FormCounted(
        request_id=of_day,
        count_id=f"{of_day}:{sha256(counted.encode()).hexdigest()[:16]}",
        product=product,
        day=day,
        counted_at=now,
        started=found.started,
        passed=passed,
        errors=errors,
        sent=found.sent,
        orders=orders,
    )


def _named(counts: Mapping[str, int]) -> tuple[KeyCount, ...]:
    """Always in the same order: the same counts are the same event."""
    return tuple(KeyCount(key=key, count=count) for key, count in sorted(counts.items()))
