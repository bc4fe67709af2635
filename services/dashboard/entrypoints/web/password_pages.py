"""Giving oneself a password: by a link that was handed over or mailed, or while one is logged in."""

from typing import Annotated, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from starlette.background import BackgroundTask

from services.dashboard.entrypoints.web.access import LoggedIn
from services.dashboard.entrypoints.web.dependencies import PLAIN_FORMS, Dependencies, Deps
from services.dashboard.entrypoints.web.login_pages import visitor_of
from services.dashboard.entrypoints.web.rendering import render
from services.dashboard.entrypoints.web.staff_wording import REFUSALS
from shared.errors import Invalid

router = APIRouter(include_in_schema=False, dependencies=PLAIN_FORMS)

Typed = Annotated[str, Form()]
_LONGEST: Final = 254
"""Of a mail address (RFC 5321)."""


@router.get("/reset")
async def forgotten_page(request: Request) -> Response:
    """For who has forgotten their password."""
    return render(request, "forgotten.html", is_sent=False)


@router.post("/reset")
async def forgotten(request: Request, deps: Deps, account: Typed = "") -> Response:
    """Mail a link. The page is the same whatever was typed, and is sent first: the time would tell who exists."""
    response = render(request, "forgotten.html", is_sent=True)
    response.background = BackgroundTask(deps.staff.ask_reset, account.strip()[:_LONGEST], visitor_of(request, deps))
    return response


@router.get("/reset/{token}")
async def reset_page(request: Request, token: str, deps: Deps) -> Response:
    """The form for a password, for whoever has the link. Looking at it does not use the link up."""
    name = await deps.staff.accept_invitation.account(token)
    return await _form(request, deps, name) if name else _no_such_link(request)


@router.post("/reset/{token}")
async def reset(  # noqa: PLR0917  # FastAPI takes them by name
    request: Request, token: str, deps: Deps, new: Typed = "", repeated: Typed = "", drop_passkeys: Typed = ""
) -> Response:
    """Set the password. Whoever did so logs in with it: the link itself lets nobody in."""
    name = await deps.staff.accept_invitation.account(token)
    if name is None:
        return _no_such_link(request)
    if new != repeated:
        return await _form(request, deps, name, "not-repeated")
    try:
        weak = await deps.staff.accept_invitation(token, new)
    except Invalid:
        return _no_such_link(request)
    if weak:
        return await _form(request, deps, name, weak)
    if drop_passkeys:
        await deps.staff.own_passkeys.remove(name, by=name)
    return RedirectResponse("/login?done=password", 303)


@router.get("/account/password")
async def password_page(request: Request, account: LoggedIn) -> Response:
    """The form for another password."""
    return render(request, "password.html", account=account.name, must=account.must_change_password, problem=None)


@router.post("/account/password")
async def change_password(  # noqa: PLR0917  # FastAPI takes them by name
    request: Request, deps: Deps, account: LoggedIn, current: Typed = "", new: Typed = "", repeated: Typed = ""
) -> Response:
    """Change the own password. All sessions end, and one logs in with the new one."""
    refusal = "not-repeated" if new != repeated else await deps.staff.change_password(account.name, current, new)
    if refusal is None:
        return RedirectResponse("/login?done=password", 303)
    shown = {"must": account.must_change_password, "problem": REFUSALS[refusal]}
    return render(request, "password.html", 429 if refusal == "locked" else 409, account=account.name, **shown)


async def _form(request: Request, deps: Dependencies, name: str, problem: str | None = None) -> Response:
    status, has_passkeys = 409 if problem else 200, bool(await deps.staff.passkeys.of(name))
    text = REFUSALS[problem] if problem else None
    return render(request, "reset.html", status, name=name, problem=text, has_passkeys=has_passkeys)


def _no_such_link(request: Request) -> Response:
    return render(request, "reset_gone.html", 404)
