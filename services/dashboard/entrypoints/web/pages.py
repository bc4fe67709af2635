"""What agency staff see: the list of cases and one page for each case. They work without scripts."""

import asyncio
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from services.dashboard.domain.listing import Viewer
from services.dashboard.entrypoints.web.access import OF_CASES, CurrentStaff
from services.dashboard.entrypoints.web.case_page import done_page, refused_page, show_case, show_what_was_sent
from services.dashboard.entrypoints.web.dependencies import DENSE, Dependencies, Deps, sent_fields
from services.dashboard.entrypoints.web.filter_wording import range_problems
from services.dashboard.entrypoints.web.list_query import address_of, selection_of, window_of
from services.dashboard.entrypoints.web.login_pages import CurrentAccount
from services.dashboard.entrypoints.web.rendering import render_live
from services.dashboard.entrypoints.web.way_back import case_again
from services.dashboard.entrypoints.web.work_form import Typed, seen_in, work_in
from services.dashboard.usecases.keep_decision import Done, Overtaken
from services.dashboard.usecases.release import NotReleased, Outcome
from services.dashboard.usecases.work_on_case import NotDone

router = APIRouter(include_in_schema=False, dependencies=OF_CASES)
_PAGE: Final = 64
"""Characters of the random text of a page, at most."""


@router.get("/")
async def cases(request: Request, deps: Deps, staff: CurrentStaff) -> Response:
    """The list. Whatever makes no sense in its address counts as not said."""
    account, query = staff.name, {name: request.query_params.getlist(name) for name in request.query_params}
    selection = selection_of(query, Viewer(account=account, now=deps.now()), deps.list_cases.keys)
    window = window_of(query, selection.order)
    listing, workers = await asyncio.gather(deps.list_cases(selection, window), deps.staff.workers())
    return render_live(
        request,
        "cases.html",
        account=account,
        notices=deps.notices,
        listing=listing,
        selection=selection,
        industries=deps.industries,
        workers=workers,
        problems=range_problems(selection.filter),
        here=address_of(selection, window),
        form_url=deps.form_url,
        views=await deps.save_view.views.of(account),
        may_remove_shared=staff.may("keep-accounts"),
        others=await deps.live.look.others([row.summary.request_id for row in listing.rows], account),
        is_dense=request.cookies.get(deps.rows_cookie) == DENSE,
        events=f"/events{address_of(selection, window)[1:]}",
        news="",
    )


@router.get("/cases/{request_id}")
async def case(request: Request, request_id: str, deps: Deps, account: CurrentAccount) -> Response:
    """Everything that is known about one request."""
    return await show_case(request, request_id, deps, account)


@router.get("/cases/{request_id}/sent")
async def sent(request: Request, request_id: str, deps: Deps, account: CurrentAccount) -> Response:
    """What the customer sent, to be printed."""
    return await show_what_was_sent(request, request_id, deps, account)


@router.post("/cases/{request_id}/release")
async def release(request: Request, request_id: str, deps: Deps, account: CurrentAccount) -> Response:
    """Send the quote to the customer."""
    fields = await sent_fields(request)
    outcome = await deps.release(request_id, fields.get("quote_id", ""), account, seen_in(fields))
    return await _answer_release(request, request_id, deps, account, outcome)


@router.post("/cases/{request_id}/release-mails")
async def release_mails(request: Request, request_id: str, deps: Deps, account: CurrentAccount) -> Response:
    """Let the mails of a held request go out."""
    outcome = await deps.release_request(request_id, account, seen_in(await sent_fields(request)))
    return await _answer_release(request, request_id, deps, account, outcome)


async def _answer_release(
    request: Request, request_id: str, deps: Dependencies, account: str, outcome: Outcome
) -> Response:
    match outcome:
        case Done():
            return RedirectResponse(case_again(request, request_id, "#take-back"), 303)
        case NotReleased(problem=problem):
            return await show_case(request, request_id, deps, account, not_released=problem, status=409)
        case Overtaken():
            return await show_case(request, request_id, deps, account, not_released="overtaken", status=409)
        case None:
            return await show_case(request, request_id, deps, account, status=409)


@router.post("/cases/{request_id}/work")
async def work(request: Request, request_id: str, deps: Deps, account: CurrentAccount) -> Response:
    """Do what one of the forms says. What was typed comes back with what is wrong, or with what others did."""
    fields = await sent_fields(request)
    asked = work_in(fields)
    if asked is None:
        return await refused_page(request, request_id, deps, account, "not-ours")
    kind, wanted = asked
    match await deps.work(request_id, wanted, account, seen_in(fields), page=fields.get("page", "")[:_PAGE]):
        case Done(fact=fact):
            return await done_page(request, request_id, deps, account, fact)
        case NotDone(problems=problems):
            typed = Typed(kind=kind, fields=fields, problems=problems)
            return await show_case(request, request_id, deps, account, typed, status=422)
        case Overtaken():
            typed = Typed(kind=kind, fields=fields, overtaken=True)
            return await show_case(request, request_id, deps, account, typed, status=409)
