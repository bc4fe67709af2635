"""The list, the work on many cases and the file are about the same cases, whatever is asked for."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import timedelta
from typing import Final

import pytest
from httpx import AsyncClient

from services.dashboard.domain.facts import Fact
from services.dashboard.domain.listing import Filter, Order, Selection
from services.dashboard.entrypoints.web.list_query import address_of, bulk_of, export_of
from services.dashboard.usecases.list_cases import PART_SIZE
from tests.services.dashboard.builders import (
    NOON,
    SEARCH_KEYS,
    a_referral,
    a_request,
    an_assignment,
    an_offer,
)
from tests.services.dashboard.fakes import FROM_OWN_PAGE, InMemoryDashboard
from tests.services.dashboard.specs import FILTERS, VIEWER, short

pytestmark = pytest.mark.anyio

ALMOST: Final = "アイウ商事イウエ"
"""It has every piece of アイウエ, and does not answer it: only who opens the case knows."""
COMPANIES: Final = ("株式会社カナリア商会", ALMOST, "アイウエ工業", "見本商会")
SEARCHES: Final = ("カナリア", "アイウエ", "商会", "03-1234-5678", "K7M2P403", "だれもいない", "@")


def facts() -> Sequence[Fact]:
    found: list[Fact] = []
    for number in range(16):
        request_id, at = f"case-{number:02}", NOON - timedelta(hours=number * 3)
        found.append(
            a_request(
                request_id,
                reception_no=f"K7M2P4{number:02}",
                at=at,
                brochure=("email", "post", "none")[number % 3],
                suspicions=("too-fast",) if number % 5 == 0 else (),
                company=COMPANIES[number % 4],
            )
        )
        if number % 2:
            found.append(an_offer(50_000 + number * 2_000, request_id=request_id))
        elif number % 4:
            found.append(a_referral(request_id=request_id))
    return found


SEARCHED: Final = [Filter(search=SEARCH_KEYS.search(text)) for text in SEARCHES]
BOTH: Final = [replace(one, brochures=frozenset({"post"}), is_open=True) for one in SEARCHED]
ASKED: Final = [*FILTERS, *SEARCHED, *BOTH]


def test_every_condition_of_a_filter_is_among_those_that_are_tried() -> None:
    """A new one is added to `FILTERS` of the specs."""
    untried = [one.name for one in fields(Filter) if all(getattr(each, one.name) == one.default for each in ASKED)]

    assert untried == []


async def of_list(browser: AsyncClient, selection: Selection) -> list[str]:
    page = (await browser.get(address_of(selection))).text
    return re.findall(r'id="case-(case-\d\d)"', page)


async def of_bulk(dashboard: InMemoryDashboard, browser: AsyncClient, selection: Selection) -> list[str]:
    dashboard.bulk_runs.runs.clear()
    form = re.search(r'name="address" value="([^"]*)"', (await browser.get(bulk_of(selection))).text)
    address = form[1].replace("&amp;", "&") if form else address_of(selection)
    await browser.post("/bulk", data={"address": address, "kind": "post"}, headers=FROM_OWN_PAGE)
    return [one.request_id for run in dashboard.bulk_runs.runs.values() for one in run.planned]


async def of_file(browser: AsyncClient, selection: Selection) -> list[str]:
    file = (await browser.get(export_of(selection, "csv"))).content.decode("utf-8-sig")
    return [f"case-{row['受付番号'][-2:]}" for row in csv.DictReader(io.StringIO(file))]


@pytest.mark.parametrize("wanted", ASKED, ids=short)
async def test_the_same_cases_come_in_the_list_in_bulk_and_in_the_file(wanted: Filter) -> None:
    """`/bulk?q=…` proposed every case there was, and the file had them all: both had forgotten the search."""
    dashboard = InMemoryDashboard()
    for fact in facts():
        await dashboard.cases.add(fact)
    selection = Selection(viewer=VIEWER, filter=wanted)

    async with dashboard.browser() as browser:
        listed = await of_list(browser, selection)
        planned = await of_bulk(dashboard, browser, selection)
        exported = await of_file(browser, selection)

    assert planned == listed
    assert exported == listed


async def test_a_search_finds_what_answers_it_and_nothing_else() -> None:
    """So that the test above is not true of nothing."""
    dashboard = InMemoryDashboard()
    for fact in facts():
        await dashboard.cases.add(fact)

    async with dashboard.browser() as browser:
        found = {
            text: len(await of_list(browser, Selection(viewer=VIEWER, filter=wanted)))
            for text, wanted in zip(SEARCHES, SEARCHED, strict=True)
        }

    assert found == {
        "カナリア": 4,
        "アイウエ": 4,
        "商会": 8,
        "03-1234-5678": 16,
        "K7M2P403": 1,
        "だれもいない": 0,
        "@": 0,
    }


async def test_a_case_that_changes_while_the_file_is_written_is_in_it() -> None:
    """In the order of changes it went to where the file had been begun."""
    dashboard, last = InMemoryDashboard(), PART_SIZE + 1
    for number in range(last + 1):
        await dashboard.cases.add(a_request(f"case-{number:03}", at=NOON - timedelta(minutes=number)))
    rows = dashboard.app().state.dependencies.export_cases(Selection(viewer=VIEWER, order=Order.CHANGED))
    written = [(await anext(rows)).summary.request_id]
    await dashboard.cases.add(an_assignment(f"case-{last:03}"))
    written += [row.summary.request_id async for row in rows]

    assert sorted(written) == [f"case-{number:03}" for number in range(last + 1)]
