"""Logging in: nobody sees a case without logging in, and guessing is slow."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from httpx import AsyncClient

from services.dashboard.domain.lockout import ALLOWED_TRIES
from tests.services.dashboard.builders import REQUEST
from tests.services.dashboard.fakes import FROM_OWN_PAGE, ORIGIN, PASSWORD, InMemoryDashboard, log_in, text

pytestmark = pytest.mark.anyio


async def fail(browser: AsyncClient, times: int, name: str = "desk") -> list[int]:
    return [(await log_in(browser, name, "wrong")).status_code for _ in range(times)]


@pytest.mark.parametrize(
    ("path", "target"),
    [
        pytest.param("/", "/login", id="the list"),
        pytest.param(f"/cases/{REQUEST}", f"/login?next=/cases/{REQUEST}", id="a case"),
        pytest.param("/cases/%2F%2Fevil.example", "/login", id="a path that is no page of ours"),
    ],
)
async def test_who_is_not_logged_in_is_sent_to_the_log_in_page(path: str, target: str) -> None:
    async with InMemoryDashboard().browser(logged_in=False) as browser:
        response = await browser.get(path)

    assert response.status_code in {303, 404}
    assert response.headers.get("location", "/login") == target


async def test_the_right_password_leads_to_where_one_wanted_to_go() -> None:
    dashboard = InMemoryDashboard()

    async with dashboard.browser(logged_in=False) as browser:
        response = await log_in(browser, page=f"/cases/{REQUEST}")

    assert (response.status_code, response.headers["location"]) == (303, f"/cases/{REQUEST}")
    assert dashboard.audit.acts == [("logged-in", "desk", None)]


@pytest.mark.parametrize(
    "page", ["https://evil.example/", "//evil.example/", "/\\evil.example", "/login", "javascript:1"]
)
async def test_a_link_to_the_log_in_page_does_not_lead_to_another_site(page: str) -> None:
    async with InMemoryDashboard().browser(logged_in=False) as browser:
        page_before = await browser.get("/login", params={"next": page})
        response = await log_in(browser, page=page)

    assert response.headers["location"] == "/"
    assert "evil" not in page_before.text


@pytest.mark.parametrize(("name", "password"), [("desk", "wrong"), ("stranger", PASSWORD), ("", "")])
async def test_a_wrong_name_and_a_wrong_password_look_the_same(name: str, password: str) -> None:
    """And take the same work: neither the page nor the time that it takes shows which accounts exist."""
    dashboard = InMemoryDashboard()

    async with dashboard.browser(logged_in=False) as browser:
        response = await log_in(browser, name, password)

    assert response.status_code == 403
    assert "ログイン名またはパスワードが違います。" in text(response)
    assert "set-cookie" not in response.headers
    assert dashboard.passwords.work == 1


async def test_the_audit_does_not_keep_what_a_stranger_typed_as_a_name() -> None:
    """People type their password into the wrong field."""
    dashboard = InMemoryDashboard()

    async with dashboard.browser(logged_in=False) as browser:
        await log_in(browser, "my-secret-password", "")
        await log_in(browser, "desk", "wrong")

    assert dashboard.audit.acts == []
    assert [account for _, _, account, _ in dashboard.failed.counts] == [None, "desk"]


async def test_after_five_failures_even_the_right_password_must_wait() -> None:
    dashboard = InMemoryDashboard()

    async with dashboard.browser(logged_in=False) as browser:
        refused = await fail(browser, ALLOWED_TRIES)
        locked = await log_in(browser)
        dashboard.time += timedelta(minutes=15)
        later = await log_in(browser)

    assert refused == [403] * ALLOWED_TRIES
    assert locked.status_code == 429
    assert later.status_code == 303


async def test_trying_while_locked_does_not_make_the_wait_longer() -> None:
    dashboard = InMemoryDashboard()

    async with dashboard.browser(logged_in=False) as browser:
        await fail(browser, ALLOWED_TRIES)
        dashboard.time += timedelta(minutes=14)
        await fail(browser, 3)
        dashboard.time += timedelta(minutes=1)
        later = await log_in(browser)

    assert later.status_code == 303


async def test_a_stranger_is_locked_like_anybody() -> None:
    """Else the lock itself would show which accounts exist."""
    async with InMemoryDashboard().browser(logged_in=False) as browser:
        statuses = await fail(browser, ALLOWED_TRIES + 1, "stranger")

    assert statuses == [403] * ALLOWED_TRIES + [429]


async def test_the_failures_of_one_account_do_not_lock_another() -> None:
    async with InMemoryDashboard().browser(logged_in=False) as browser:
        await fail(browser, ALLOWED_TRIES, "stranger")

        assert (await log_in(browser)).status_code == 303


async def test_a_right_password_clears_the_failures_before_it() -> None:
    async with InMemoryDashboard().browser(logged_in=False) as browser:
        await fail(browser, ALLOWED_TRIES - 1)
        await log_in(browser)

        assert await fail(browser, ALLOWED_TRIES) == [403] * ALLOWED_TRIES


async def test_the_ledger_holds_no_token_that_could_be_used() -> None:
    dashboard = InMemoryDashboard()

    async with dashboard.browser() as browser:
        tokens = [str(cookie.value) for cookie in browser.cookies.jar]

    assert len(tokens) == 2
    assert not [token for token in tokens if token in str((dashboard.sessions.begun, dashboard.devices.known))]


async def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites() -> None:
    async with InMemoryDashboard(https=True).browser(logged_in=False) as browser:
        cookie = (await log_in(browser)).headers["set-cookie"]

    assert cookie.startswith("__Host-mitsumori-desk=")
    assert {"HttpOnly", "SameSite=strict", "Secure", "Path=/", "Max-Age=46800"} <= set(cookie.split("; "))


async def test_a_session_ends_after_twelve_hours() -> None:
    dashboard = InMemoryDashboard()

    async with dashboard.browser() as browser:
        for _ in range(13):
            dashboard.time += timedelta(hours=12, seconds=-1) / 13
            before = await browser.get("/")
        dashboard.time += timedelta(seconds=1)
        after = await browser.get("/")

    assert (before.status_code, after.status_code) == (200, 303)


async def test_a_session_ends_after_an_hour_without_a_page() -> None:
    """S15: whoever came to a screen that was left in the morning could read every case until the evening."""
    dashboard = InMemoryDashboard()

    async with dashboard.browser() as browser:
        dashboard.time += timedelta(minutes=59)
        used = await browser.get("/")
        dashboard.time += timedelta(minutes=61)
        left = await browser.get("/")

    assert (used.status_code, left.status_code) == (200, 303)


async def test_logging_out_makes_a_copied_cookie_worthless() -> None:
    dashboard = InMemoryDashboard()

    async with dashboard.browser() as browser:
        copied = "; ".join(f"{cookie.name}={cookie.value}" for cookie in browser.cookies.jar)
        await browser.post("/logout", headers=FROM_OWN_PAGE)
        response = await browser.get("/", headers={"Cookie": copied})

    assert response.status_code == 303
    assert dashboard.audit.acts[-1] == ("logged-out", "desk", None)


async def test_a_log_in_ends_the_session_that_the_browser_had() -> None:
    """Two share a computer: the second logged in over the first, whose session then lived on for up to 12 hours.

    No cookie led to it any more, so that nobody could log out of it; whoever had copied its cookie was still in
    (OWASP, Session Management: renew the session at each log-in, and destroy the earlier one).
    """
    dashboard = InMemoryDashboard()
    dashboard.accounts.hashes["boss"] = dashboard.accounts.hashes["desk"]

    async with dashboard.browser() as shared, dashboard.browser(logged_in=False) as copy:
        copy.cookies.update(shared.cookies)
        await log_in(shared, "boss")
        statuses = [(await browser.get("/")).status_code for browser in (shared, copy)]

    assert statuses == [200, 303]
    assert await dashboard.sessions.of("desk", dashboard.time, dashboard.time) == []
    assert [act for act in dashboard.audit.acts if act[0].startswith("logged")] == [
        ("logged-in", "desk", None),
        ("logged-out", "desk", None),
        ("logged-in", "boss", None),
    ]


async def test_a_session_that_somebody_else_chose_is_not_the_one_that_begins() -> None:
    """Session fixation: an attacker plants a cookie whose value they know, and waits for its owner to log in."""
    dashboard = InMemoryDashboard()

    async with dashboard.browser(logged_in=False) as victim, dashboard.browser(logged_in=False) as attacker:
        for browser in (victim, attacker):
            browser.cookies.set("mitsumori-desk", "chosen-by-the-attacker", domain="desk.example.jp")
        answer = await log_in(victim)
        page = await attacker.get("/")

    assert "chosen-by-the-attacker" not in answer.headers["set-cookie"]
    assert page.status_code == 303


async def test_a_log_in_that_fails_ends_no_session() -> None:
    """And one without a session, or with an ended or invented one, ends none either."""
    dashboard = InMemoryDashboard()

    async with dashboard.browser() as office, dashboard.browser(logged_in=False) as other:
        await log_in(office, "desk", "wrong")
        other.cookies.set("mitsumori-desk", "invented")
        await log_in(other)
        statuses = [(await browser.get("/")).status_code for browser in (office, other)]

    assert statuses == [200, 200]
    assert ("logged-out", "desk", None) not in dashboard.audit.acts


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({"Sec-Fetch-Site": "same-origin"}, 303, id="our own form"),
        pytest.param({"Sec-Fetch-Site": "cross-site", "Origin": ORIGIN}, 403, id="a form of another site"),
        pytest.param({"Sec-Fetch-Site": "same-site"}, 403, id="a form of a neighbour"),
        pytest.param({"Origin": ORIGIN}, 303, id="our own form in an older browser"),
        pytest.param({"Origin": "https://evil.example"}, 403, id="another site in an older browser"),
        pytest.param({"Origin": "null"}, 403, id="a form from nowhere"),
        pytest.param({}, 403, id="no browser at all"),
    ],
)
async def test_only_our_own_pages_may_post(headers: dict[str, str], status: int) -> None:
    async with InMemoryDashboard().browser(logged_in=False) as browser:
        response = await browser.post("/login", data={"name": "desk", "password": PASSWORD}, headers=headers)

    assert response.status_code == status


async def test_a_form_of_unlikely_size_is_not_read() -> None:
    async with InMemoryDashboard().browser(logged_in=False) as browser:
        response = await log_in(browser, password="x" * 70_000)

    assert response.status_code == 413


async def test_a_form_without_an_end_is_not_read() -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b"name=desk" * 1_000

    async with InMemoryDashboard().browser(logged_in=False) as browser:
        response = await browser.post("/login", content=endless(), headers=FROM_OWN_PAGE)

    assert response.status_code == 413
    assert "送信された内容が大きすぎます" in text(response)


async def test_a_form_that_cannot_be_read_is_a_page_that_does_not_repeat_it() -> None:
    async with InMemoryDashboard().browser(logged_in=False) as browser:
        response = await browser.post("/login", files={"name": ("secret.txt", b"secret")}, headers=FROM_OWN_PAGE)

    assert (response.status_code, response.headers["content-type"]) == (415, "text/html; charset=utf-8")
    assert "secret" not in response.text


async def test_a_form_in_a_character_set_of_its_own_is_refused() -> None:
    r"""A multipart form with `charset=unicode_escape` and the name `\ud800` was a 500 and a traceback, from anybody."""
    part = 'Content-Disposition: form-data; name="name"\r\n\r\n\\ud800\r\n'
    sent_as = {"content-type": "multipart/form-data; boundary=X; charset=unicode_escape"}

    async with InMemoryDashboard().browser(logged_in=False) as browser:
        response = await browser.post("/login", content=f"--X\r\n{part}--X--\r\n", headers={**FROM_OWN_PAGE, **sent_as})

    assert response.status_code == 415


async def test_a_name_of_64_kb_does_not_come_back_in_full() -> None:
    """Each unprintable character of it was shown in words: 64 KB in, 770 KB out, and that without logging in."""
    async with InMemoryDashboard().browser(logged_in=False) as browser:
        usual = await log_in(browser, "desk", "wrong")
        form = {**FROM_OWN_PAGE, "content-type": "application/x-www-form-urlencoded"}
        flood = await browser.post("/login", content=b"name=" + b"\x80" * 64_000, headers=form)

    assert flood.status_code == 403
    assert len(flood.content) < len(usual.content) + 2_000


async def test_a_lock_and_a_session_hold_in_every_process() -> None:
    """docs/limits.md says so: any process may answer the next click, and guesses at two of them count together."""
    dashboard = InMemoryDashboard()
    async with dashboard.browser(logged_in=False) as one, dashboard.browser(logged_in=False) as another:
        await fail(one, ALLOWED_TRIES)
        locked = await log_in(another)
        dashboard.time += timedelta(hours=1)
        await log_in(one)
        another.cookies.update(one.cookies)
        page = await another.get("/")

    assert (locked.status_code, page.status_code) == (429, 200)
