"""Operators see in the metrics where every request is, and how long the oldest has waited for its quote."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from prometheus_client import REGISTRY

from services.dashboard.domain.case import State
from services.dashboard.usecases.count_requests import CountRequests
from services.dashboard.usecases.measure_requests import MeasureRequests
from shared.events import QUOTES, REQUESTS
from tests.services.dashboard.builders import a_closing, a_dead_letter, a_referral, a_request, an_offer
from tests.services.dashboard.domain.test_due import DUE, TUESDAY_TEN
from tests.services.dashboard.fakes import InMemoryCases, InMemoryDeadLetters, InMemorySummaries, summarising

pytestmark = pytest.mark.anyio

SECOND = timedelta(seconds=1)


@dataclass
class Desk:
    cases: InMemoryCases = field(default_factory=InMemoryCases)
    summaries: InMemorySummaries = field(default_factory=InMemorySummaries)
    dead_letters: InMemoryDeadLetters = field(default_factory=InMemoryDeadLetters)

    async def receive(self, *facts: object) -> None:
        for fact in facts:
            await self.cases.add(fact)  # type: ignore[arg-type]  # facts of several kinds
        await summarising(self.cases, self.summaries, DUE)(await self.cases.ids_after("", 10_000))

    async def measure(self, at: datetime) -> None:
        count = CountRequests(cases=self.cases, summaries=self.summaries, dead_letters=self.dead_letters)
        await MeasureRequests(count=count, summaries=self.summaries, now=lambda: at)()


def known(state: str) -> float | None:
    return REGISTRY.get_sample_value("requests_known", {"state": state})


def oldest_s() -> float | None:
    return REGISTRY.get_sample_value("oldest_unanswered_request_age_seconds")


async def test_every_request_that_is_known_is_counted_where_it_is() -> None:
    desk = Desk()
    for letter in (a_dead_letter("one", topic=REQUESTS), a_dead_letter("two", topic=QUOTES)):
        desk.dead_letters.letters[letter.id] = letter
    await desk.receive(
        *(a_request(name, at=TUESDAY_TEN) for name in ("offered", "referred", "waits")),
        a_request("documents", at=TUESDAY_TEN, quote=False),
        an_offer(request_id="offered"),
        a_referral(request_id="referred"),
    )

    await desk.measure(TUESDAY_TEN + 90 * SECOND)

    assert {state.value: known(state) for state in State} == dict.fromkeys(State, 1.0)
    assert known("unread") == 1.0


async def test_the_oldest_request_without_a_quote_says_how_long_it_has_waited() -> None:
    """Alarms look at this: a quote takes seconds."""
    desk = Desk()
    await desk.receive(
        a_request("waits", at=TUESDAY_TEN),
        a_request("waits-less", at=TUESDAY_TEN + 60 * SECOND),
        a_request("documents", at=TUESDAY_TEN - 60 * SECOND, quote=False),
    )
    await desk.measure(TUESDAY_TEN + 90 * SECOND)
    before = oldest_s()

    await desk.receive(an_offer(request_id="waits"), a_closing("waits-less"))
    await desk.measure(TUESDAY_TEN + 95 * SECOND)

    assert (before, oldest_s()) == (90.0, 0.0)
