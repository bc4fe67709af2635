"""The way in and out: the log-in page, the session cookie, and who is asking."""

import re
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from services.dashboard.entrypoints.web.desk import Desk, desk_of, render
from services.dashboard.usecases.log_in import SESSION_LASTS, Locked, LoggedIn, Refused

_OUR_PAGES: Final = re.compile(r"/(cases/[0-9A-Za-z-]{1,64})?")
_WRONG: Final = "ログイン名またはパスワードが違います。"
_LOCKED: Final = (
    "ログインの失敗が続いたため、この名前では15分間ログインできません。時間をおいてからもう一度お試しください。"
)

router = APIRouter(include_in_schema=False)


class NotLoggedIn(Exception):
    """Whoever asks must log in first."""


async def staff(request: Request, desk: Annotated[Desk, Depends(desk_of)]) -> str:
    """The account that asks. Raises `NotLoggedIn`."""
    account = await desk.recognise(request.cookies.get(desk.cookie, ""))
    if account is None:
        raise NotLoggedIn
    return account


async def to_log_in(request: Request, _error: Exception) -> Response:
    """After logging in, people continue where they wanted to go."""
    page = request.url.path if request.method == "GET" else "/"
    target = f"/login?next={page}" if page != "/" and _OUR_PAGES.fullmatch(page) else "/login"
    return RedirectResponse(target, 303)


@router.get("/login")
async def show_log_in(
    request: Request, desk: Annotated[Desk, Depends(desk_of)], page: Annotated[str, Query(alias="next")] = "/"
) -> Response:
    """The log-in page; who is logged in already goes on."""
    if await desk.recognise(request.cookies.get(desk.cookie, "")):
        return RedirectResponse(_ours(page), 303)
    return render(request, "login.html", page=_ours(page), name="", problem=None)


@router.post("/login")
async def log_in(
    request: Request,
    desk: Annotated[Desk, Depends(desk_of)],
    name: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    page: Annotated[str, Form(alias="next")] = "/",
) -> Response:
    """Begin a session, or say what is wrong without saying which half of it."""
    name = name.strip().lower()
    match await desk.log_in(name, password):
        case LoggedIn(token):
            response = RedirectResponse(_ours(page), 303)
            _set_cookie(response, desk, token, int(SESSION_LASTS.total_seconds()))
            return response
        case Refused():
            return render(request, "login.html", 403, page=_ours(page), name=name, problem=_WRONG)
        case Locked():
            return render(request, "login.html", 429, page=_ours(page), name=name, problem=_LOCKED)


@router.post("/logout")
async def log_out(
    request: Request, desk: Annotated[Desk, Depends(desk_of)], account: Annotated[str, Depends(staff)]
) -> Response:
    """End the session on the server and forget the cookie."""
    await desk.log_out(request.cookies[desk.cookie], account)
    response = RedirectResponse("/login", 303)
    _set_cookie(response, desk, "", 0)
    return response


def _set_cookie(response: Response, desk: Desk, value: str, max_age_s: int) -> None:
    response.set_cookie(
        desk.cookie, value, max_age=max_age_s, path="/", secure=desk.https, httponly=True, samesite="strict"
    )


def _ours(page: str) -> str:
    """Never a stranger's address: a link to our log-in page must not lead out of the house."""
    return page if _OUR_PAGES.fullmatch(page) else "/"
