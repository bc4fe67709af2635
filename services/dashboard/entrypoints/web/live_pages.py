"""What open pages ask by themselves: what has changed in the list or in a case, and that somebody looks at it.

None of it is a use of the session: who leaves a page open and goes home must be logged out.
"""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, Response

from services.dashboard.domain.listing import Viewer
from services.dashboard.entrypoints.web.access import WatchingStaff
from services.dashboard.entrypoints.web.dependencies import PLAIN_FORMS, Deps
from services.dashboard.entrypoints.web.draft_form import TAB
from services.dashboard.entrypoints.web.event_stream import event_stream
from services.dashboard.entrypoints.web.list_query import address_of, selection_of, window_of
from services.dashboard.entrypoints.web.list_wording import news_text
from services.dashboard.entrypoints.web.rendering import render_part
from services.dashboard.ports.live import Look
from services.dashboard.usecases.follow_changes import News
from services.dashboard.usecases.list_cases import Row

router = APIRouter(include_in_schema=False, dependencies=PLAIN_FORMS)


@router.get("/events")
async def list_events(request: Request, deps: Deps, staff: WatchingStaff) -> Response:
    """The list that its address asks for, as often as something in it changes."""
    query = {name: request.query_params.getlist(name) for name in request.query_params}
    known: dict[str, Row] = {}
    came = 0

    async def show(news: News) -> str:
        nonlocal known, came
        selection = selection_of(query, Viewer(account=staff.name, now=deps.now()), deps.list_cases.keys)
        window = window_of(query, selection.order)
        listing = await deps.list_cases(selection, window, known)
        came += len(news.new)
        known = {row.summary.request_id: row for row in listing.rows}
        return render_part(
            "list_live.html",
            may=staff.may,
            account=staff.name,
            listing=listing,
            selection=selection,
            industries=deps.industries,
            workers=await deps.staff.workers(),
            problems=(),
            here=address_of(selection, window),
            form_url=deps.form_url,
            others=await deps.live.look.others(list(known), staff.name),
            news=news_text(came),
        )

    return event_stream(request, deps, staff.name, show)


@router.get("/cases/{request_id}/events")
async def case_events(request: Request, request_id: str, deps: Deps, staff: WatchingStaff, facts: int = 0) -> Response:
    """Who else looks at the case, and whether it has changed since the page knew so many *facts*."""
    is_changed = False

    async def show(news: News) -> str:
        nonlocal is_changed
        if not is_changed and (news.is_anything or request_id in news.request_ids):
            case = await deps.open_case.cases.find(request_id)
            is_changed = case is not None and case.facts != facts
        others = await deps.live.look.others([request_id], staff.name)
        return render_part(
            "case_live.html", request_id=request_id, others=others.get(request_id), is_changed=is_changed
        )

    return event_stream(request, deps, staff.name, show)


@router.get("/cases/{request_id}/letters/{letter_id}")
async def letter(request_id: str, letter_id: str, deps: Deps, staff: WatchingStaff) -> Response:
    """The part of a case's page with a letter that was asked for. 204: it has not come yet."""
    found = await deps.letters.open_one(request_id, letter_id, staff.name)
    if found is None:
        return Response(status_code=404)
    letter, copy = found
    if copy.state == "awaited":
        return Response(status_code=204)
    names = {"request_id": request_id, "letter": letter, "copy": copy, "has_come": True, "now": deps.now()}
    return HTMLResponse(render_part("case_letter.html", **names))


@router.post("/cases/{request_id}/presence")
async def look(  # noqa: PLR0917  # FastAPI takes them by name
    request_id: str,
    deps: Deps,
    staff: WatchingStaff,
    tab: Annotated[str, Form()] = "",
    typing: Annotated[str, Form()] = "",
    gone: Annotated[str, Form()] = "",
) -> Response:
    """Somebody has the page in front of them, or not any more."""
    if not TAB.fullmatch(tab) or not await deps.open_case.cases.find(request_id):
        return Response(status_code=404)
    if gone:
        await deps.live.look.end(request_id, staff.name, tab)
    else:
        await deps.live.look(
            Look(
                request_id=request_id,
                account=staff.name,
                tab=tab,
                is_typing=typing == "1" and staff.may("work-on-cases"),
            )
        )
    return Response(status_code=204)
