"""What agency staff see: the list of cases and one page for each case. They work without scripts."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from services.dashboard.domain.listing import Viewer
from services.dashboard.entrypoints.web.case_page import show_case
from services.dashboard.entrypoints.web.dependencies import Deps, sent_fields
from services.dashboard.entrypoints.web.draft_form import sent_draft, source_in
from services.dashboard.entrypoints.web.list_query import address_of, selection_of, window_of
from services.dashboard.entrypoints.web.login_pages import CurrentAccount
from services.dashboard.entrypoints.web.rendering import problem_page, render, render_live
from services.dashboard.entrypoints.web.work_form import Typed, seen_in, work_in
from services.dashboard.usecases.keep_decision import Done, Overtaken
from services.dashboard.usecases.release import Release
from services.dashboard.usecases.work_on_case import NotDone

router = APIRouter(include_in_schema=False)


@router.get("/")
async def cases(request: Request, deps: Deps, account: CurrentAccount) -> Response:
    """The list. Whatever makes no sense in its address counts as not said."""
    query = {name: request.query_params.getlist(name) for name in request.query_params}
    selection = selection_of(query, Viewer(account=account, now=deps.now()))
    window = window_of(query, selection.order)
    listing = await deps.list_cases(selection, window)
    return render_live(
        request,
        "cases.html",
        account=account,
        notices=deps.notices,
        listing=listing,
        selection=selection,
        industries=deps.industries,
        views=await deps.save_view.views.of(account),
        others=await deps.live.look.others([row.summary.request_id for row in listing.rows], account),
        events=f"/events{address_of(selection, window)[1:]}",
        news="",
    )


@router.get("/cases/{request_id}")
async def case(request: Request, request_id: str, deps: Deps, account: CurrentAccount) -> Response:
    """Everything that is known about one request."""
    return await show_case(request, request_id, deps, account)


@router.post("/cases/{request_id}/release")
async def release(
    request: Request, request_id: str, deps: Deps, account: CurrentAccount, quote_id: Annotated[str, Form()] = ""
) -> Response:
    """Send the quote to the customer."""
    return _released(request, request_id, await deps.release(request_id, quote_id, account), account)


@router.post("/cases/{request_id}/release-mails")
async def release_mails(request: Request, request_id: str, deps: Deps, account: CurrentAccount) -> Response:
    """Let the mails of a held request go out."""
    return _released(request, request_id, await deps.release_request(request_id, account), account)


def _released(request: Request, request_id: str, outcome: Release, account: str) -> Response:
    match outcome:
        case Release.DONE:
            return RedirectResponse(f"/cases/{request_id}", 303)
        case Release.ON_HOLD:
            return render(request, "on_hold.html", 409, account=account, request_id=request_id)
        case Release.NOT_WAITING:
            return problem_page(request, 409, account)


@router.post("/cases/{request_id}/work")
async def work(request: Request, request_id: str, deps: Deps, account: CurrentAccount) -> Response:
    """Do what one of the forms says. What was typed comes back with what is wrong, or with what others did."""
    fields = await sent_fields(request)
    asked = work_in(fields)
    if asked is None:
        return problem_page(request, 409, account)
    kind, wanted = asked
    match await deps.work(request_id, wanted, account, seen_in(fields)):
        case Done():
            if sent := sent_draft(fields, request_id, account, deps.now()):
                await deps.live.drafts.finish(sent, source_in(fields))
            return RedirectResponse(f"/cases/{request_id}#work", 303)
        case NotDone(problems=("no-such-case",)) if kind != "close":
            return problem_page(request, 409, account)
        case NotDone(problems=problems):
            typed = Typed(kind=kind, fields=fields, problems=problems)
            return await show_case(request, request_id, deps, account, typed, status=422)
        case Overtaken():
            typed = Typed(kind=kind, fields=fields, overtaken=True)
            return await show_case(request, request_id, deps, account, typed, status=409)
