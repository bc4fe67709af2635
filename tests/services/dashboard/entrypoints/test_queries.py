"""Whatever stands behind the question mark, the answer is a page."""

import asyncio
import base64
import json
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from services.dashboard.domain.token import Scope
from tests.services.dashboard.builders import REQUEST, a_request, an_offer
from tests.services.dashboard.fakes import FROM_OWN_PAGE, PASSWORD, InMemoryDashboard, get

pytestmark = pytest.mark.anyio

VALUES = [
    pytest.param("9" * 5_000, id="5,000 digits"),
    pytest.param("0" * 5_000, id="5,000 zeros"),
    pytest.param("-1", id="negative"),
    pytest.param("1.5", id="a fraction"),
    pytest.param("%D9%A1", id="an Arabic figure"),
    pytest.param("1_0", id="an underscore"),
    pytest.param("%00", id="NUL"),
    pytest.param("%FF%FE", id="not UTF-8"),
    pytest.param("%ED%A0%80", id="half a character"),
    pytest.param("%E2%80%AE", id="turned"),
    pytest.param("", id="empty"),
    *("253402300799999", "9999999999999999", "0", "253402300799999~x", "9999999999999999~x", "0~x", "2099-12-31"),
]


_NARROWING = (
    {"q", "changed_from", "from"}
    | {"premium_from", "industry", "assignee", "reason", "turnover", "by"}
    | {
        *("premium_to", "quoted_from", "quoted_to", "mailed_from", "mailed_to"),
    }
)


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize(
    "name",
    [
        *("tab", "state", "brochure", "industry", "assignee", "premium_from", "premium_to", "from", "to", "ended"),
        *("stuck", "outcome", "reason", "turnover", "mail", "answer", "by"),
        *("quoted_from", "quoted_to", "mailed_from", "mailed_to"),
        *("q", "changed_from", "days", "shared"),
        *("check", "suspicious", "failed", "order", "after", "before", "last", "page", "next", "v", "unknown"),
    ],
)
async def test_no_value_of_a_query_breaks_the_list(name: str, value: str) -> None:
    """S15: `?page=` with 5,000 digits was an error of ours, because Python refuses to read such a number."""
    once = await get(f"/?{name}={value}", a_request())
    repeated = await get(f"/?{name}={value}&{name}=1&{name}={value}", a_request())

    assert (once.status_code, repeated.status_code) == (200, 200)
    assert "K7M2P4XR" in once.text or (name in _NARROWING and "条件をすべて外す" in once.text)


@pytest.mark.parametrize("value", VALUES)
async def test_no_value_breaks_the_log_in_page_or_leads_elsewhere(value: str) -> None:
    async with InMemoryDashboard().browser(logged_in=False) as browser:
        page = await browser.get(f"/login?next={value}&next={value}")
        posted = await browser.post(
            "/login",
            content=f"name=desk&password={PASSWORD}&next={value}",
            headers=FROM_OWN_PAGE | {"Content-Type": "application/x-www-form-urlencoded"},
        )

    assert (page.status_code, posted.status_code, posted.headers["location"]) == (200, 303, "/")


@pytest.mark.parametrize("value", VALUES)
async def test_no_path_is_an_error_of_ours(value: str) -> None:
    dashboard = InMemoryDashboard()

    async with dashboard.browser() as browser:
        case, style = await browser.get(f"/cases/x{value}"), await browser.get(f"/static/x{value}")
        posted = [
            await browser.post(f"/cases/x{value}/{what}", content=f"quote_id={value}", headers=FROM_OWN_PAGE)
            for what in ("release", "release-mails")
        ]

    assert (case.status_code, style.status_code) == (404, 404)
    assert [response.status_code for response in posted] == [409, 409]


async def test_a_page_beyond_the_last_case_is_an_empty_page_that_leads_back() -> None:
    response = await get("/?after=978307200000~0", a_request())

    assert "最初のページへ" in response.text


@pytest.mark.parametrize("cookie", ["x" * 5_000, "\xff\xfe", "%00", ""])
async def test_no_cookie_breaks_a_page(cookie: str) -> None:
    header = f"mitsumori-desk={cookie}; mitsumori-desk-device={cookie}".encode("latin-1")
    async with InMemoryDashboard().browser(logged_in=False) as browser:
        page = await browser.get(f"/cases/{REQUEST}", headers=[(b"cookie", header)])
        log_in = await browser.post(
            "/login",
            data={"name": "desk", "password": "wrong"},
            headers=[(b"cookie", header), (b"sec-fetch-site", b"same-origin")],
        )

    assert (page.status_code, log_in.status_code) == (303, 403)


PATHS = (
    *("/", "/bulk", "/figures", "/backlog", "/account", "/kept", "/accounts", "/login", f"/cases/{REQUEST}"),
    *("/export/cases.csv", "/export/figures/outcomes.csv", "/export/visits.csv"),
    *("/api/v1/cases", "/api/v1/quotes"),
)
NAMES = (
    *("q", "tab", "state", "brochure", "industry", "assignee", "outcome", "reason", "turnover", "mail", "answer", "by"),
    *("premium_from", "premium_to", "quoted_from", "quoted_to", "mailed_from", "mailed_to", "from", "to"),
    *("changed_from", "days", "order", "after", "before", "last", "next", "limit", "request_id", "received_since"),
    *("received_before", "changed_since", "open", "done"),
)
WORDS = ("-", "0", "1", "newest", "changed", "due", "premium", "mine", "2199-12-31T23:59:59Z", "2099-12-31", "@", "a@")
NUMBERS = st.integers(-(10**17), 10**17).map(str)
VALUE = st.one_of(st.text(max_size=20), st.sampled_from(WORDS), NUMBERS, NUMBERS.map(lambda number: f"{number}~x"))
CURSORS = st.tuples(st.sampled_from(("newest", "premium", "issued")), st.integers(), st.text(max_size=5)).map(
    lambda cursor: base64.urlsafe_b64encode(json.dumps(cursor).encode()).decode().rstrip("=")
)
QUERY = st.lists(st.tuples(st.sampled_from(NAMES), VALUE | CURSORS), max_size=6)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@example([("/", [("changed_from", "253402300799999")])])
@example([("/api/v1/cases", [("after", "WyJuZXdlc3QiLCAwLCAiXHVkODAwIl0")])])
@given(st.lists(st.tuples(st.sampled_from(PATHS), QUERY), min_size=1, max_size=10))
def test_no_query_of_any_page_is_an_error_of_ours(asked: list[tuple[str, list[tuple[str, str]]]]) -> None:
    """`/?changed_from=253402300799999`: the last second of the year 9999 is in the year 10000 in Japan."""

    async def answers() -> set[int]:
        dashboard = InMemoryDashboard()
        for fact in (a_request(), an_offer()):
            await dashboard.cases.add(fact)
        async with dashboard.browser() as browser:
            headers = await dashboard.token(*Scope)
            addresses = [f"{path}?{urlencode(query, errors='surrogatepass')}" for path, query in asked]
            found = [await browser.get(address, headers=headers) for address in addresses]
        return {answer.status_code for answer in found}

    assert asyncio.run(answers()) <= {200, 303, 422}
