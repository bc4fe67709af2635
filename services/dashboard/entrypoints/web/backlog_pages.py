"""滞留の確認: where every accepted request is, what waits, and what was set aside."""

from typing import Annotated, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from services.dashboard.domain.case import State
from services.dashboard.domain.listing import Filter, Selection, Viewer
from services.dashboard.entrypoints.web.access import OF_CASES, CurrentStaff, may
from services.dashboard.entrypoints.web.dependencies import Deps
from services.dashboard.entrypoints.web.list_query import address_of
from services.dashboard.entrypoints.web.rendering import problem_page, render
from services.dashboard.usecases.check_backlog import MAILS_FAILED, MAILS_WAITING, STUCK
from services.dashboard.usecases.end_dead_letter import Ended, NotEnded
from shared.runtime.masked import masked

router = APIRouter(include_in_schema=False, dependencies=OF_CASES)

_LISTS: Final = {"stuck": STUCK, "waiting": MAILS_WAITING, "failed": MAILS_FAILED}


@router.get("/backlog", dependencies=[may("work-on-cases")])
async def backlog(request: Request, deps: Deps, staff: CurrentStaff) -> Response:
    """Everything that waits."""
    return await _page(request, deps, staff)


@router.post("/backlog/retry", dependencies=[may("end-dead-letters")])
async def retry(request: Request, deps: Deps, staff: CurrentStaff, letter: Annotated[str, Form()] = "") -> Response:
    """Have a record worked on again."""
    return await _answer(request, deps, staff, await deps.retry_dead_letter(letter, staff.name))


@router.post("/backlog/discard", dependencies=[may("end-dead-letters")])
async def discard(
    request: Request,
    deps: Deps,
    staff: CurrentStaff,
    letter: Annotated[str, Form()] = "",
    reason: Annotated[str, Form()] = "",
) -> Response:
    """Decide that a record is not worked on."""
    return await _answer(request, deps, staff, await deps.discard_dead_letter(letter, staff.name, reason))


async def _answer(request: Request, deps: Deps, staff: CurrentStaff, result: Ended | NotEnded | None) -> Response:
    match result:
        case Ended():
            return RedirectResponse("/backlog#dead-letters", 303)
        case NotEnded(reason=reason):
            return await _page(request, deps, staff, problem=reason, status=422)
        case None:
            return problem_page(request, 409, staff.name)


async def _page(
    request: Request, deps: Deps, staff: CurrentStaff, *, problem: str | None = None, status: int = 200
) -> Response:
    viewer = Viewer(account=staff.name, now=deps.now())
    found = await deps.check_backlog(viewer)
    lists = _LISTS | {state.value: Filter(states=frozenset({state})) for state in State}
    return render(
        request,
        "backlog.html",
        status,
        account=staff.name,
        backlog=found,
        now=viewer.now,
        lists={name: address_of(Selection(viewer=viewer, filter=wanted)) for name, wanted in lists.items()},
        letters=[masked(letter) for letter in found.dead_letters],
        may_end=staff.may("end-dead-letters"),
        problem=problem,
    )
