"""PDFs: all questions to print, and the copy of what was sent."""

import asyncio
from collections.abc import Coroutine
from typing import Any, Final

from fastapi import APIRouter, Request, Response

from services.intake.domain.copy import Copy, CopyGroup, CopyRow
from services.intake.entrypoints.web.dependencies import Deps
from services.intake.entrypoints.web.pages.answer_rows import answer_groups, consent_group
from services.intake.entrypoints.web.urls import KnownProduct
from services.intake.entrypoints.web.visit import CurrentVisit
from shared.web.problems import HttpProblem

router = APIRouter(prefix="/{product}", include_in_schema=False)

_CLIENT_GONE: Final = 499
"""What nginx logs when the client is gone before its answer."""


@router.get("/questions.pdf")
async def questionnaire(product: KnownProduct, deps: Deps) -> Response:
    """The blank form, for those who read it first or ask others on paper."""
    return _pdf(await deps.papers.questionnaire(product), f"{product.slug}-questions.pdf")


@router.get("/copy.pdf")
async def copy(visit: CurrentVisit, deps: Deps, request: Request) -> Response:
    """What this browser has sent, for as long as its draft is kept."""
    tracked = await deps.get_status(visit.draft.sent) if visit.draft.sent else None
    if tracked is None:
        raise HttpProblem(404, "no-copy")
    event = tracked[0].event
    draft_progress = visit.progress()
    groups = tuple(
        CopyGroup(group.title, tuple(CopyRow(row.label, row.answer) for row in group.rows))
        for group in (*answer_groups(draft_progress), consent_group(draft_progress))
    )
    client = "" if visit.place.is_local else visit.place.name
    making = deps.papers.copy(visit.product, Copy(event.reception_no, event.accepted_at, groups), client)
    content = await _while_connected(request, making)
    if content is None:
        return Response(status_code=_CLIENT_GONE)
    return _pdf(content, f"{visit.product.slug}-{event.reception_no}.pdf")


async def _while_connected(request: Request, making: Coroutine[Any, Any, bytes]) -> bytes | None:
    """What *making* makes; None, and the work is dropped, when the client hangs up before."""
    made, gone = asyncio.create_task(making), asyncio.create_task(_disconnect(request))
    try:
        await asyncio.wait((made, gone), return_when=asyncio.FIRST_COMPLETED)
        return made.result() if made.done() else None
    finally:
        made.cancel()
        gone.cancel()


async def _disconnect(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _pdf(content: bytes, name: str) -> Response:
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return Response(content, media_type="application/pdf", headers=headers)
