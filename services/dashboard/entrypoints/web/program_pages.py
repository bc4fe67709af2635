"""Other programs, for admins: what may read the desk with a token, and what is told by webhooks (docs/api.md)."""

from datetime import datetime, time, timedelta
from typing import Annotated, Any, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from services.dashboard.domain.token import Scope
from services.dashboard.domain.webhook import KEPT_FOR, PAUSED_AT_MOST
from services.dashboard.entrypoints.web.access import CurrentStaff, may
from services.dashboard.entrypoints.web.dependencies import PLAIN_FORMS, Dependencies, Deps
from services.dashboard.entrypoints.web.list_query import day_in
from services.dashboard.entrypoints.web.program_wording import DELIVERIES, EVENTS, PROBLEMS, SCOPES, WHY
from services.dashboard.entrypoints.web.rendering import problem_page, render
from services.dashboard.usecases.pause_webhook import PauseWebhook, ResumeWebhook
from shared.clock import JST
from shared.errors import Invalid

router = APIRouter(include_in_schema=False, dependencies=[*PLAIN_FORMS, may("keep-accounts")])

_SCOPES: Final = {scope.value: scope for scope in Scope}
_FIRST_YEAR: Final = 2000
"""Of events (shared/events/base.py)."""
_LINES: Final = 200
_LONGEST_NAME: Final = 32

Typed = Annotated[str, Form()]
Chosen = Annotated[list[str] | None, Form()]


@router.get("/programs")
async def programs(request: Request, deps: Deps, staff: CurrentStaff) -> Response:
    """All tokens and subscriptions, with a form for a new one of each."""
    return await _page(request, deps, staff.name)


@router.post("/programs/tokens")
async def make_token(  # noqa: PLR0917  # FastAPI takes them by name
    request: Request, deps: Deps, staff: CurrentStaff, name: Typed = "", days: Typed = "", scope: Chosen = None
) -> Response:
    """Make a token. It is shown now and never again."""
    name, scopes = name.strip().lower(), frozenset(_SCOPES[one] for one in scope or () if one in _SCOPES)
    lasts = timedelta(days=int(days)) if days.isascii() and days.isdecimal() and len(days) <= 3 else timedelta()  # noqa: PLR2004  # digits
    try:
        secret = await deps.programs.make_token(name, scopes, lasts, by=staff.name)
    except Invalid as reason:
        return await _page(request, deps, staff.name, problem=reason, of_token=_shown(name, days=days, chosen=scope))
    return render(request, "program_secret.html", account=staff.name, name=name, secret=secret, is_token=True)


@router.post("/programs/tokens/{name}/revoke")
async def revoke_token(request: Request, name: str, deps: Deps, staff: CurrentStaff) -> Response:
    """Take a token back."""
    try:
        await deps.programs.revoke_token(name, by=staff.name)
    except Invalid:
        return problem_page(request, 404, staff.name)
    return RedirectResponse("/programs", 303)


@router.post("/programs/webhooks")
async def subscribe(  # noqa: PLR0917  # FastAPI takes them by name
    request: Request, deps: Deps, staff: CurrentStaff, name: Typed = "", url: Typed = "", event: Chosen = None
) -> Response:
    """Tell a program from now on. Its secret is shown now and never again."""
    name, url = name.strip().lower(), url.strip()
    try:
        secret = await deps.programs.subscribe(name, url, event or (), by=staff.name)
    except Invalid as reason:
        return await _page(request, deps, staff.name, problem=reason, of_webhook=_shown(name, url=url, chosen=event))
    return render(request, "program_secret.html", account=staff.name, name=name, secret=secret, is_token=False)


@router.get("/programs/webhooks/{name}")
async def webhook(request: Request, name: str, deps: Deps, staff: CurrentStaff) -> Response:
    """One subscription with its delivery log."""
    return await _webhook(request, deps, staff.name, name)


@router.post("/programs/webhooks/{name}/remove")
async def unsubscribe(request: Request, name: str, deps: Deps, staff: CurrentStaff) -> Response:
    """Tell it no more, not even what is on its way."""
    try:
        await deps.programs.unsubscribe(name, by=staff.name)
    except Invalid:
        return problem_page(request, 404, staff.name)
    return RedirectResponse("/programs", 303)


@router.post("/programs/webhooks/{name}/pause")
async def pause(request: Request, name: str, deps: Deps, staff: CurrentStaff) -> Response:
    """Let its messages wait."""
    return await _on_or_off(request, name, deps.programs.pause, staff.name)


@router.post("/programs/webhooks/{name}/resume")
async def resume(request: Request, name: str, deps: Deps, staff: CurrentStaff) -> Response:
    """Send what has waited."""
    return await _on_or_off(request, name, deps.programs.resume, staff.name)


async def _on_or_off(request: Request, name: str, change: PauseWebhook | ResumeWebhook, account: str) -> Response:
    try:
        await change(name, by=account)
    except Invalid:
        return problem_page(request, 404, account)
    return RedirectResponse(f"/programs/webhooks/{name}", 303)


@router.post("/programs/webhooks/{name}/replay")
async def replay(request: Request, name: str, deps: Deps, staff: CurrentStaff, since: Typed = "") -> Response:
    """Tell it again, from the beginning of a day in Japan on."""
    day = day_in(since)
    if day is None or day.year < _FIRST_YEAR:
        return await _webhook(request, deps, staff.name, name, problem="bad-day")
    try:
        count = await deps.programs.replay(name, datetime.combine(day, time(), JST), by=staff.name)
    except Invalid:
        return problem_page(request, 404, staff.name)
    return await _webhook(request, deps, staff.name, name, queued=count)


async def _page(
    request: Request,
    deps: Dependencies,
    account: str,
    *,
    problem: Invalid | None = None,
    of_token: dict[str, Any] | None = None,
    of_webhook: dict[str, Any] | None = None,
) -> Response:
    return render(
        request,
        "programs.html",
        409 if problem else 200,
        account=account,
        problem=PROBLEMS[str(problem)] if problem else None,
        now=deps.now(),
        tokens=await deps.programs.tokens.all(),
        webhooks=await deps.programs.subscriptions.all(),
        counts=await deps.programs.deliveries.counts(),
        of_token=of_token or _shown("", days="90"),
        of_webhook=of_webhook or _shown("", url=""),
        SCOPES=SCOPES,
        DELIVERIES=DELIVERIES,
        EVENTS=EVENTS,
    )


async def _webhook(request: Request, deps: Dependencies, account: str, name: str, **shown: Any) -> Response:  # noqa: ANN401  # what was done
    found = await deps.programs.subscriptions.find(name)
    if found is None:
        return problem_page(request, 404, account)
    shown = {"problem": None, "queued": None, **shown}
    attempts = await deps.programs.deliveries.log(name, _LINES)
    waiting = (await deps.programs.deliveries.counts()).get((name, "waiting"), 0)
    texts = {"EVENTS": EVENTS, "WHY": WHY, "kept_days": KEPT_FOR.days, "most": _LINES, "waiting": waiting}
    texts["most_days"] = PAUSED_AT_MOST.days
    status = 409 if shown["problem"] else 200
    return render(request, "webhook.html", status, account=account, webhook=found, attempts=attempts, **texts, **shown)


def _shown(name: str, *, chosen: list[str] | None = None, **typed: str) -> dict[str, Any]:
    """What the form was filled in with."""
    return {"name": name[:_LONGEST_NAME], "chosen": chosen or [], **typed}
