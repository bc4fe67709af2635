"""What holds for every page, and what the page says when something cannot be shown."""

import re

import pytest
from structlog.testing import capture_logs

from shared.events import Parcel
from tests.services.dashboard.builders import (
    CONTACT,
    PRODUCT,
    REQUEST,
    a_request,
    a_whole_story,
    an_offer,
)
from tests.services.dashboard.fakes import InMemoryDashboard, get, text

pytestmark = pytest.mark.anyio


async def test_markup_in_an_answer_is_shown_and_not_obeyed() -> None:
    hostile = '<script>alert("x")</script>&<b>'
    request = a_request(
        company=hostile, person="\"><img src=x onerror='1'>", typed={"phone": hostile, "d3_01": hostile}
    )

    for path in ("/", f"/cases/{REQUEST}"):
        response = await get(path, request)

        assert not re.search(r"<script(?! src=)", response.text)
        assert "<img" not in response.text
        assert hostile in text(response).replace("  ", " ") or "&lt;script&gt;" in response.text


async def test_a_parcel_that_cannot_be_opened_hides_itself_and_not_the_case() -> None:
    lost = {"desk": Parcel(key="desk-0", box="AAAA")}
    dashboard = InMemoryDashboard()
    await dashboard.cases.add(a_request("lost", reception_no="LST22222", parcels=lost))

    async with dashboard.browser() as browser:
        listing, case = await browser.get("/"), await browser.get("/cases/lost")

    assert "LST22222" in listing.text
    assert "開封できません" in text(listing)
    assert "開封できません（unknown-key）" in text(case)


@pytest.mark.parametrize("path", ["/cases/nobody", "/cases/%00", "/nowhere"])
async def test_a_case_that_does_not_exist_is_a_page_that_says_what_to_do(path: str) -> None:
    response = await get(path)

    assert response.status_code == 404
    assert "一覧からお探しください" in text(response)


async def test_with_the_ledger_away_the_page_says_that_nothing_is_lost() -> None:
    dashboard = InMemoryDashboard()

    async with dashboard.browser() as browser:
        dashboard.cases.away = True
        response = await browser.get(f"/cases/{REQUEST}")

    assert (response.status_code, response.headers["retry-after"]) == (503, "5")
    assert "受け付けたご依頼は失われていません" in text(response)


async def test_a_bug_of_ours_is_a_page_without_details() -> None:
    dashboard = InMemoryDashboard()

    async with dashboard.browser() as browser:
        dashboard.cases.facts["bad"] = "not a fact"  # type: ignore[assignment]  # that is the bug
        response = await browser.get("/")

    assert response.status_code == 500
    assert "システムに問題が発生しました" in text(response)
    assert "Error" not in response.text


async def test_who_opened_which_case_is_noted() -> None:
    dashboard = InMemoryDashboard()

    await get(f"/cases/{REQUEST}", a_request(), dashboard=dashboard)
    await get("/cases/nobody", dashboard=dashboard)

    assert [act for act in dashboard.audit.acts if act[0] != "logged-in"] == [("opened-case", "desk", REQUEST)]


async def test_who_saw_which_cases_in_the_list_is_noted_in_one_entry() -> None:
    """S15: the list shows fifty companies and persons at once, and left no trace."""
    dashboard = InMemoryDashboard()
    for number in range(3):
        await dashboard.cases.add(a_request(f"case-{number}"))

    await get("/", dashboard=dashboard)
    await get("/?state=quoted", dashboard=dashboard)

    assert [(account, sorted(seen)) for account, seen in dashboard.audit.seen] == [
        ("desk", ["case-0", "case-1", "case-2"])
    ]


@pytest.mark.parametrize("path", ["/", "/login", f"/cases/{REQUEST}", "/cases/nobody"])
async def test_every_page_is_for_people_who_read_japanese_with_any_device(path: str) -> None:
    response = await get(path, a_request(), dashboard=InMemoryDashboard())

    if response.status_code == 303:
        return
    assert '<html lang="ja">' in response.text
    assert 'href="#main"' in response.text
    assert "<title>" in response.text
    assert response.text.count("<h1") == 1
    assert response.text.count("<table") == response.text.count("<caption>")


async def test_no_page_is_kept_by_the_browser_or_has_code_in_it() -> None:
    response = await get(f"/cases/{REQUEST}", *a_whole_story())

    assert response.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in response.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in response.headers["content-security-policy"]
    assert response.headers["x-content-type-options"] == "nosniff"
    assert not re.search(r"<script(?! src=)| style=| on[a-z]+=", response.text)


@pytest.mark.parametrize(
    ("path", "may_run"), [("/", True), (f"/cases/{REQUEST}", True), ("/account", False), ("/nowhere", False)]
)
async def test_only_pages_with_scripts_of_ours_may_run_them(path: str, *, may_run: bool) -> None:
    response = await get(path, a_request())

    policy = response.headers["content-security-policy"]
    assert ("script-src 'self'" in policy, "connect-src 'self'" in policy) == (may_run, may_run)
    assert "unsafe" not in policy
    assert ("<script" in response.text) == may_run


@pytest.mark.parametrize(
    ("method", "path", "status", "cache"),
    [
        ("GET", "/login", 200, "no-store"),
        ("GET", "/", 500, "no-store"),
        ("GET", "/nowhere", 404, "no-store"),
        ("GET", "/live", 404, "no-store"),
        ("GET", "/static/dashboard.css", 200, "no-cache"),
        ("GET", "/static/nothing.css", 404, "no-store"),
        ("POST", "/logout", 403, "no-store"),
    ],
)
async def test_every_answer_has_the_headers_that_keep_it_from_misuse(
    method: str, path: str, status: int, cache: str
) -> None:
    """Also a refusal, and the page after a bug of ours."""
    dashboard = InMemoryDashboard(https=True)

    async with dashboard.browser(logged_in=path == "/") as browser:
        dashboard.cases.facts["bad"] = "not a fact"  # type: ignore[assignment]  # that is the bug
        response = await browser.request(method, path)

    assert (response.status_code, response.headers["cache-control"]) == (status, cache)
    assert "default-src 'none'" in response.headers["content-security-policy"]
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["x-frame-options"] == "DENY"
    assert response.headers["referrer-policy"] == "same-origin"
    assert response.headers["cross-origin-opener-policy"] == "same-origin"
    assert response.headers["cross-origin-resource-policy"] == "same-origin"
    assert response.headers["permissions-policy"] == "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
    assert response.headers["x-robots-tag"] == "noindex, nofollow"
    assert response.headers["strict-transport-security"] == "max-age=31536000"


@pytest.mark.parametrize("path", ["/", f"/cases/{REQUEST}"])
async def test_where_premiums_stand_the_tariff_is_said_to_be_an_example(path: str) -> None:
    assert PRODUCT.notices["sample_tariff"] in text(await get(path, a_request(), an_offer()))


async def test_logs_tell_nothing_about_the_customer() -> None:
    dashboard = InMemoryDashboard()
    lost = {"desk": Parcel(key="desk-0", box="AAAA")}
    await dashboard.cases.add(a_request("lost", parcels=lost))

    with capture_logs() as lines:
        await get(f"/cases/{REQUEST}", *a_whole_story(), dashboard=dashboard)
        await get("/", dashboard=dashboard)

    assert lines
    assert not [value for value in CONTACT.values() if value in str(lines)]
