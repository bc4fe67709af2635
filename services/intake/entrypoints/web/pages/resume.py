"""The page that a mailed link leads to (`save.py`): the draft goes on in this browser."""

from dataclasses import replace
from http import HTTPStatus

from fastapi import APIRouter, Response

from services.intake.entrypoints.web.dependencies import Deps
from services.intake.entrypoints.web.html import html_page
from services.intake.entrypoints.web.request_body import PostedFields
from services.intake.entrypoints.web.visit import CurrentVisit, Visit

router = APIRouter(prefix="/{product}/resume/{token}", include_in_schema=False)


@router.get("")
async def show(visit: CurrentVisit, token: str, deps: Deps) -> Response:
    """Only buttons: a program that opens the links in mails must not use up the link. Nothing typed is shown."""
    found = await deps.resume_draft.find(visit.product.slug, token)
    if found is None:
        return _over(visit)
    key, draft = found
    # Not its cookie of the version before, which somebody else may have planted.
    is_own = key == visit.key
    return html_page(
        "resume.html",
        visit.product,
        action=visit.url(f"resume/{token}"),
        is_own=is_own,
        asked=() if is_own else [page.title for page in visit.product.form.pages if page.slug in draft.waiting],
        replaces=bool(visit.draft.typed) and visit.draft.sent is None and key != visit.opened_with,
    )


@router.post("")
async def go_on(visit: CurrentVisit, token: str, posted: PostedFields, deps: Deps) -> Response:
    """This browser has the draft from now on, and no other. `withdraw`: nothing is asked of colleagues any more."""
    resumed = await deps.resume_draft(
        visit.product.slug, token, visit.key, visit.cookie.new_key, asks_nobody="withdraw" in posted
    )
    if resumed is None:
        return _over(visit)
    key, draft = resumed
    visit = replace(visit, draft=draft, key=key, is_new=False, older_key=None, told=("begun", "resumed"))
    return await visit.give_key(visit.redirect_to(visit.progress().unfinished()))


def _over(visit: Visit) -> Response:
    """What to do with a link that was used or is over: it may have been used in this very browser."""
    goes_on = not visit.is_new and visit.draft.sent is None
    following = visit.unfinished_url() if goes_on else ""
    return html_page("link-over.html", visit.product, HTTPStatus.GONE, following=following)
