"""Steps for the statistics are kept for 400 days, whoever leaves them."""

from dataclasses import asdict
from datetime import timedelta

import pytest
from bson import ObjectId, encode

from services.intake.adapters.mongo_steps import STEPS_KEPT
from services.intake.domain.funnel import Step
from services.intake.usecases.count_step import MOST_STEPS, CountStep
from tests.services.intake.builders import NOON, a_product
from tests.services.intake.fakes import InMemorySteps

pytestmark = pytest.mark.anyio

_OF_INDEXES = 60
"""Bytes that a step has in the three indexes of its collection, about."""


def a_step(**about: object) -> Step:
    return Step(**({"product": "cyber-security", "visit": "v" * 12, "kind": "error", "at": NOON} | about))  # type: ignore[arg-type]  # by name


async def test_ten_thousand_places_together_leave_no_more_steps_a_day_than_one_may_count() -> None:
    """Each place had its limit, and all of them together none: 600 documents an hour, kept for 400 days, of each."""
    steps = InMemorySteps()
    count = CountStep(steps, most=3)

    for number in range(10):
        await count(a_step(visit=f"visit {number}"))

    assert [step.visit for step in steps.kept] == ["visit 0", "visit 1", "visit 2"]


async def test_the_next_day_is_counted_again() -> None:
    steps = InMemorySteps()
    count = CountStep(steps, most=1)
    for hours in (0, 1, 24, 25):
        await count(a_step(at=NOON + timedelta(hours=hours)))

    assert [step.at for step in steps.kept] == [NOON, NOON + timedelta(hours=24)]


async def test_as_many_steps_as_there_may_be_need_the_disk_that_is_documented() -> None:
    """The largest is that of a page on which every question is wrong."""
    page = max(a_product().form.pages, key=lambda page: len(page.questions))
    keys = tuple(question.key for question in page.questions)

    bytes_each = len(encode({"_id": ObjectId(), **asdict(a_step(page=page.slug, keys=keys))})) + _OF_INDEXES

    assert MOST_STEPS * bytes_each <= 50_000_000
    assert MOST_STEPS * bytes_each * STEPS_KEPT.days <= 20_000_000_000
