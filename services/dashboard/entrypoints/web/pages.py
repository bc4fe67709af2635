"""What agency staff see: the list of cases and one page for each case. Plain HTML, no scripts."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from services.dashboard.domain.answers import answer_sections, choice_label, question_label
from services.dashboard.domain.case import BrokenCase
from services.dashboard.domain.listing import Viewer
from services.dashboard.domain.parcels import CannotBeOpened, typed_otherwise
from services.dashboard.entrypoints.web.dependencies import Deps
from services.dashboard.entrypoints.web.list_query import selection_of, window_of
from services.dashboard.entrypoints.web.login_pages import CurrentAccount
from services.dashboard.entrypoints.web.rendering import problem_page, render
from shared.events.parcels import RequestForDesk

router = APIRouter(include_in_schema=False)


@router.get("/")
async def cases(request: Request, deps: Deps, account: CurrentAccount) -> Response:
    """The list. Whatever makes no sense in its address counts as not said."""
    query = {name: request.query_params.getlist(name) for name in request.query_params}
    selection = selection_of(query, Viewer(account=account, now=deps.now()))
    listing = await deps.list_cases(selection, window_of(query, selection.order))
    return render(
        request,
        "cases.html",
        account=account,
        notices=deps.notices,
        listing=listing,
        selection=selection,
        industries=deps.industries,
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
