"""The page that a mailed link leads to (`save.py`): the draft goes on in this browser."""

from fastapi import APIRouter, Response

from services.intake.entrypoints.web.dependencies import Deps
from services.intake.entrypoints.web.html import html_page
from services.intake.entrypoints.web.urls import CurrentUrls
from services.intake.entrypoints.web.visit import Visit
from shared.web.problems import HttpProblem

router = APIRouter(prefix="/{product}/resume/{token}", include_in_schema=False)


@router.get("")
async def show(urls: CurrentUrls, token: str, deps: Deps) -> Response:
    """Only a button: a program that opens the links in mails must not use up the link. Nothing typed is shown."""
    if not await deps.resume_draft.is_usable(token):
        raise HttpProblem(410, "link-over")
    return html_page("resume.html", urls.product, action=urls(f"resume/{token}"))


@router.post("")
async def go_on(urls: CurrentUrls, token: str, deps: Deps) -> Response:
    """This browser has the draft from now on."""
    resumed = await deps.resume_draft(token)
    if resumed is None:
        raise HttpProblem(410, "link-over")
    key, draft = resumed
    visit = Visit(product=urls.product, urls=urls, draft=draft, key=key, is_new=False, has_cookie=True, deps=deps)
    return visit.give_key(visit.redirect_to(visit.progress().unfinished(), resumed="1"), draft)
