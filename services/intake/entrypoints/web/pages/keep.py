"""Answers as they are given: the script of a page saves what was typed so far, before its button is pressed (ADR 0026).

Without it every button still saves. No draft begins here: a page that has none says that nothing is saved yet.
"""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from services.intake.domain.elsewhere import not_passed_if_changed, saved_as_given
from services.intake.domain.kept import kept
from services.intake.entrypoints.web.dependencies import Deps
from services.intake.entrypoints.web.request_body import PostedFields
from services.intake.entrypoints.web.urls import CurrentUrls, KnownPage
from services.intake.entrypoints.web.visit import TRIES, page_as_shown, visit, visit_here, visit_with_draft
from services.intake.usecases.save_draft import DraftChanged
from shared.clock import JST
from shared.errors import Unavailable
from shared.web.problems import HttpProblem

router = APIRouter(prefix="/{product}/{slug}/keep", include_in_schema=False)


@router.post("")
async def keep(request: Request, page: KnownPage, posted: PostedFields, urls: CurrentUrls, deps: Deps) -> Response:
    """Save what was typed so far, right or wrong.

    `saved` is when, for the page to say so; `elsewhere` are the questions that another window answered differently.
    Raises `HttpProblem` (400, 404, 410, 413, 429), `Unavailable`.
    """
    for _ in range(TRIES):
        here = await visit_with_draft(await visit_here(await visit(request, urls, deps, posted)))
        if "_seen" not in posted:
            # Every page that offers to save carries it: nobody knows what this one has shown.
            raise HttpProblem(400, "bad-request")
        shown = page_as_shown(here, page, posted)
        draft, elsewhere = saved_as_given(here.draft, shown, kept(shown.questions, posted), posted.get("_seen"))
        # What one page of another order asks stands on several pages of this one.
        draft = not_passed_if_changed(draft, here.draft, *here.product.form.pages)
        with suppress(DraftChanged):
            return await here.save(saved(deps.now(), elsewhere), draft)
    raise Unavailable("drafts")


def saved(now: datetime, elsewhere: Iterable[str]) -> JSONResponse:
    """What the script is told once everything else is saved: when, and of which questions another window knows more."""
    return JSONResponse({"saved": f"{now.astimezone(JST):%H:%M}", "elsewhere": sorted(elsewhere)})
