"""One's own account: how one logs in, where one is logged in, and what was typed when a session had ended."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from services.dashboard.entrypoints.web.access import CurrentStaff, LoggedIn
from services.dashboard.entrypoints.web.dependencies import Deps
from services.dashboard.entrypoints.web.rendering import problem_page, render
from services.dashboard.entrypoints.web.staff_wording import ROLES
from services.dashboard.usecases.log_in import SESSION_IDLE, digest_of

router = APIRouter(include_in_schema=False)


@router.get("/account")
async def own_account(request: Request, deps: Deps, staff: CurrentStaff, account: LoggedIn) -> Response:
    """What staff may change about their own account."""
    now = deps.staff.now()
    return render(
        request,
        "own_account.html",
        account=staff.name,
        shown=account,
        may_keep_accounts=staff.may("keep-accounts"),
        ROLES=ROLES,
        email=await deps.staff.mail_link.addresses.of(staff.name),
        sessions=await deps.staff.sessions.of(staff.name, now, now - SESSION_IDLE),
        this_session=digest_of(request.cookies.get(deps.cookie, "")),
        kept=len(await deps.staff.keep_post.of(staff.name)),
    )


@router.post("/account/sessions")
async def end_session(deps: Deps, staff: CurrentStaff, session: Annotated[str, Form()] = "") -> Response:
    """Log out of one of the own browsers."""
    await deps.staff.end_session(staff.name, session)
    return RedirectResponse("/account", 303)


@router.get("/kept")
async def kept(request: Request, deps: Deps, staff: CurrentStaff) -> Response:
    """What was sent after the session had ended, with a button that sends it now."""
    posts = await deps.staff.keep_post.of(staff.name)
    return render(request, "kept.html", account=staff.name, posts=posts)


@router.post("/kept/{key}")
async def send_kept(request: Request, key: str, deps: Deps, staff: CurrentStaff) -> Response:
    """Send it: the browser repeats the form, which has all fields, to where it was meant to go (307).

    It is taken out of the store before: pressing the button twice must not send it twice.
    """
    post = await deps.staff.keep_post.take(staff.name, key)
    return RedirectResponse(post.path, 307) if post else problem_page(request, 404, staff.name)


@router.post("/kept/{key}/discard")
async def discard_kept(key: str, deps: Deps, staff: CurrentStaff) -> Response:
    """Forget it."""
    await deps.staff.keep_post.take(staff.name, key)
    return RedirectResponse("/kept", 303)
