"""The API for other programs: what it tells, to whom, page by page, and that nothing changed."""

import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, Final

import pytest
from httpx import AsyncClient, Response

from services.dashboard.domain.facts import Fact
from services.dashboard.domain.token import Scope
from services.dashboard.entrypoints.web.token_limiter import MOST_A_MINUTE
from tests.services.dashboard.builders import (
    ANSWERS,
    CONTACT,
    NOON,
    REQUEST,
    a_decision,
    a_hold,
    a_letter_sent,
    a_referral,
    a_request,
    a_whole_story,
    an_assignment,
    an_offer,
)
from tests.services.dashboard.fakes import InMemoryDashboard

pytestmark = pytest.mark.anyio

CASES: Final = (Scope.CASES_READ,)
CONTACTS: Final = (Scope.CASES_READ, Scope.CASES_CONTACT)
EVERYTHING: Final = tuple(Scope)


@asynccontextmanager
async def program(
    *facts: Fact, scopes: tuple[Scope, ...] = EVERYTHING, dashboard: InMemoryDashboard | None = None
) -> AsyncIterator[AsyncClient]:
    """A program with a token, once *facts* are known."""
    dashboard = dashboard or InMemoryDashboard()
    for fact in facts:
        await dashboard.cases.add(fact)
    async with dashboard.browser(logged_in=False) as client:
        client.headers.update(await dashboard.token(*scopes))
        yield client


async def ask(path: str, *facts: Fact, scopes: tuple[Scope, ...] = EVERYTHING) -> Response:
    async with program(*facts, scopes=scopes) as client:
        return await client.get(path)


def requests(number: int) -> list[Fact]:
    return [a_request(f"case-{one:03}", at=NOON + timedelta(minutes=one)) for one in range(number)]


def next_of(response: Response) -> str:
    link: dict[str, Any] = response.links.get("next", {})
    return str(link.get("url", ""))


async def test_a_case_is_told_as_the_list_of_the_desk_has_it() -> None:
    [case] = (await ask("/api/v1/cases", a_request(), an_offer(67_000), an_assignment())).json()["cases"]

    assert case.pop("contact") == CONTACT
    assert case == {
        "request_id": REQUEST,
        "reception_no": "K7M2P4XR",
        "product": "cyber-security",
        "accepted_at": "2026-11-23T03:00:00Z",
        "changed_at": "2026-11-23T03:08:00Z",
        "state": "quoted",
        "brochure": "email",
        "wants_quote": True,
        "industry": "retail",
        "turnover_band": "1-5oku",
        "premium_yen": 67_000,
        "mail": "waiting",
        "has_failed_letters": False,
        "is_held": False,
        "suspicions": [],
        "assignee": "hanako",
        "closed_as": None,
        "is_open": True,
        "is_contacted": False,
        "call_again_at": None,
        "must_post": False,
        "must_check": False,
        "due_at": None,
        "is_broken": False,
    }


@pytest.mark.parametrize("path", ["/api/v1/cases", f"/api/v1/cases/{REQUEST}"])
async def test_a_case_is_told_with_the_industry_and_turnover_that_its_quote_was_priced_for(path: str) -> None:
    corrected = a_decision(content={"reason": "電話", "answers": {"industry": "wholesale", "turnover": 800_000}})

    found = (await ask(path, a_request(), an_offer(), corrected, an_offer(90_000, revision=2))).json()

    case = found["cases"][0] if "cases" in found else found
    assert (case["industry"], case["turnover_band"], case["premium_yen"]) == ("wholesale", "5-10oku", 90_000)


@pytest.mark.parametrize("path", ["/api/v1/cases?tab=check", f"/api/v1/cases/{REQUEST}"])
async def test_a_program_is_told_that_a_quote_waits_for_staff(path: str) -> None:
    found = (await ask(path, a_request(product="by-desk"), an_offer())).json()

    [case] = found.get("cases", [found])
    assert case["must_check"] is True


async def test_one_case_comes_with_the_ids_of_its_quotes_and_with_its_mails() -> None:
    case = (await ask(f"/api/v1/cases/{REQUEST}", a_request(), an_offer(), a_letter_sent("quote"))).json()

    assert (case["state"], case["quotes"]) == ("quoted", [f"{REQUEST}:r1"])
    assert {"kind": "quote", "state": "sent", "at": "2026-11-23T03:00:04Z"} in case["letters"]


@pytest.mark.parametrize("path", ["/api/v1/cases", f"/api/v1/cases/{REQUEST}"])
async def test_without_its_scope_nobody_is_told_a_contact(path: str) -> None:
    told = await ask(path, *a_whole_story(), scopes=CASES)

    assert told.status_code == 200
    assert '"contact":null' in told.text
    assert not [words for words in CONTACT.values() if words in told.text]


@pytest.mark.parametrize("path", ["/api/v1/cases", f"/api/v1/cases/{REQUEST}", "/api/v1/quotes"])
async def test_no_answer_of_the_customer_and_no_note_is_told_to_anybody(path: str) -> None:
    told = await ask(path, *a_whole_story())

    assert not [words for words in (ANSWERS["incidents_note"], "折り返し希望", "parcels") if words in told.text]


async def test_every_contact_that_is_told_is_in_the_audit_and_nothing_else_is() -> None:
    dashboard = InMemoryDashboard()
    async with program(a_request(), scopes=CONTACTS, dashboard=dashboard) as client:
        await client.get("/api/v1/cases")
        await client.get(f"/api/v1/cases/{REQUEST}")
        client.headers.update(await dashboard.token(*CASES, name="counter"))
        await client.get(f"/api/v1/cases/{REQUEST}")

    read = [act for act in dashboard.audit.acts if act[0] == "read-contacts"]
    assert read == [("read-contacts", "api:board", REQUEST)] * 2


async def test_many_contacts_on_a_page_are_one_entry_with_all_their_cases() -> None:
    dashboard = InMemoryDashboard()
    async with program(*requests(3), dashboard=dashboard) as client:
        await client.get("/api/v1/cases")

    assert dashboard.audit.seen == [("api:board", ["case-002", "case-001", "case-000"])]


async def test_while_the_audit_is_away_no_contact_is_told() -> None:
    dashboard = InMemoryDashboard()
    async with program(a_request(), dashboard=dashboard) as client:
        dashboard.audit.away = True
        told = await client.get("/api/v1/cases")

    assert (told.status_code, CONTACT["person"] in told.text) == (503, False)
    assert told.headers["content-type"] == "application/problem+json"


async def test_pages_follow_each_other_by_their_links_without_gap_or_overlap() -> None:
    async with program(*requests(7)) as client:
        found, sizes = [], []
        url = "/api/v1/cases?limit=3&state=received"
        while url:
            page = await client.get(url)
            found += [case["request_id"] for case in page.json()["cases"]]
            sizes.append(len(page.json()["cases"]))
            url = next_of(page)

    assert found == [f"case-{one:03}" for one in range(6, -1, -1)]
    assert sizes == [3, 3, 1]


@pytest.mark.parametrize("order", ["newest", "changed", "premium"])
async def test_each_order_can_be_paged(order: str) -> None:
    offers = [an_offer(50_000 + one, request_id=f"case-{one:03}") for one in range(5)]
    async with program(*requests(5), *offers) as client:
        first = await client.get(f"/api/v1/cases?limit=2&order={order}")
        second = await client.get(next_of(first))

    ids = [case["request_id"] for page in (first, second) for case in page.json()["cases"]]
    assert ids == ["case-004", "case-003", "case-002", "case-001"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("state=referred", ["b"]),
        ("state=referred&state=received", ["b", "a"]),
        ("assignee=hanako", ["c"]),
        ("assignee=-&state=received", ["a"]),
        ("premium_from=60000", ["c"]),
        ("changed_since=2026-11-23T03:05:00Z", ["c"]),
        ("received_before=2026-11-23T03:00:00Z", []),
        ("tab=check", ["b"]),
        ("tab=on-hold", ["a"]),
        ("open=false", []),
        ("industry=finance", []),
    ],
)
async def test_a_list_is_narrowed_as_on_the_desk(query: str, expected: list[str]) -> None:
    facts = [a_request(one) for one in "abc"]
    told = await ask(
        f"/api/v1/cases?{query}",
        *facts,
        a_referral(request_id="b"),
        an_offer(67_000, request_id="c"),
        an_assignment("c"),
        a_hold("a"),
    )

    assert [case["request_id"] for case in told.json()["cases"]] == expected


def cursor_to(order: str, number: int, key: str) -> str:
    return base64.urlsafe_b64encode(json.dumps([order, number, key]).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "query",
    [
        "state=nonsense",
        "stat=referred",
        "limit=0",
        "limit=201",
        "order=random",
        "tab=mine",
        "changed_since=yesterday",
        "changed_since=1764000000",
        "changed_since=0001-01-01T00:00:00%2B14:00",
        "changed_since=9999-12-31T23:59:59-14:00",
        "changed_since=2026-11-23T03:05:00",
        "premium_from=-1",
        "after=nonsense",
        "after=WzFd",
        "after=" + "W1tb" * 90,
        "after=" + cursor_to("newest", 1_764_000_000_000, "\ud800"),
        "after=" + cursor_to("newest", 1_764_000_000_000, "x" * 65),
        "after=" + cursor_to("newest", 1_764_000_000_000, "\0"),
        "after=" + cursor_to("newest", 0, "x"),
        "after=" + cursor_to("newest", 253_402_300_799_999, "x"),
        "after=" + cursor_to("newest", 2**53 - 1, "x"),
        "order=premium&after=" + cursor_to("premium", 2**60, "x"),
        "received_before=9999-12-31T23:59:59Z",
    ],
)
async def test_a_question_that_makes_no_sense_is_refused(query: str) -> None:
    """On the page it counts as not said; a program with a mistyped filter would take everything for what it wanted."""
    told = await ask(f"/api/v1/cases?{query}", a_request())

    assert told.status_code == 422
    assert told.headers["content-type"] == "application/problem+json"
    assert told.json().keys() == {"type", "title", "status"}


async def test_a_cursor_leads_nowhere_in_another_order() -> None:
    async with program(*requests(3)) as client:
        cursor = next_of(await client.get("/api/v1/cases?limit=1")).rpartition("after=")[2]
        told = [await client.get(f"/api/v1/{path}after={cursor}") for path in ("cases?order=changed&", "quotes?")]

    assert [(one.status_code, one.json()["type"]) for one in told] == [(422, "urn:mitsumori:problem:bad-cursor")] * 2


async def test_a_quote_is_told_with_its_options_and_a_referral_without_any() -> None:
    told = (await ask("/api/v1/quotes", a_request(), a_referral(revision=1), an_offer(67_000, revision=2))).json()

    offered, referred = told["quotes"]
    assert (offered["outcome"], offered["expires_on"], offered["basis"]) == ("offered", "2026-12-23", "tariff")
    assert [option["premium"] for option in offered["options"]] == [67_000, 117_000]
    assert (referred["outcome"], referred["options"], referred["expires_on"]) == ("referred", [], None)


async def test_quotes_are_narrowed_and_paged() -> None:
    offers = [an_offer(request_id=f"case-{one}", revision=one + 1) for one in range(5)]
    async with program(*offers, a_referral(request_id="other")) as client:
        first = await client.get("/api/v1/quotes?limit=3&outcome=offered&changed_since=2026-11-23T03:00:02Z")
        second = await client.get(next_of(first))
        of_one = await client.get("/api/v1/quotes?request_id=other")
        one = await client.get("/api/v1/quotes/case-4:r5")

    ids = [[quote["quote_id"] for quote in page.json()["quotes"]] for page in (first, second, of_one)]
    assert ids == [["case-4:r5", "case-3:r4", "case-2:r3"], ["case-1:r2"], ["other:r1"]]
    assert (one.json()["quote_id"], next_of(second)) == ("case-4:r5", "")


@pytest.mark.parametrize("path", ["/api/v1/cases", f"/api/v1/cases/{REQUEST}", f"/api/v1/quotes/{REQUEST}:r1"])
async def test_what_did_not_change_is_not_sent_again(path: str) -> None:
    async with program(a_request(), an_offer()) as client:
        first = await client.get(path)
        same = await client.get(path, headers={"If-None-Match": f'"other", W/{first.headers["etag"]}'})
        changed = await client.get(path, headers={"If-None-Match": '"other"'})

    assert (first.status_code, same.status_code, changed.status_code) == (200, 304, 200)
    assert (same.content, same.headers["etag"]) == (b"", first.headers["etag"])
    assert first.headers["cache-control"] == "private, no-cache"


async def test_what_changed_is_sent() -> None:
    dashboard = InMemoryDashboard()
    async with program(a_request(), dashboard=dashboard) as client:
        first = await client.get("/api/v1/cases")
        await dashboard.cases.add(an_offer())
        second = await client.get("/api/v1/cases", headers={"If-None-Match": first.headers["etag"]})

    assert (second.status_code, second.json()["cases"][0]["state"]) == (200, "quoted")


@pytest.mark.parametrize("path", ["/api/v1/cases/nobody", "/api/v1/quotes/nothing", "/api/v2/cases", "/api/v1/nothing"])
async def test_what_is_not_there_is_a_problem_in_json(path: str) -> None:
    told = await ask(path)

    assert (told.status_code, told.headers["content-type"]) == (404, "application/problem+json")
    assert told.json()["type"] == "urn:mitsumori:problem:not-found"


async def test_a_token_that_asks_too_often_waits_for_the_next_minute_and_others_do_not() -> None:
    dashboard = InMemoryDashboard(time=NOON + timedelta(seconds=20))
    async with program(dashboard=dashboard) as client:
        answers = [(await client.get("/api/v1/cases")).status_code for _ in range(MOST_A_MINUTE)]
        refused = await client.get("/api/v1/cases")
        other = await client.get("/api/v1/cases", headers=await dashboard.token(*CASES, name="other"))
        dashboard.time += timedelta(seconds=40)
        later = await client.get("/api/v1/cases")

    assert set(answers) == {200}
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "40")
    assert (other.status_code, later.status_code) == (200, 200)
