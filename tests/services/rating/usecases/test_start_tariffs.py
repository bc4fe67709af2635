"""What intake needs for an estimate is published when a tariff starts, and once."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from pricing.engine.estimate import Estimate, estimate
from pricing.engine.result import ENGINE
from pricing.tariff import PricedProduct, Rule
from services.rating.ports import StartedTariffs
from services.rating.usecases.start_tariffs import StartTariffs
from shared.events import TariffRef, TariffStarted
from tests.pricing.builders import NOON, PRODUCT, TARIFF
from tests.services.rating.fakes import InMemoryStartedTariffs

pytestmark = pytest.mark.anyio

NEXT = replace(TARIFF, id="2027-04-01", effective=date(2027, 4, 1), text=TARIFF.text + "# dearer\n", sha256="5d0c")
WITH_NEXT = replace(PRODUCT, tariffs=(TARIFF, NEXT))
LAST_MOMENT, FIRST_MOMENT = datetime(2027, 3, 31, 14, 59, 59, tzinfo=UTC), datetime(2027, 3, 31, 15, 0, tzinfo=UTC)


def start_tariffs(started: StartedTariffs, product: PricedProduct = PRODUCT, now: datetime = NOON) -> StartTariffs:
    return StartTariffs(products={"cyber-security": product}, started=started, now=lambda: now)


async def started_at(now: datetime, product: PricedProduct = PRODUCT) -> list[TariffStarted]:
    started = InMemoryStartedTariffs()
    await start_tariffs(started, product, now)()
    return list(started.kept.values())


async def test_the_tariff_in_force_is_published_with_every_premium_of_its_estimate() -> None:
    (event,) = await started_at(NOON)

    terms = {question.key: question.default for question in PRODUCT.form.questions if question.default is not None}
    found = estimate(terms, TARIFF)
    assert isinstance(found, Estimate)
    assert (event.turnovers, event.industries) == (found.turnovers, found.industries)
    assert event.tariff == TariffRef(id="2026-10-01", sha256=TARIFF.sha256)
    assert (event.product, event.request_id) == ("cyber-security", "cyber-security")
    assert (event.engine, event.form_version) == (ENGINE, PRODUCT.form.version)
    assert (event.in_force_from, event.started_at) == (date(2026, 10, 1), NOON)


async def test_it_survives_the_wire() -> None:
    (event,) = await started_at(NOON)

    assert TariffStarted.model_validate_json(event.to_json()) == event
    assert len(event.to_json()) < 200_000


async def test_the_same_tariff_is_published_once_also_by_another_process() -> None:
    started = InMemoryStartedTariffs()
    first = start_tariffs(started)
    await first()
    (kept,) = started.kept.values()

    await first()
    await start_tariffs(started, now=datetime(2026, 12, 1, tzinfo=UTC))()

    assert list(started.kept.values()) == [kept]


@pytest.mark.parametrize(
    ("now", "tariffs"),
    [
        pytest.param(datetime(2026, 9, 30, 14, 59, 59, tzinfo=UTC), [], id="none before the first one"),
        pytest.param(datetime(2026, 9, 30, 15, 0, tzinfo=UTC), ["2026-10-01"], id="from midnight in Japan"),
        pytest.param(LAST_MOMENT, ["2026-10-01"], id="until the next one"),
        pytest.param(FIRST_MOMENT, ["2027-04-01"], id="which is published when it starts"),
    ],
)
async def test_a_tariff_is_published_on_its_first_day_in_japan(now: datetime, tariffs: list[str]) -> None:
    assert [event.tariff.id for event in await started_at(now, WITH_NEXT)] == tariffs


async def test_a_process_that_runs_over_the_day_publishes_the_next_one() -> None:
    started, time = InMemoryStartedTariffs(), [LAST_MOMENT]
    start = StartTariffs(products={"cyber-security": WITH_NEXT}, started=started, now=lambda: time[0])
    await start()

    time[0] = FIRST_MOMENT
    await start()

    assert [event.tariff.id for event in started.kept.values()] == ["2026-10-01", "2027-04-01"]


async def test_a_form_that_was_released_since_makes_another_edition() -> None:
    """Its choices may be others; the tariff is the same."""
    started = InMemoryStartedTariffs()
    await start_tariffs(started)()
    form = replace(PRODUCT.form, text=PRODUCT.form.text + "# released\n")

    await start_tariffs(started, replace(PRODUCT, form=form))()

    assert len(started.kept) == 2


async def test_a_tariff_whose_band_is_not_certain_is_not_published() -> None:
    never = Rule("all", {"d3_06": frozenset({"yes", "no", "unknown"})}, "")

    assert await started_at(NOON, replace(PRODUCT, tariffs=(replace(TARIFF, rules=(never,)),))) == []
