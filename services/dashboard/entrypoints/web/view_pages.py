"""Saving a list under a name, and forgetting it."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from services.dashboard.domain.listing import Selection, Viewer
from services.dashboard.entrypoints.web.access import OF_CASES, CurrentStaff
from services.dashboard.entrypoints.web.dependencies import Dependencies, Deps
from services.dashboard.entrypoints.web.list_query import address_of, query_at, selection_of
from services.dashboard.entrypoints.web.list_wording import VIEW_PROBLEMS
from services.dashboard.entrypoints.web.login_pages import CurrentAccount
from services.dashboard.entrypoints.web.rendering import problem_page

router = APIRouter(include_in_schema=False, dependencies=OF_CASES)


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
    selection = selection_at(address, deps, account)
    if selection is None:
        return problem_page(request, 409, account)
    own = address_of(selection)
    if problem := await deps.save_view(name, own, account, is_shared=shared == "1"):
        return problem_page(request, 409, account, why=VIEW_PROBLEMS[problem], back=own)
    return RedirectResponse(own, 303)


@router.post("/views/{key}/remove")
async def remove(key: str, deps: Deps, staff: CurrentStaff) -> Response:
    """Forget a view: one's own, or as an admin one that is shared."""
    await deps.remove_view(key, staff)
    return RedirectResponse("/", 303)


def selection_at(address: str, deps: Dependencies, account: str) -> Selection | None:
    """The list at an *address* that a form brought back; None for one that cannot be read.

    To read it as the list of all cases would mean much more than was shown.
    """
    query = query_at(address)
    if query is None:
        return None
    return selection_of(query, Viewer(account=account, now=deps.now()), deps.list_cases.keys)
