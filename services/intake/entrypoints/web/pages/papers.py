"""PDFs: all questions to print, and the copy of what was sent."""

from fastapi import APIRouter, Response

from services.intake.domain.copy import Copy, CopyGroup, CopyRow
from services.intake.entrypoints.web.dependencies import Deps
from services.intake.entrypoints.web.pages.answer_rows import answer_groups, consent_group
from services.intake.entrypoints.web.urls import KnownProduct
from services.intake.entrypoints.web.visit import CurrentVisit
from shared.web.problems import HttpProblem

router = APIRouter(prefix="/{product}", include_in_schema=False)


@router.get("/questions.pdf")
async def questionnaire(product: KnownProduct, deps: Deps) -> Response:
    """The blank form, for those who read it first or ask others on paper."""
    return _pdf(await deps.papers.questionnaire(product), f"{product.slug}-questions.pdf")


@router.get("/copy.pdf")
async def copy(visit: CurrentVisit, deps: Deps) -> Response:
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
    content = await deps.papers.copy(visit.product, Copy(event.reception_no, event.accepted_at, groups))
    return _pdf(content, f"{visit.product.slug}-{event.reception_no}.pdf")


def _pdf(content: bytes, name: str) -> Response:
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return Response(content, media_type="application/pdf", headers=headers)
