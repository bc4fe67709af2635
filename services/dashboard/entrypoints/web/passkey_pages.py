"""Logging in with a passkey, and one's own passkeys. Their pages have a script, and their policy allows it."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from services.dashboard.domain.passkey import Site
from services.dashboard.domain.roles import Staff
from services.dashboard.entrypoints.web.access import CurrentStaff
from services.dashboard.entrypoints.web.dependencies import PLAIN_FORMS, Dependencies, Deps
from services.dashboard.entrypoints.web.login_pages import log_in_page, start_session, visitor_of
from services.dashboard.entrypoints.web.page_policy import with_script
from services.dashboard.entrypoints.web.rendering import render
from services.dashboard.entrypoints.web.staff_wording import PASSKEY_REFUSED, REFUSALS
from services.dashboard.usecases.log_in import LoggedIn as NewSession

router = APIRouter(include_in_schema=False, dependencies=PLAIN_FORMS)

Typed = Annotated[str, Form()]
_LONGEST_NAME = 40


@router.post("/login/passkey/options")
async def log_in_options(request: Request, deps: Deps) -> Response:
    """What the script asks the browser for."""
    return _json(await deps.staff.recognise_by_passkey.options(_site(request, deps)))


@router.post("/login/passkey")
async def log_in(
    request: Request, deps: Deps, credential: Typed = "", page: Annotated[str, Form(alias="next")] = "/"
) -> Response:
    """Begin a session for whoever has the key."""
    name = await deps.staff.recognise_by_passkey(credential, _site(request, deps))
    match await deps.log_in.by_passkey(name, visitor_of(request, deps)):
        case NewSession() as session:
            return await start_session(deps, session, name or "", page)
        case _:
            return log_in_page(request, 403, page=page, problem=PASSKEY_REFUSED)


@router.get("/account/passkeys")
async def passkeys(request: Request, deps: Deps, account: CurrentStaff) -> Response:
    """One's own keys, and the form for another."""
    return await _page(request, deps, account)


@router.post("/account/passkeys/options")
async def options(request: Request, deps: Deps, account: CurrentStaff) -> Response:
    """What the script asks the browser to make."""
    return _json(await deps.staff.own_passkeys.options(account.name, _site(request, deps)))


@router.post("/account/passkeys")
async def add_passkey(  # noqa: PLR0917  # FastAPI takes them by name
    request: Request,
    deps: Deps,
    account: CurrentStaff,
    credential: Typed = "",
    password: Typed = "",
    called: Typed = "",
) -> Response:
    """Add the key that the browser has made."""
    called = called.strip()[:_LONGEST_NAME] or "パスキー"
    site = _site(request, deps)
    refusal = await deps.staff.own_passkeys.add(account.name, password, credential, site, called=called)
    return await _page(request, deps, account, refusal) if refusal else RedirectResponse("/account/passkeys", 303)


@router.post("/account/passkeys/remove")
async def remove_passkey(deps: Deps, account: CurrentStaff, key: Typed = "") -> Response:
    """Remove one of the own keys."""
    if key:
        await deps.staff.own_passkeys.remove(account.name, key, by=account.name)
    return RedirectResponse("/account/passkeys", 303)


async def _page(request: Request, deps: Dependencies, account: Staff, refusal: str | None = None) -> Response:
    names: dict[str, Any] = {
        "account": account.name,
        "keys": await deps.staff.passkeys.of(account.name),
        "problem": REFUSALS[refusal] if refusal else None,
    }
    return with_script(render(request, "passkeys.html", 409 if refusal else 200, **names))


def _site(request: Request, deps: Dependencies) -> Site:
    """Where the browser is: the `Host` that it sent, which was checked to be one of ours."""
    scheme = "https" if deps.https else "http"
    return Site(request.url.hostname or "", f"{scheme}://{request.headers['host']}")


def _json(text: str) -> Response:
    return Response(text, media_type="application/json")
