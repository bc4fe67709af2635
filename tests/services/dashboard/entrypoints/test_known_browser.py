"""A lock keeps strangers out, not the member of staff whom they guess at (OWASP, device cookies)."""

from datetime import timedelta

import pytest
from httpx import AsyncClient
from structlog.testing import capture_logs

from services.dashboard.domain.lockout import ALLOWED_TRIES, ALLOWED_TRIES_OF_A_NETWORK
from tests.services.dashboard.fakes import FROM_OWN_PAGE, InMemoryDashboard, PlainPasswords, log_in

pytestmark = pytest.mark.anyio


async def log_out(browser: AsyncClient) -> None:
    await browser.post("/logout", headers=FROM_OWN_PAGE)


async def fail(browser: AsyncClient, times: int, name: str = "desk") -> list[int]:
    return [(await log_in(browser, name, "wrong")).status_code for _ in range(times)]


async def test_strangers_cannot_lock_out_a_browser_that_has_logged_in_before() -> None:
    """S15: five posts of anybody locked `staff` for fifteen minutes, and ten an hour for ever."""
    dashboard = InMemoryDashboard()

    async with dashboard.browser() as office, dashboard.browser(logged_in=False, address="203.0.113.9") as stranger:
        await log_out(office)
        locked = await fail(stranger, ALLOWED_TRIES + 1)
        from_office = await log_in(office)
        right_password_of_stranger = await log_in(stranger)

    assert locked[-1] == 429
    assert from_office.status_code == 303
    assert right_password_of_stranger.status_code == 429


async def test_a_known_browser_has_no_more_guesses_than_others() -> None:
    dashboard = InMemoryDashboard()

    async with dashboard.browser() as stolen, dashboard.browser(logged_in=False) as other:
        await log_out(stolen)
        statuses = await fail(stolen, ALLOWED_TRIES + 1)

        assert statuses == [403] * ALLOWED_TRIES + [429]
        assert (await log_in(other)).status_code == 303


async def test_a_browser_is_known_only_to_the_accounts_that_logged_in_with_it() -> None:
    dashboard = InMemoryDashboard()
    dashboard.accounts.hashes["boss"] = dashboard.accounts.hashes["desk"]

    async with dashboard.browser() as office, dashboard.browser(logged_in=False) as stranger:
        await fail(stranger, ALLOWED_TRIES, "boss")

        assert (await log_in(office, "boss")).status_code == 429


async def test_two_who_share_a_computer_are_both_known_there() -> None:
    dashboard = InMemoryDashboard()
    dashboard.accounts.hashes["boss"] = dashboard.accounts.hashes["desk"]

    async with dashboard.browser() as shared, dashboard.browser(logged_in=False) as stranger:
        await log_in(shared, "boss")
        await log_out(shared)
        await fail(stranger, ALLOWED_TRIES, "desk")
        await fail(stranger, ALLOWED_TRIES, "boss")

        assert [(await log_in(shared, name)).status_code for name in ("desk", "boss")] == [303, 303]


async def test_a_cookie_that_we_never_gave_out_is_worth_nothing() -> None:
    dashboard = InMemoryDashboard()

    async with dashboard.browser(logged_in=False) as browser:
        browser.cookies.set("mitsumori-desk-device", "planted")
        await log_in(browser)
        given = browser.cookies.get("mitsumori-desk-device", domain="desk.example.jp")

    assert given not in {None, "planted"}


@pytest.mark.parametrize(
    "addresses",
    [
        pytest.param(["198.51.100.7"] * 2, id="one address"),
        pytest.param(["2001:db8:1:2::1", "2001:db8:1:2:ffff::2"], id="two addresses of one line"),
        pytest.param(["198.51.100.7", "::ffff:198.51.100.7"], id="one address, written in two ways"),
    ],
)
async def test_one_place_cannot_try_many_accounts(addresses: list[str]) -> None:
    """S15: tries were counted by account only, so one place could try every name five times."""
    dashboard = InMemoryDashboard()
    first, second = addresses

    async with (
        dashboard.browser(logged_in=False, address=first) as here,
        dashboard.browser(logged_in=False, address=second) as there,
        dashboard.browser(logged_in=False, address="203.0.113.9") as elsewhere,
    ):
        statuses = [(await fail(here, 1, f"name-{n}"))[0] for n in range(ALLOWED_TRIES_OF_A_NETWORK)]
        next_name, right = await fail(there, 1, "another"), await log_in(there)
        from_elsewhere = await log_in(elsewhere)
        dashboard.time += timedelta(minutes=15)
        later = await log_in(there)

    assert statuses == [403] * ALLOWED_TRIES_OF_A_NETWORK
    assert (next_name, right.status_code) == ([429], 429)
    assert (from_elsewhere.status_code, later.status_code) == (303, 303)


async def test_who_owns_one_account_cannot_buy_guesses_at_others_with_it() -> None:
    dashboard = InMemoryDashboard()
    tries = 0

    async with dashboard.browser(logged_in=False) as browser:
        while (await fail(browser, 1, f"name-{tries}")) == [403]:
            browser.cookies.clear()
            await log_in(browser)
            browser.cookies.clear()
            tries += 1

    assert tries == ALLOWED_TRIES_OF_A_NETWORK


async def test_a_password_that_was_changed_meanwhile_begins_no_session() -> None:
    """The account is removed while its password is being checked: that log-in must not outlive it."""
    dashboard = InMemoryDashboard()

    class RemovedMeanwhile(PlainPasswords):
        async def verify(self, password_hash: str | None, password: str) -> bool:
            dashboard.accounts.hashes.clear()
            return await super().verify(password_hash, password)

    dashboard.passwords = RemovedMeanwhile()
    async with dashboard.browser(logged_in=False) as browser:
        response = await log_in(browser)

    assert response.status_code == 403
    assert await dashboard.sessions.of("desk", dashboard.time, dashboard.time) == []


async def test_many_failures_in_an_hour_ring_an_alarm_that_is_no_flood_itself() -> None:
    dashboard = InMemoryDashboard()

    with capture_logs() as lines:
        for number in range(10):
            async with dashboard.browser(logged_in=False, address=f"203.0.113.{number}") as browser:
                await fail(browser, 6, "desk")

    alarms = [line for line in lines if line["event"] == "many failed log-ins"]
    assert [(line["log_level"], line["count"]) for line in alarms] == [("error", 50)]
