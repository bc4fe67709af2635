"""Every route of the dashboard, and who is answered there. A route that this table does not know fails the test."""

from typing import Any, Final

import pytest
from fastapi.routing import iter_route_contexts
from httpx import AsyncClient

from services.dashboard.domain.roles import Role
from tests.services.dashboard.builders import REQUEST
from tests.services.dashboard.fakes import FROM_OWN_PAGE, InMemoryDashboard, log_in, text

pytestmark = pytest.mark.anyio

OPEN: Final = {"GET /login", "POST /login", "GET /favicon.ico", "GET /robots.txt", "GET /static"} | {
    "GET /reset/{token}",
    "POST /reset/{token}",
}
"""Answered to everybody."""
FROM_ROLE: Final = {
    "POST /logout": Role.viewer,
    "GET /account/password": Role.viewer,
    "POST /account/password": Role.viewer,
    "GET /account/two-step": Role.viewer,
    "POST /account/two-step": Role.viewer,
    "GET /account": Role.viewer,
    "POST /account/sessions": Role.viewer,
    "GET /kept": Role.viewer,
    "POST /kept/{key}": Role.viewer,
    "POST /kept/{key}/discard": Role.viewer,
    "GET /": Role.viewer,
    "GET /cases/{request_id}": Role.viewer,
    "POST /cases/{request_id}/release": Role.desk,
    "POST /cases/{request_id}/release-mails": Role.desk,
    "POST /cases/{request_id}/work": Role.desk,
    "POST /cases/{request_id}/decide": Role.desk,
    "POST /cases/{request_id}/approve": Role.desk,
    "POST /cases/{request_id}/take-back": Role.desk,
    "GET /accounts": Role.admin,
    "POST /accounts": Role.admin,
    "GET /accounts/{name}": Role.admin,
    "POST /accounts/{name}": Role.admin,
}
"""The least role that a route needs."""


def routes() -> set[str]:
    found = set()
    for route in iter_route_contexts(InMemoryDashboard().app().routes):
        methods = getattr(route, "methods", None) or {"GET"}
        found |= {f"{method} {route.path}" for method in methods - {"HEAD"}}
    return found


async def ask(browser: AsyncClient, route: str) -> Any:  # noqa: ANN401  # httpx's response
    method, _, path = route.partition(" ")
    return await browser.request(method, path.format(**NAMES), headers=FROM_OWN_PAGE)


NAMES: Final = {"request_id": REQUEST, "name": "desk", "token": "x" * 43, "session": "0" * 64, "key": "0" * 32}


def test_every_route_says_who_may_use_it() -> None:
    """Red? Add the new route: to `FROM_ROLE`, with the role that its `may(…)` begins with."""
    assert routes() == OPEN | set(FROM_ROLE)


@pytest.mark.parametrize("route", sorted(FROM_ROLE))
async def test_nobody_is_answered_without_logging_in(route: str) -> None:
    async with InMemoryDashboard().browser(logged_in=False) as browser:
        response = await ask(browser, route)

    assert response.status_code == 303
    assert response.headers["location"].startswith("/login")


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("route", sorted(FROM_ROLE))
async def test_a_route_is_answered_from_its_role_on(route: str, role: Role) -> None:
    dashboard = InMemoryDashboard()
    dashboard.accounts.roles["desk"] = role

    async with dashboard.browser() as browser:
        response = await ask(browser, route)

    refused = response.status_code == 403 and "この操作の権限がありません" in text(response)
    roles = list(Role)
    assert refused == (roles.index(role) < roles.index(FROM_ROLE[route]))


async def test_another_role_holds_in_running_sessions_at_once() -> None:
    dashboard = InMemoryDashboard()

    async with dashboard.browser() as browser:
        before = await ask(browser, "POST /cases/{request_id}/release")
        dashboard.accounts.roles["desk"] = Role.viewer
        after = await ask(browser, "POST /cases/{request_id}/release")

    assert (before.status_code, after.status_code) == (409, 403)


@pytest.mark.parametrize("closed", ["disabled", "removed"])
async def test_who_is_disabled_or_removed_sees_nothing_more(closed: str) -> None:
    """Even where ending the sessions was cut short: the account itself is asked at every request."""
    dashboard = InMemoryDashboard()

    async with dashboard.browser() as browser:
        if closed == "disabled":
            await dashboard.accounts.disable("desk", dashboard.time)
        else:
            await dashboard.accounts.remove("desk")
        response = await browser.get("/")

    assert (response.status_code, response.headers["location"]) == (303, "/login")
    assert dashboard.sessions.begun


async def test_a_password_that_somebody_else_made_up_is_changed_before_anything_else() -> None:
    dashboard = InMemoryDashboard()
    dashboard.accounts.temporary.add("desk")

    async with dashboard.browser(logged_in=False) as browser:
        await log_in(browser)
        page, release = await browser.get("/"), await ask(browser, "POST /cases/{request_id}/release")
        out = await ask(browser, "POST /logout")

    assert page.headers["location"] == release.headers["location"] == "/account/password"
    assert out.headers["location"] == "/login"
