"""Summaries follow the facts: at once, together, and all of them again."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import pytest

from services.dashboard.domain.case import BrokenCase, Case
from services.dashboard.usecases.summarise import BATCH_SIZE, RebuildSummaries, SummariseCases, SummariseTogether
from shared.errors import Unavailable
from tests.services.dashboard.builders import REQUEST, a_request, an_offer
from tests.services.dashboard.fakes import InMemoryCases, InMemorySummaries, recording

pytestmark = pytest.mark.anyio


@dataclass
class CountedCases(InMemoryCases):
    asked: list[list[str]] = field(default_factory=list)
    is_asked: asyncio.Event = field(default_factory=asyncio.Event)

    async def find_many(self, request_ids: Sequence[str]) -> Sequence[Case | BrokenCase]:
        self.asked.append(list(request_ids))
        self.is_asked.set()
        await asyncio.sleep(0)
        return await super().find_many(request_ids)


def never_due(_case: Case) -> None:
    return None


async def test_a_new_fact_is_in_the_summary_when_it_is_recorded() -> None:
    cases, summaries = InMemoryCases(), InMemorySummaries()
    record = recording(cases, summaries)

    await record(a_request())
    before = summaries.kept[REQUEST].premium_yen
    await record(an_offer(67_000))

    assert (before, summaries.kept[REQUEST].premium_yen) == (None, 67_000)


async def test_a_fact_that_was_kept_before_a_crash_is_summarised_when_it_comes_again() -> None:
    cases, summaries = InMemoryCases(), InMemorySummaries()
    await cases.add(a_request())

    await recording(cases, summaries)(a_request())

    assert REQUEST in summaries.kept


async def test_facts_that_are_kept_at_the_same_moment_are_summarised_in_one_go() -> None:
    cases, summaries = CountedCases(), InMemorySummaries()
    record = recording(cases, summaries)

    await asyncio.gather(*(record(a_request(f"case-{number}")) for number in range(20)))

    assert cases.asked == [sorted(f"case-{number}" for number in range(20))]
    assert len(summaries.kept) == 20


async def test_a_fact_that_comes_while_summaries_are_made_is_in_the_next_ones() -> None:
    cases, summaries = CountedCases(), InMemorySummaries()
    summarise = SummariseTogether(SummariseCases(cases=cases, summaries=summaries, due=never_due, answer_due=never_due))
    await cases.add(a_request())
    first = asyncio.ensure_future(summarise(REQUEST))
    await cases.is_asked.wait()

    await cases.add(an_offer(67_000))
    await summarise(REQUEST)

    await first
    assert summaries.kept[REQUEST].premium_yen == 67_000


async def test_who_is_cancelled_takes_nothing_from_the_others() -> None:
    cases, summaries = CountedCases(), InMemorySummaries()
    summarise = SummariseTogether(SummariseCases(cases=cases, summaries=summaries, due=never_due, answer_due=never_due))
    await cases.add(a_request())
    cancelled, waiting = asyncio.ensure_future(summarise(REQUEST)), asyncio.ensure_future(summarise(REQUEST))
    await asyncio.sleep(0)

    cancelled.cancel()
    await waiting

    assert REQUEST in summaries.kept


async def test_while_the_database_is_away_the_fact_is_not_done() -> None:
    cases = InMemoryCases(away=True)

    with pytest.raises(Unavailable):
        await recording(cases)(a_request())


async def test_a_case_that_cannot_be_summarised_keeps_no_other_out_of_the_list() -> None:
    cases, summaries = InMemoryCases(), InMemorySummaries()

    def due(case: Case) -> datetime | None:
        if case.request.request_id == "bad":
            raise ZeroDivisionError
        return None

    for request_id in ("bad", "good"):
        await cases.add(a_request(request_id))
    await SummariseCases(cases=cases, summaries=summaries, due=due, answer_due=never_due)(["bad", "good"])

    assert {name: one.is_broken for name, one in summaries.kept.items()} == {"bad": True, "good": False}


async def test_all_summaries_are_made_again_and_progress_is_told() -> None:
    cases, summaries = InMemoryCases(), InMemorySummaries()
    for number in range(BATCH_SIZE + 3):
        await cases.add(a_request(f"case-{number}"))
    summarise = SummariseCases(cases=cases, summaries=summaries, due=never_due, answer_due=never_due)
    told: list[int] = []

    done = await RebuildSummaries(cases=cases, summaries=summaries, summarise=summarise, rules="r")(told.append)

    assert (done, told) == (BATCH_SIZE + 3, [BATCH_SIZE, BATCH_SIZE + 3])
    assert len(summaries.kept) == BATCH_SIZE + 3
    assert await summaries.is_current("r")


async def test_at_the_start_they_are_made_again_only_if_a_version_is_older() -> None:
    cases, summaries = CountedCases(), InMemorySummaries()
    await cases.add(a_request())
    rebuild = RebuildSummaries(
        cases=cases,
        summaries=summaries,
        summarise=SummariseCases(cases=cases, summaries=summaries, due=never_due, answer_due=never_due),
        rules="r",
    )

    await rebuild.if_needed()
    await rebuild.if_needed()

    assert cases.asked == [[REQUEST]]
