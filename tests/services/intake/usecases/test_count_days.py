"""How far visitors come is counted for the desk, day by day, and nobody is followed."""

import asyncio
from datetime import date, timedelta

import pytest

from services.intake.entrypoints.worker import count_regularly
from services.intake.usecases.count_days import CountDays
from shared.errors import Unavailable
from shared.events import KeyCount
from tests.services.intake.builders import NOON, a_product, a_step
from tests.services.intake.fakes import InMemoryFormCounts, InMemorySteps

pytestmark = pytest.mark.anyio

MIDNIGHT = 12 * 60
"""In Japan, in minutes from `NOON`."""


async def counted(*steps: tuple[str, str, int, str], now_minutes: int = 0) -> InMemoryFormCounts:
    kept, counts = InMemorySteps(), InMemoryFormCounts()
    for visit, kind, minute, page in steps:
        await kept.add(a_step(visit, kind, minute, page))  # type: ignore[arg-type]  # a word of the tests
    await CountDays({"cyber-security": a_product()}, kept, counts, lambda: NOON + timedelta(minutes=now_minutes))()
    return counts


async def test_a_visit_belongs_to_the_day_in_japan_on_which_it_began() -> None:
    counts = await counted(
        ("a", "started", MIDNIGHT - 1, ""),
        ("a", "passed", MIDNIGHT + 1, "contact"),
        ("b", "started", MIDNIGHT, ""),
        now_minutes=MIDNIGHT + 60,
    )

    of_days = {count.day: (count.started, [(one.key, one.count) for one in count.passed]) for count in counts.kept}
    assert of_days == {date(2026, 11, 24): (1, [("contact", 1)]), date(2026, 11, 25): (1, [])}


async def test_a_day_is_counted_until_nobody_who_began_on_it_can_come_back() -> None:
    began = ("a", "started", MIDNIGHT - 1, ""), ("a", "sent", MIDNIGHT + 23 * 60, "")

    assert [count.sent for count in (await counted(*began, now_minutes=MIDNIGHT + 24 * 60)).kept] == [1]
    assert [count.sent for count in (await counted(*began, now_minutes=MIDNIGHT + 48 * 60)).kept] == []


async def test_a_count_tells_the_orders_of_the_form_apart() -> None:
    kept, counts = InMemorySteps(), InMemoryFormCounts()
    for order, visit, minutes in (("insurer", "a", 9), ("cover-first", "b", 4), ("cover-first", "c", 4)):
        await kept.add(a_step(visit, "started", 0, order=order))
        await kept.add(a_step(visit, "sent", minutes, order=order))

    await CountDays({"cyber-security": a_product()}, kept, counts, lambda: NOON + timedelta(minutes=10))()

    [count] = counts.kept
    assert {one.order: (one.started, one.sent, one.minutes) for one in count.orders} == {
        "cover-first": (2, 2, (KeyCount(key="4", count=2),)),
        "insurer": (1, 1, (KeyCount(key="9", count=1),)),
    }


async def test_a_count_says_no_word_of_a_visit() -> None:
    counts = await counted(("secret-visit", "started", 0, ""))

    assert "secret-visit" not in counts.kept[0].to_text()


@pytest.mark.parametrize("problem", [Unavailable("mongo"), RuntimeError("a bug")])
async def test_the_next_count_comes_also_after_one_that_failed(problem: Exception) -> None:
    counted_again, tries = asyncio.Event(), iter([problem])

    async def count() -> None:
        if failed := next(tries, None):
            raise failed
        counted_again.set()

    counting = asyncio.ensure_future(count_regularly(count, pause_s=0.0))
    async with asyncio.timeout(5):
        await counted_again.wait()
    counting.cancel()
