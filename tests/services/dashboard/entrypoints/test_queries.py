"""Whatever stands behind the question mark, the answer is a page."""

import pytest

from tests.services.dashboard.builders import REQUEST, a_request
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
]


_NARROWING = {"premium_from", "industry", "assignee", "reason", "turnover", "by"} | {
    *("premium_to", "quoted_from", "quoted_to", "mailed_from", "mailed_to"),
}


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize(
    "name",
    [
        *("tab", "state", "brochure", "industry", "assignee", "premium_from", "premium_to", "from", "to", "ended"),
        *("stuck", "outcome", "reason", "turnover", "mail", "answer", "by"),
        *("quoted_from", "quoted_to", "mailed_from", "mailed_to"),
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
    response = await get("/?after=1~0", a_request())

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
