"""Logging in and out: the log-in page, the session cookie, and the account that a request comes from."""

import re
from datetime import timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from services.dashboard.domain.account import OWNER_KNOWN_FOR
from services.dashboard.domain.lockout import LOCKED_FOR
from services.dashboard.domain.visitor import Visitor, agent_of, browser_of
from services.dashboard.entrypoints.web.access import CurrentStaff
from services.dashboard.entrypoints.web.access import LoggedIn as LoggedInAccount
from services.dashboard.entrypoints.web.dependencies import PLAIN_FORMS, Dependencies, Deps
from services.dashboard.entrypoints.web.page_policy import with_script
from services.dashboard.entrypoints.web.rendering import render
from services.dashboard.usecases.create_account import LONGEST_NAME
from services.dashboard.usecases.log_in import DEVICE_LASTS, SESSION_LASTS, Locked, LoggedIn, Refused
from shared.web.cross_origin import SAFE_METHODS

_OUR_PAGES: Final = re.compile(r"/(cases/[0-9A-Za-z-]{1,64})?")
_REFUSED_TEXT: Final = "ログイン名またはパスワードが違います。2段階認証を設定している方は、認証コードもご確認ください。"
_LOCKED_TEXT: Final = (
    f"ログインの失敗が続いたため、このブラウザーからは{LOCKED_FOR // timedelta(minutes=1)}分間ログインできません。"
    "時間をおいてからもう一度お試しください。以前にログインしたことのあるブラウザーからは、ログインできることがあります。"
)

router = APIRouter(include_in_schema=False, dependencies=PLAIN_FORMS)


async def current_account(staff: CurrentStaff) -> str:
    """The name of the account that is logged in."""
    return staff.name


CurrentAccount = Annotated[str, Depends(current_account)]


async def redirect_to_login(request: Request, _error: Exception) -> Response:
    """After logging in, people continue where they wanted to go, and with what they had typed."""
    if request.method in SAFE_METHODS:
        page = request.url.path
        target = f"/login?next={page}" if page != "/" and _OUR_PAGES.fullmatch(page) else "/login"
        return RedirectResponse(target, 303)
    deps: Dependencies = request.app.state.dependencies
    fields = [(name, value) for name, value in (await request.form()).multi_items() if isinstance(value, str)]
    is_kept = await deps.staff.keep_post(request.cookies.get(deps.cookie, ""), request.url.path, fields)
    return RedirectResponse("/login?done=kept" if is_kept else "/login", 303)


@router.get("/login")
async def login_page(
    request: Request, deps: Deps, page: Annotated[str, Query(alias="next")] = "/", done: str = ""
) -> Response:
    """The log-in page. Whoever is logged in already goes on."""
    if await deps.authenticate(request.cookies.get(deps.cookie, "")):
        return RedirectResponse(our_page(page), 303)
    return log_in_page(request, page=page, done=done)


@router.post("/login")
async def log_in(  # noqa: PLR0917  # FastAPI takes them by name
    request: Request,
    deps: Deps,
    name: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    code: Annotated[str, Form()] = "",
    page: Annotated[str, Form(alias="next")] = "/",
) -> Response:
    """Begin a session, or say that something of it is wrong, but not what."""
    name = name.strip().lower()
    # 64 KB of characters that are made visible would come back as 770 KB.
    shown = name[:LONGEST_NAME]
    match await deps.log_in(name, password, visitor_of(request, deps), code):
        case LoggedIn() as session:
            return await start_session(deps, session, name, page)
        case Refused():
            return log_in_page(request, 403, page=page, name=shown, problem=_REFUSED_TEXT)
        case Locked():
            return log_in_page(request, 429, page=page, name=shown, problem=_LOCKED_TEXT)


def log_in_page(request: Request, status: int = 200, *, page: str, **shown: str | None) -> Response:
    """The log-in page, with what was wrong (`problem`), what was done (`done`), and the `name` that was typed."""
    deps: Dependencies = request.app.state.dependencies
    names = {"name": "", "problem": None, "done": "", "has_company": deps.staff.log_in_by_company is not None, **shown}
    return with_script(render(request, "login.html", status, page=our_page(page), **names))


async def start_session(deps: Dependencies, session: LoggedIn, name: str, page: str) -> Response:
    """Give the browser its cookies, and lead to *page*, or first to what was typed before the last session ended."""
    kept = await deps.staff.keep_post.of(name)
    response = RedirectResponse("/kept" if kept else our_page(page), 303)
    set_session(response, deps, session)
    return response


def set_session(response: Response, deps: Dependencies, session: LoggedIn) -> None:
    """Give the browser the cookies of a session, and of itself."""
    _set_cookie(response, deps, deps.cookie, session.token, SESSION_LASTS + OWNER_KNOWN_FOR)
    _set_cookie(response, deps, deps.device_cookie, session.device, DEVICE_LASTS)


@router.post("/logout")
async def log_out(request: Request, deps: Deps, account: LoggedInAccount) -> Response:
    """End the session on the server. The browser stays known.

    Its cookie opens nothing any more. For an hour it says whose text it is that comes from another tab.
    """
    token = request.cookies[deps.cookie]
    await deps.log_out(token, account.name)
    response = RedirectResponse("/login", 303)
    _set_cookie(response, deps, deps.cookie, token, OWNER_KNOWN_FOR)
    return response


def visitor_of(request: Request, deps: Dependencies) -> Visitor:
    """Who asks to log in, and from where."""
    return Visitor(
        address=request.client.host if request.client else "",
        browser=browser_of(request.headers.get("user-agent", "")),
        agent=agent_of(request.headers.get("user-agent", "")),
        device=request.cookies.get(deps.device_cookie, ""),
        session=request.cookies.get(deps.cookie, ""),
    )


def _set_cookie(response: Response, deps: Dependencies, name: str, value: str, lasts: timedelta) -> None:
    max_age_s = int(lasts.total_seconds())
    response.set_cookie(name, value, max_age=max_age_s, path="/", secure=deps.https, httponly=True, samesite="strict")


def our_page(page: str) -> str:
    """*page*, unless it is not ours: a link to our log-in page must never lead to another site."""
    return page if _OUR_PAGES.fullmatch(page) else "/"
