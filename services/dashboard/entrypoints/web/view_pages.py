"""Saving a list under a name, and forgetting it."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from services.dashboard.domain.listing import Selection, Viewer
from services.dashboard.entrypoints.web.dependencies import Dependencies, Deps
from services.dashboard.entrypoints.web.list_query import address_of, query_at, selection_of
from services.dashboard.entrypoints.web.login_pages import CurrentAccount
from services.dashboard.entrypoints.web.rendering import problem_page

router = APIRouter(include_in_schema=False)


@router.post("/views")
async def save(  # noqa: PLR0917  # FastAPI takes them by name
    request: Request,
    deps: Deps,
    account: CurrentAccount,
    name: Annotated[str, Form()] = "",
    address: Annotated[str, Form()] = "",
    shared: Annotated[str, Form()] = "",
) -> Response:
    """Save the list at *address*, which is read and written again: nothing else becomes a link."""
    own = address_of(selection_at(address, deps, account))
    if await deps.save_view(name, own, account, is_shared=shared == "1"):
        return RedirectResponse(own, 303)
    return problem_page(request, 409, account)


@router.post("/views/{key}/remove")
async def remove(key: str, deps: Deps, account: CurrentAccount) -> Response:
    """Forget a view, which must be one's own."""
    await deps.save_view.views.remove(key, account)
    return RedirectResponse("/", 303)


def selection_at(address: str, deps: Dependencies, account: str) -> Selection:
    """The list at an *address* that a form brought back. Whatever makes no sense in it counts as not said."""
    return selection_of(query_at(address), Viewer(account=account, now=deps.now()))
