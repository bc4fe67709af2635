"""What agency staff see: the list of cases and one page a case. Plain HTML, no scripts."""

from pathlib import Path
from typing import Annotated, Final, cast

from fastapi import APIRouter, Depends, FastAPI, Form, Request
from fastapi.responses import RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from services.dashboard.domain.answers import answered, choice_label, question_label
from services.dashboard.domain.case import State
from services.dashboard.entrypoints.web import entrance
from services.dashboard.entrypoints.web.desk import Desk, desk_of, render
from services.dashboard.entrypoints.web.entrance import NotLoggedIn, staff, to_log_in
from services.dashboard.entrypoints.web.guard import Guard
from services.dashboard.usecases.show import PAGE_SIZE
from shared.errors import Unavailable
from shared.web.problems import HttpProblem

_STATIC: Final = Path(__file__).parent / "static"
_LAST_PAGE: Final = 10_000

router = APIRouter(include_in_schema=False)


def furnish(app: FastAPI, origin: str) -> None:
    """Put the pages, their guard and their error pages into *app*, which needs a `Desk` on `app.state.desk`."""
    app.include_router(entrance.router)
    app.include_router(router)
    app.mount("/static", StaticFiles(directory=_STATIC), name="static")
    app.add_exception_handler(NotLoggedIn, to_log_in)
    app.add_exception_handler(Unavailable, _unavailable)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_middleware(Guard, origin=origin, refuse=_trouble)


@router.get("/")
async def cases(
    request: Request,
    *,
    desk: Annotated[Desk, Depends(desk_of)],
    account: Annotated[str, Depends(staff)],
    state: str = "",
    suspicious: str = "",
    page: str = "1",
) -> Response:
    """The list, newest first. A filter or page number that makes no sense is as good as none."""
    chosen = State(state) if state in set(State) else None
    number = min(int(page), _LAST_PAGE) if page.isascii() and page.isdigit() and int(page) else 1
    only_suspicious = suspicious == "1"
    listing = await desk.list_cases(chosen, number, suspicious=only_suspicious)
    return render(
        request,
        "cases.html",
        account=account,
        notices=desk.notices,
        listing=listing,
        chosen=chosen,
        suspicious=only_suspicious,
        size=PAGE_SIZE,
    )


@router.get("/cases/{request_id}")
async def case(
    request: Request,
    request_id: str,
    desk: Annotated[Desk, Depends(desk_of)],
    account: Annotated[str, Depends(staff)],
) -> Response:
    """Everything that is known about one request."""
    opened = await desk.show_case(request_id, account)
    if opened is None:
        return _trouble(request, 404, account)
    product = desk.products.get(opened.case.request.product)
    return render(
        request,
        "case.html",
        account=account,
        notices=desk.notices,
        opened=opened,
        product=product,
        sections=answered(product.form if product else None, getattr(opened.request, "answers", {})),
        choice=lambda key, value: choice_label(product.form if product else None, key, value),
        question=lambda key: question_label(product.form if product else None, key),
        waiting=desk.release.waiting(opened.case),
    )


@router.post("/cases/{request_id}/release")
async def release(
    request: Request,
    request_id: str,
    desk: Annotated[Desk, Depends(desk_of)],
    account: Annotated[str, Depends(staff)],
    quote_id: Annotated[str, Form()] = "",
) -> Response:
    """Send the quote to the customer."""
    if await desk.release(request_id, quote_id, account):
        return RedirectResponse(f"/cases/{request_id}", 303)
    return _trouble(request, 409, account)


def render_problem(request: Request, problem: HttpProblem) -> Response:
    """The page for whatever goes wrong."""
    return _trouble(request, problem.status)


def _trouble(request: Request, status: int, account: str | None = None) -> Response:
    return render(request, "trouble.html", status, account=account, code=status)


async def _unavailable(request: Request, _error: Exception) -> Response:
    response = _trouble(request, 503)
    response.headers["Retry-After"] = "5"
    return response


async def _http_error(request: Request, error: Exception) -> Response:
    return _trouble(request, cast("HTTPException", error).status_code)
