"""One's own account: how one logs in, where one is logged in, and what was typed when a session had ended."""

import re
from datetime import timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from services.dashboard.domain.account import Account, KeptPost
from services.dashboard.domain.answers import choice_label, question_label
from services.dashboard.domain.roles import Staff
from services.dashboard.entrypoints.web.access import CurrentStaff, LoggedIn
from services.dashboard.entrypoints.web.dependencies import DENSE, PLAIN_FORMS, Dependencies, Deps
from services.dashboard.entrypoints.web.kept_wording import ShownPost, case_of_post, shown_post
from services.dashboard.entrypoints.web.rendering import KEYS_COOKIE, KEYS_OFF, problem_page, render
from services.dashboard.entrypoints.web.staff_wording import REFUSALS, ROLES
from services.dashboard.usecases.check_password import WrongPassword
from services.dashboard.usecases.log_in import SESSION_IDLE, digest_of
from services.dashboard.usecases.open_case import OpenedCase

_KEYS_LAST: Final = timedelta(days=365)

router = APIRouter(include_in_schema=False, dependencies=PLAIN_FORMS)

_OUR_LIST: Final = re.compile(r"/(\?[!-~]{0,2000})?")
_ROWS_LAST_S: Final = 365 * 24 * 3600


@router.get("/account")
async def own_account(request: Request, deps: Deps, staff: CurrentStaff, account: LoggedIn) -> Response:
    """What staff may change about their own account."""
    return await _own_account(request, deps, staff, account)


@router.post("/account/company")
async def unlink_company(
    request: Request, deps: Deps, staff: CurrentStaff, account: LoggedIn, password: Annotated[str, Form()] = ""
) -> Response:
    """No longer log in by the company's account. All sessions end, and one logs in with the password."""
    refusal = await deps.staff.unlink_company.own(staff.name, password)
    if refusal:
        return await _own_account(request, deps, staff, account, refusal)
    return RedirectResponse("/login?done=company", 303)


async def _own_account(
    request: Request, deps: Dependencies, staff: Staff, account: Account, refusal: WrongPassword | None = None
) -> Response:
    now = deps.staff.now()
    return render(
        request,
        "own_account.html",
        {None: 200, "locked": 429}.get(refusal, 409),
        account=staff.name,
        shown=account,
        problem=REFUSALS[refusal] if refusal else None,
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


@router.post("/rows")
async def choose_rows(
    deps: Deps,
    staff: CurrentStaff,  # noqa: ARG001  # whoever is logged in
    rows: Annotated[str, Form()] = "",
    back: Annotated[str, Form()] = "/",
) -> Response:
    """Remember in this browser how close the rows of the list stand, and go back to it."""
    response = RedirectResponse(back if _OUR_LIST.fullmatch(back) else "/", 303)
    response.set_cookie(
        deps.rows_cookie,
        DENSE if rows == DENSE else "comfortable",
        max_age=_ROWS_LAST_S,
        path="/",
        secure=deps.https,
        httponly=True,
        samesite="strict",
    )
    return response


@router.post("/account/keys")
async def set_keys(deps: Deps, _staff: CurrentStaff, keys: Annotated[str, Form()] = "") -> Response:
    """Let single keys do something on the pages of this browser, or not: other browsers have other keyboards."""
    response = RedirectResponse("/account#keys", 303)
    value = KEYS_OFF if keys == KEYS_OFF else "on"
    lasts_s = int(_KEYS_LAST.total_seconds())
    response.set_cookie(
        KEYS_COOKIE, value, max_age=lasts_s, path="/", secure=deps.https, httponly=True, samesite="strict"
    )
    return response


@router.get("/kept")
async def kept(request: Request, deps: Deps, staff: CurrentStaff) -> Response:
    """What was sent after the session had ended, in the words of its forms, with a button that sends it now."""
    posts = [await _shown(post, deps, staff) for post in await deps.staff.keep_post.of(staff.name)]
    return render(request, "kept.html", account=staff.name, posts=posts)


async def _shown(post: KeptPost, deps: Dependencies, staff: Staff) -> tuple[ShownPost, OpenedCase | None]:
    """With the case that it is about, for who may see cases: it is opened, and that is recorded."""
    request_id = case_of_post(post)
    opened = await deps.open_case(request_id, staff.name) if request_id and staff.may("see-cases") else None
    if not isinstance(opened, OpenedCase):
        return shown_post(post), None
    product = deps.products.get(opened.case.request.product)
    form = product.form if product else None
    return shown_post(post, lambda key, value: (question_label(form, key), choice_label(form, key, value))), opened


@router.post("/kept/{key}")
async def send_kept(request: Request, key: str, deps: Deps, staff: CurrentStaff) -> Response:
    """Send it: the browser repeats the form, which has all fields, to where it was meant to go (307).

    It is taken out of the store before: pressing the button twice must not send it twice.
    """
    post = await deps.staff.keep_post.take(staff.name, key)
    return RedirectResponse(f"{post.path}#problems", 307) if post else problem_page(request, 404, staff.name)


@router.post("/kept/{key}/discard")
async def discard_kept(key: str, deps: Deps, staff: CurrentStaff) -> Response:
    """Forget it."""
    await deps.staff.keep_post.take(staff.name, key)
    return RedirectResponse("/kept", 303)
