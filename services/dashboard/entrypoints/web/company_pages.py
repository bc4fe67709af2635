"""Logging in with an account of the company's own provider: to it, and back from it."""

from typing import Annotated, Final

import structlog
from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from services.dashboard.entrypoints.web.dependencies import PLAIN_FORMS, Dependencies, Deps
from services.dashboard.entrypoints.web.login_pages import log_in_page, our_page, set_session, visitor_of
from services.dashboard.entrypoints.web.rendering import problem_page, render
from services.dashboard.entrypoints.web.staff_wording import COMPANY_AWAY, COMPANY_REFUSED, NOT_INVITED
from services.dashboard.usecases.log_in_by_company import LASTS, Entered, NotInvited
from shared.errors import Unavailable

log = structlog.get_logger(__name__)

router = APIRouter(include_in_schema=False, dependencies=PLAIN_FORMS)

_BACK: Final = "/login/company/back"


def redirect_uri(origin: str) -> str:
    """Where the provider sends browsers back to: it must be registered there."""
    return f"{origin}{_BACK}"


@router.get("/login/company")
async def to_provider(request: Request, deps: Deps, page: Annotated[str, Query(alias="next")] = "/") -> Response:
    """Send the browser to the provider. A link and no form: our policy lets no form lead to another site."""
    by_company = deps.staff.log_in_by_company
    if by_company is None:
        return problem_page(request, 404)
    try:
        journey = await by_company.begin(our_page(page))
    except Unavailable as error:
        return _away(request, page, error)
    response = RedirectResponse(journey.address, 303)
    # Lax: the browser comes back from another site, and a strict cookie would stay behind.
    response.set_cookie(
        _cookie(deps),
        journey.token,
        max_age=int(LASTS.total_seconds()),
        path="/",
        secure=deps.https,
        httponly=True,
        samesite="lax",
    )
    return response


@router.get(_BACK)
async def back(request: Request, deps: Deps, state: str = "", code: str = "") -> Response:
    """Begin a session for whom the provider has recognised."""
    by_company = deps.staff.log_in_by_company
    if by_company is None:
        return problem_page(request, 404)
    token = request.cookies.get(_cookie(deps), "")
    try:
        entered = await by_company.finish(state, token, code, visitor_of(request, deps))
    except Unavailable as error:
        return _away(request, "/", error)
    match entered:
        case Entered():
            kept = await deps.staff.keep_post.of(entered.account)
            # A page and no redirect: the browser comes from another site, so it would not show its new cookie yet.
            response: Response = render(request, "entered.html", page="/kept" if kept else entered.page)
            set_session(response, deps, entered.session)
        case NotInvited():
            response = log_in_page(request, 403, page="/", problem=NOT_INVITED)
        case _:
            response = log_in_page(request, 403, page="/", problem=COMPANY_REFUSED)
    response.delete_cookie(_cookie(deps), path="/", secure=deps.https, httponly=True, samesite="lax")
    return response


def _away(request: Request, page: str, error: Unavailable) -> Response:
    """A password opens the dashboard all the same."""
    log.warning("company log-in unavailable", reason=str(error))
    return log_in_page(request, 503, page=page, problem=COMPANY_AWAY)


def _cookie(deps: Dependencies) -> str:
    return f"{deps.cookie}-company"
