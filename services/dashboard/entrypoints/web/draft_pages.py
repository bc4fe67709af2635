"""Save what is typed into the forms of a case, while it is typed."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from services.dashboard.entrypoints.web.access import TypingStaff, may
from services.dashboard.entrypoints.web.dependencies import PLAIN_FORMS, Deps, sent_fields
from services.dashboard.entrypoints.web.draft_form import draft_in, source_in
from services.dashboard.entrypoints.web.login_pages import CurrentAccount
from services.dashboard.entrypoints.web.way_back import case_again
from services.dashboard.entrypoints.web.wording import when

router = APIRouter(include_in_schema=False, dependencies=PLAIN_FORMS)


@router.put("/cases/{request_id}/draft")
async def save(request: Request, request_id: str, deps: Deps, staff: TypingStaff) -> Response:
    """Keep one text. 409: it is not kept, because its form was sent, or a later one is there."""
    fields = await sent_fields(request)
    draft = draft_in(fields, request_id, staff.name, deps.now())
    if draft is None or await deps.open_case.cases.find(request_id) is None:
        return Response(status_code=422)
    saved = await deps.live.drafts(draft, source_in(fields))
    if saved is None:
        return Response(status_code=409)
    return JSONResponse({"saved": when(saved.at, deps.now()), "others": saved.others})


@router.post("/cases/{request_id}/draft")
async def save_at_the_end(request: Request, request_id: str, deps: Deps, staff: TypingStaff) -> Response:
    """The same from a page that is being left: a browser sends nothing but a POST then."""
    return await save(request, request_id, deps, staff)


@router.post("/cases/{request_id}/draft/discard", dependencies=[may("work-on-cases")])
async def discard(request: Request, request_id: str, deps: Deps, account: CurrentAccount) -> Response:
    """Forget a text of another tab, and show its form again."""
    draft = draft_in(await sent_fields(request), request_id, account, deps.now())
    if draft is None:
        return RedirectResponse(case_again(request, request_id), 303)
    await deps.live.drafts.discard(draft)
    page = "/answers" if draft.form == "answers" else ""
    return RedirectResponse(case_again(request, request_id, f"#{draft.form}-saved", page), 303)
