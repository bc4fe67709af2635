"""The same work on every case of a list: choose it, look at what it is about, begin it, and see how far it is."""

from collections.abc import Mapping
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from services.dashboard.domain.bulk import MOST, BulkRun, BulkWork, is_possible
from services.dashboard.domain.listing import Selection, Viewer
from services.dashboard.domain.new_work import Assign, Close, Post
from services.dashboard.entrypoints.web.access import OF_CASES, may
from services.dashboard.entrypoints.web.dependencies import Dependencies, Deps, sent_fields
from services.dashboard.entrypoints.web.filter_wording import in_words
from services.dashboard.entrypoints.web.list_query import selection_of
from services.dashboard.entrypoints.web.login_pages import CurrentAccount
from services.dashboard.entrypoints.web.rendering import problem_page, render
from services.dashboard.entrypoints.web.view_pages import selection_at
from services.dashboard.entrypoints.web.wording import OUTCOMES
from services.dashboard.entrypoints.web.work_form import work_in
from services.dashboard.entrypoints.web.work_wording import DECLINED, NOT_TAKEN_UP, PROBLEMS

router = APIRouter(include_in_schema=False, dependencies=OF_CASES)

_SHOWN: Final = 20
_SKIPPED_SHOWN: Final = 50
"""For each reason."""
_NOTHING: Final[Mapping[str, str]] = {}


@router.get("/bulk", dependencies=[may("work-on-cases")])
async def choose(request: Request, deps: Deps, account: CurrentAccount) -> Response:
    """What can be done to all cases of the list that the address asks for."""
    query = {name: request.query_params.getlist(name) for name in request.query_params}
    selection = selection_of(query, Viewer(account=account, now=deps.now()), deps.list_cases.keys)
    return await _choices(request, deps, selection)


@router.post("/bulk", dependencies=[may("work-on-cases")])
async def propose(request: Request, deps: Deps, account: CurrentAccount) -> Response:
    """Fix which cases it is about, and show them. Nothing is done yet."""
    fields = await sent_fields(request)
    asked = work_in(fields)
    selection = selection_at(fields.get("address", ""), deps, account)
    if selection is not None and asked is not None and isinstance(asked[1], Assign | Post | Close):
        if problem := _problem(asked[1], fields):
            return await _choices(request, deps, selection, typed=fields, problem=problem)
        run = await deps.bulk.propose(selection, asked[1])
        if run is not None:
            return RedirectResponse(f"/bulk/{run.id}", 303)
    return problem_page(request, 409, account)


@router.get("/bulk/{key}", dependencies=[may("work-on-cases")])
async def show(request: Request, key: str, deps: Deps, account: CurrentAccount) -> Response:
    """Before it begins: how many cases it is about, and the first of them. After that: how far it is, and what not."""
    run = await deps.bulk.find(key, account)
    if run is None:
        return problem_page(request, 404, account)
    has_begun = run.is_running or run.at > 0
    first = [] if has_begun else [one.request_id for one in run.planned[:_SHOWN]]
    reasons = _reasons(run)
    skipped = [request_id for request_ids in reasons.values() for request_id in request_ids[:_SKIPPED_SHOWN]]
    return render(
        request,
        "bulk_run.html",
        account=account,
        run=run,
        words=_words(run.work),
        has_begun=has_begun,
        is_for_good=isinstance(run.work, Post),
        first=first,
        reasons=reasons,
        most=_SKIPPED_SHOWN,
        opened=await deps.list_cases.opened([*first, *skipped], account, "listed-cases"),
    )


@router.post("/bulk/{key}", dependencies=[may("work-on-cases")])
async def begin(request: Request, key: str, deps: Deps, account: CurrentAccount) -> Response:
    """Begin it, or go on with it after it was cut short."""
    if await deps.bulk.begin(key, account):
        return RedirectResponse(f"/bulk/{key}", 303)
    return problem_page(request, 404, account)


async def _choices(
    request: Request,
    deps: Dependencies,
    selection: Selection,
    *,
    typed: Mapping[str, str] = _NOTHING,
    problem: str | None = None,
) -> Response:
    return render(
        request,
        "bulk.html",
        422 if problem else 200,
        account=selection.viewer.account,
        selection=selection,
        total=await deps.list_cases.summaries.count(selection, MOST + 1),
        most=MOST,
        narrowed=in_words(selection, deps.industries),
        workers=await deps.staff.workers(),
        typed=typed,
        problem=problem,
    )


def _problem(work: BulkWork, fields: Mapping[str, str]) -> str | None:
    """What must be chosen first. Nobody chosen is not the same as nobody wanted, which has a form of its own."""
    match work:
        case Assign(to=None) if "unassign" not in fields:
            return "対応者を選択してください。"
        case Close(outcome=None):
            return PROBLEMS["no-outcome"]
        case Close() if not is_possible(work):
            return "結果に合う理由を選択してください。「見送り」「お引受けできない」のときだけ、理由が必要です。"
        case _:
            return None


def _words(work: BulkWork) -> str:
    match work:
        case Assign(to=None):
            return "対応者を外す"
        case Assign(to=to):
            return f"対応者を {to} にする"
        case Post():
            return "資料を郵送済みにする"
        case Close(outcome=outcome, reason=reason):
            why = (NOT_TAKEN_UP | DECLINED).get(reason, "")
            return f"対応を終える（{OUTCOMES[outcome] if outcome else ''}{f'：{why}' if why else ''}）"


def _reasons(run: BulkRun) -> dict[str, list[str]]:
    """The cases to which it was not done, by the reason."""
    found: dict[str, list[str]] = {}
    for one in run.skipped:
        found.setdefault(one.reason, []).append(one.request_id)
    return found
