"""What agency staff see: the list of cases and one page for each case. Plain HTML, no scripts."""

import re
from typing import Annotated, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from services.dashboard.domain.answers import answer_sections, choice_label, question_label
from services.dashboard.domain.case import BrokenCase, State
from services.dashboard.domain.parcels import CannotBeOpened, typed_otherwise
from services.dashboard.entrypoints.web.dependencies import Deps
from services.dashboard.entrypoints.web.login_pages import CurrentAccount
from services.dashboard.entrypoints.web.rendering import problem_page, render
from services.dashboard.usecases.list_cases import PAGE_SIZE
from shared.events.parcels import RequestForDesk

_PAGE_NUMBER: Final = re.compile(r"[1-9][0-9]{0,3}")
"""As far as 9999: nobody goes so far, and Python reads no number of more than 4,300 figures."""

router = APIRouter(include_in_schema=False)


@router.get("/")
async def cases(
    request: Request, deps: Deps, account: CurrentAccount, *, state: str = "", suspicious: str = "", page: str = "1"
) -> Response:
    """The list, newest first. A filter or page number that makes no sense counts as none."""
    chosen = State(state) if state in set(State) else None
    number = int(page) if _PAGE_NUMBER.fullmatch(page) else 1
    only_suspicious = suspicious == "1"
    listing = await deps.list_cases(chosen, number, account, suspicious=only_suspicious)
    return render(
        request,
        "cases.html",
        account=account,
        notices=deps.notices,
        listing=listing,
        chosen=chosen,
        suspicious=only_suspicious,
        size=PAGE_SIZE,
    )


@router.get("/cases/{request_id}")
async def case(request: Request, request_id: str, deps: Deps, account: CurrentAccount) -> Response:
    """Everything that is known about one request."""
    opened = await deps.open_case(request_id, account)
    if opened is None:
        return problem_page(request, 404, account)
    if isinstance(opened, BrokenCase):
        return render(request, "broken_case.html", account=account, case=opened)
    product = deps.products.get(opened.case.request.product)
    sent_under = product.form_of(opened.case.request.form_version) if product else None
    form = sent_under or (product.form if product else None)
    match opened.request:
        case RequestForDesk() as written:
            typed = typed_otherwise(written)
            sections = answer_sections(form, written.answers, typed)
        case CannotBeOpened():
            typed, sections = {}, ()
    return render(
        request,
        "case.html",
        account=account,
        notices=deps.notices,
        opened=opened,
        product=product,
        is_in_todays_words=product is not None and sent_under is None,
        waiting=deps.release.waiting(opened.case),
        expired=deps.release.expired(opened.case),
        choice=lambda key, value: choice_label(form, key, value),
        question=lambda key: question_label(form, key),
        typed=typed,
        sections=sections,
    )


@router.post("/cases/{request_id}/release")
async def release(
    request: Request, request_id: str, deps: Deps, account: CurrentAccount, quote_id: Annotated[str, Form()] = ""
) -> Response:
    """Send the quote to the customer."""
    if await deps.release(request_id, quote_id, account):
        return RedirectResponse(f"/cases/{request_id}", 303)
    return problem_page(request, 409, account)


@router.post("/cases/{request_id}/release-mails")
async def release_mails(request: Request, request_id: str, deps: Deps, account: CurrentAccount) -> Response:
    """Let the mails of a held request go out."""
    if await deps.release_request(request_id, account):
        return RedirectResponse(f"/cases/{request_id}", 303)
    return problem_page(request, 409, account)
