"""Estimates come from the memory of each process, which takes up what any of them has kept."""

import asyncio
from datetime import UTC, date, datetime

import pytest

from services.intake.domain.estimate import Estimated, Question
from services.intake.entrypoints.worker import refresh_regularly
from services.intake.usecases.estimate import EstimatePremium
from shared.errors import Unavailable
from tests.services.intake.builders import NOON, a_product, a_tariff
from tests.services.intake.fakes import AClock, InMemoryTariffs, Scene

pytestmark = pytest.mark.anyio

RETAIL = Question(industry="retail", turnover=500_000, plan="basic")


def estimates(tariffs: InMemoryTariffs, now: datetime = NOON) -> EstimatePremium:
    return EstimatePremium(products={"cyber-security": a_product()}, tariffs=tariffs, now=AClock(now))


async def test_before_rating_has_published_a_tariff_there_is_no_estimate() -> None:
    estimate = estimates(InMemoryTariffs())

    await estimate.refresh()

    assert estimate("cyber-security", RETAIL) is None


async def test_what_another_process_has_kept_is_taken_up() -> None:
    tariffs = InMemoryTariffs()
    estimate = estimates(tariffs)
    await estimate.refresh()
    await tariffs.keep(a_tariff())

    await estimate.refresh()

    assert isinstance(estimate("cyber-security", RETAIL), Estimated)


async def test_the_next_tariff_takes_the_place_of_the_one_before() -> None:
    tariffs = InMemoryTariffs()
    estimate = estimates(tariffs, datetime(2027, 4, 1, 3, 0, tzinfo=UTC))
    await tariffs.keep(a_tariff())
    await estimate.refresh()
    following = a_tariff(start=date(2027, 4, 1))
    await tariffs.keep(following.model_copy(update={"tariff": following.tariff.model_copy(update={"id": "next"})}))

    await estimate.refresh()

    found = estimate("cyber-security", RETAIL)
    assert isinstance(found, Estimated)
    assert found.tariff == "next"


@pytest.mark.parametrize(
    ("now", "is_known"),
    [
        pytest.param(datetime(2026, 9, 30, 14, 59, 59, tzinfo=UTC), False, id="not before its day in Japan"),
        pytest.param(datetime(2026, 9, 30, 15, 0, tzinfo=UTC), True, id="from its first moment"),
    ],
)
async def test_a_tariff_is_shown_from_its_day_in_japan(now: datetime, *, is_known: bool) -> None:
    tariffs = InMemoryTariffs()
    await tariffs.keep(a_tariff())
    estimate = estimates(tariffs, now)
    await estimate.refresh()

    assert (estimate("cyber-security", RETAIL) is not None) == is_known


async def test_while_the_database_is_away_what_is_known_is_shown() -> None:
    scene = Scene()
    await scene.ledger.tariffs.keep(a_tariff())
    estimate = scene.dependencies.estimate
    await estimate.refresh()
    scene.ledger.away = True

    with pytest.raises(Unavailable):
        await estimate.refresh()

    assert isinstance(estimate("cyber-security", RETAIL), Estimated)


async def test_it_is_looked_again_after_a_look_that_failed() -> None:
    looked, tries = asyncio.Event(), iter([Unavailable("mongo")])

    async def refresh() -> None:
        if failed := next(tries, None):
            raise failed
        looked.set()

    looking = asyncio.ensure_future(refresh_regularly(refresh, pause_s=0.0))
    async with asyncio.timeout(5):
        await looked.wait()
    looking.cancel()
