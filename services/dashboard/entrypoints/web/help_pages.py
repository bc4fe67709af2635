"""使い方: what a new colleague needs to know before the first case."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from services.dashboard.entrypoints.web.access import OF_CASES
from services.dashboard.entrypoints.web.dependencies import Deps
from services.dashboard.entrypoints.web.login_pages import CurrentAccount
from services.dashboard.entrypoints.web.rendering import render

router = APIRouter(include_in_schema=False, dependencies=OF_CASES)


@router.get("/help")
async def how_to(request: Request, deps: Deps, account: CurrentAccount) -> Response:
    """The same for every role."""
    return render(request, "help.html", account=account, form_url=deps.form_url)
