"""Every route of the dashboard, and who is answered there. A route that this table does not know fails the test."""

from datetime import timedelta
from typing import Any, Final

import pytest
from fastapi.routing import iter_route_contexts
from httpx import AsyncClient

from services.dashboard.domain.roles import Role
from services.dashboard.domain.token import Scope
from tests.services.dashboard.builders import REQUEST, a_request, an_offer
from tests.services.dashboard.fakes import FROM_OWN_PAGE, InMemoryDashboard, log_in, text

pytestmark = pytest.mark.anyio

OPEN: Final = {"GET /login", "POST /login", "GET /favicon.ico", "GET /robots.txt", "GET /static"} | {
    "GET /login/company",
    "GET /login/company/back",
    "GET /reset",
    "POST /reset",
    "GET /reset/{token}",
    "POST /reset/{token}",
    "POST /login/passkey",
    "POST /login/passkey/options",
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
    "POST /account/company": Role.viewer,
    "POST /account/keys": Role.viewer,
    "GET /account/passkeys": Role.viewer,
    "POST /account/passkeys": Role.viewer,
    "POST /account/passkeys/options": Role.viewer,
    "POST /account/passkeys/remove": Role.viewer,
    "POST /rows": Role.viewer,
    "GET /kept": Role.viewer,
    "POST /kept/{key}": Role.viewer,
    "POST /kept/{key}/discard": Role.viewer,
    "GET /": Role.viewer,
    "GET /figures": Role.viewer,
    "GET /help": Role.viewer,
    "GET /bulk": Role.desk,
    "POST /bulk": Role.desk,
    "GET /bulk/{key}": Role.desk,
    "POST /bulk/{key}": Role.desk,
    "GET /post": Role.desk,
    "POST /post": Role.desk,
    "GET /post/{key}": Role.desk,
    "GET /post/{key}/{product}.pdf": Role.desk,
    "POST /views": Role.desk,
    "POST /views/{key}/remove": Role.desk,
    "GET /backlog": Role.desk,
    "POST /backlog/retry": Role.manager,
    "POST /backlog/discard": Role.manager,
    "GET /export/cases.{kind}": Role.desk,
    "GET /export/figures/{name}.{kind}": Role.viewer,
    "GET /export/visits.{kind}": Role.viewer,
    "GET /cases/{request_id}": Role.viewer,
    "GET /cases/{request_id}/sent": Role.viewer,
    "GET /brochures/{sha256}": Role.viewer,
    "GET /events": Role.viewer,
    "GET /cases/{request_id}/events": Role.viewer,
    "GET /cases/{request_id}/letters/{letter_id}": Role.viewer,
    "GET /cases/{request_id}/letters/{letter_id}/files/{number}": Role.viewer,
    "POST /cases/{request_id}/letters/{letter_id}/copy": Role.desk,
    "POST /cases/{request_id}/presence": Role.viewer,
    "PUT /cases/{request_id}/draft": Role.desk,
    "POST /cases/{request_id}/draft": Role.desk,
    "POST /cases/{request_id}/draft/discard": Role.desk,
    "POST /cases/{request_id}/release": Role.desk,
    "POST /cases/{request_id}/release-mails": Role.desk,
    "POST /cases/{request_id}/work": Role.desk,
    "POST /cases/{request_id}/decide": Role.desk,
    "GET /cases/{request_id}/answers": Role.desk,
    "GET /cases/{request_id}/hand-over.{kind}": Role.desk,
    "POST /cases/{request_id}/answers": Role.desk,
    "POST /cases/{request_id}/approve": Role.desk,
    "POST /cases/{request_id}/take-back": Role.desk,
    "GET /programs": Role.admin,
    "POST /programs/tokens": Role.admin,
    "POST /programs/tokens/{name}/revoke": Role.admin,
    "POST /programs/webhooks": Role.admin,
    "GET /programs/webhooks/{name}": Role.admin,
    "POST /programs/webhooks/{name}/remove": Role.admin,
    "POST /programs/webhooks/{name}/pause": Role.admin,
    "POST /programs/webhooks/{name}/resume": Role.admin,
    "POST /programs/webhooks/{name}/replay": Role.admin,
    "GET /accounts": Role.admin,
    "POST /accounts": Role.admin,
    "GET /accounts/{name}": Role.admin,
    "POST /accounts/{name}": Role.admin,
    "POST /accounts/{name}/email": Role.admin,
}
"""The least role that a route needs."""
OF_SCRIPTS: Final = {
    "GET /events",
    "GET /cases/{request_id}/events",
    "GET /cases/{request_id}/letters/{letter_id}",
    "POST /cases/{request_id}/presence",
    "PUT /cases/{request_id}/draft",
    "POST /cases/{request_id}/draft",
}
"""What a page asks by itself: a log-in page in its place would help nobody."""
API: Final = {
    "GET /api/v1/cases": Scope.CASES_READ,
    "GET /api/v1/cases/{request_id}": Scope.CASES_READ,
    "GET /api/v1/quotes": Scope.QUOTES_READ,
    "GET /api/v1/quotes/{quote_id}": Scope.QUOTES_READ,
}
"""For programs: the scope that their token needs. No role opens them, and no token opens anything else."""


QUOTE: Final = f"{REQUEST}:r1"


def routes() -> set[str]:
    found = set()
    for route in iter_route_contexts(InMemoryDashboard().app().routes):
        methods = getattr(route, "methods", None) or {"GET"}
        found |= {f"{method} {route.path}" for method in methods - {"HEAD"}}
    return found


async def ask(browser: AsyncClient, route: str) -> Any:  # noqa: ANN401  # httpx's response
    method, _, path = route.partition(" ")
    return await browser.request(method, path.format(**NAMES), headers=FROM_OWN_PAGE)


NAMES: Final = {
    "request_id": REQUEST,
    "name": "desk",
    "token": "x" * 43,
    "session": "0" * 64,
    "key": "0" * 32,
    "kind": "csv",
    "product": "cyber-security",
    "quote_id": QUOTE,
    "letter_id": f"{REQUEST}:quote",
    "number": "0",
    "sha256": "0" * 64,
}


def test_every_route_says_who_may_use_it() -> None:
    """Red? Add the new route: to `FROM_ROLE`, with the role that its `may(…)` begins with; to `API`, with its scope."""
    assert routes() == OPEN | set(FROM_ROLE) | set(API)


@pytest.mark.parametrize("route", sorted(FROM_ROLE))
async def test_nobody_is_answered_without_logging_in(route: str) -> None:
    async with InMemoryDashboard().browser(logged_in=False) as browser:
        response = await ask(browser, route)

    if route in OF_SCRIPTS:
        assert response.status_code == 401
    else:
        assert response.status_code == 303
        assert response.headers["location"].startswith("/login")


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("route", sorted(FROM_ROLE))
async def test_a_route_is_answered_from_its_role_on(route: str, role: Role) -> None:
    dashboard = InMemoryDashboard(is_stopping=True)  # so that an answer that goes on ends at once
    dashboard.accounts.roles["desk"] = role

    async with dashboard.browser() as browser:
        response = await ask(browser, route)

    refused = response.status_code == 403 and "この操作の権限がありません" in text(response)
    roles = list(Role)
    assert refused == (roles.index(role) < roles.index(FROM_ROLE[route]))


@pytest.mark.parametrize("route", sorted(route for route, role in FROM_ROLE.items() if role is not Role.viewer))
async def test_who_tries_what_their_role_does_not_allow_is_recorded(route: str) -> None:
    dashboard = InMemoryDashboard(is_stopping=True)
    dashboard.accounts.roles["desk"] = Role.viewer

    async with dashboard.browser() as browser:
        await ask(browser, route)

    assert ("refused", "desk", route) in dashboard.audit.abouts


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
            await dashboard.accounts.remove("desk", dashboard.time)
        response = await browser.get("/")

    assert (response.status_code, response.headers["location"]) == (303, "/login")
    assert dashboard.sessions.begun


async def test_a_password_that_somebody_else_made_up_is_changed_before_anything_else() -> None:
    dashboard = InMemoryDashboard()
    dashboard.accounts.temporary.add("desk")

    async with dashboard.browser(logged_in=False) as browser:
        await log_in(browser)
        page, release = await browser.get("/"), await ask(browser, "POST /cases/{request_id}/release")
        keys = [await ask(browser, route) for route in FROM_ROLE if "passkeys" in route]
        out = await ask(browser, "POST /logout")

    # Whoever made the password up could have come back by a key of their own after it was changed.
    assert [answer.headers.get("location") for answer in keys] == ["/account/password"] * 4
    assert page.headers["location"] == release.headers["location"] == "/account/password"
    assert out.headers["location"] == "/login"


@pytest.mark.parametrize("scope", Scope)
@pytest.mark.parametrize("route", sorted(API))
async def test_the_api_is_answered_to_a_token_with_its_scope_only(route: str, scope: Scope) -> None:
    dashboard = await with_a_quote()
    needs_case = {Scope.CASES_READ} if scope is Scope.CASES_CONTACT else set()
    others = {one for one in Scope if one is not API[route]} - {Scope.CASES_CONTACT}

    async with dashboard.browser(logged_in=False) as program:
        allowed = await program.get(path_of(route), headers=await dashboard.token(API[route], name="right"))
        wanted = await program.get(path_of(route), headers=await dashboard.token(scope, *needs_case, name="this"))
        wrong = await program.get(path_of(route), headers=await dashboard.token(*others, name="wrong"))

    assert allowed.status_code == 200
    assert wanted.status_code == (200 if API[route] in {scope, *needs_case} else 403)
    assert (wrong.status_code, "insufficient_scope" in wrong.headers["www-authenticate"]) == (403, True)


@pytest.mark.parametrize("route", sorted(API))
async def test_the_api_is_closed_to_who_has_no_token_that_works(route: str) -> None:
    dashboard = await with_a_quote()
    unknown = {"Authorization": f"Bearer mitsumori_{'x' * 43}"}

    async with dashboard.browser() as admin:
        with_session = await admin.get(path_of(route), headers=FROM_OWN_PAGE)
    async with dashboard.browser(logged_in=False) as program:
        revoked, ended = await dashboard.token(*Scope, name="revoked"), await dashboard.token(*Scope, name="ended")
        await dashboard.tokens.revoke("revoked", dashboard.time)
        tried = [await program.get(path_of(route), headers=headers) for headers in ({}, unknown, revoked)]
        dashboard.time += timedelta(days=30)
        tried.append(await program.get(path_of(route), headers=ended))

    assert [answer.status_code for answer in (with_session, *tried)] == [401] * 5
    assert {answer.headers["content-type"] for answer in (with_session, *tried)} == {"application/problem+json"}
    assert all(answer.headers["www-authenticate"].startswith("Bearer") for answer in (with_session, *tried))


@pytest.mark.parametrize("route", sorted(FROM_ROLE))
async def test_a_token_opens_no_page(route: str) -> None:
    dashboard = InMemoryDashboard()

    async with dashboard.browser(logged_in=False) as program:
        program.headers.update(await dashboard.token(*Scope))
        response = await ask(program, route)

    if route in OF_SCRIPTS:
        assert response.status_code == 401
    else:
        assert (response.status_code, response.headers["location"].partition("?")[0]) == (303, "/login")


@pytest.mark.parametrize("route", sorted(API))
async def test_the_api_is_no_concern_of_other_sites_pages(route: str) -> None:
    """No browser of another site may read it, and no rule against forgery keeps a program from it."""
    dashboard = await with_a_quote()
    other_site = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    preflight = {
        **other_site,
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "authorization",
    }

    async with dashboard.browser(logged_in=False) as program:
        token = await dashboard.token(*Scope)
        read = await program.get(path_of(route), headers=token | other_site)
        asked = await program.options(path_of(route), headers=preflight)
        written = [await program.request(method, path_of(route), headers=token) for method in ("POST", "DELETE")]

    assert (read.status_code, asked.status_code) == (200, 405)
    assert not [name for answer in (read, asked) for name in answer.headers if name.startswith("access-control")]
    assert {answer.status_code for answer in written} <= {403, 405}


def path_of(route: str) -> str:
    return route.partition(" ")[2].format(**NAMES)


async def with_a_quote() -> InMemoryDashboard:
    dashboard = InMemoryDashboard()
    for fact in (a_request(), an_offer()):
        await dashboard.cases.add(fact)
    return dashboard
