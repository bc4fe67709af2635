"""PDFs: all questions to print, and the copy of what was sent."""

from fastapi import APIRouter, Request, Response

from services.intake.domain.copy import Copy, CopyGroup, CopyRow
from services.intake.domain.journey import journey
from services.intake.entrypoints.web.door import Refused, intake_of
from services.intake.entrypoints.web.pages import rows
from services.intake.entrypoints.web.pages.browser import Known, draft_of
from services.intake.entrypoints.web.pages.render import PageRoute

router = APIRouter(route_class=PageRoute, include_in_schema=False)


@router.get("/{product}/questions.pdf")
async def questionnaire(request: Request, product: Known) -> Response:
    """For those who would rather read first, or ask around on paper."""
    return _pdf(await intake_of(request).papers.questionnaire(product), f"{product.slug}-questions.pdf")


@router.get("/{product}/copy.pdf")
async def copy(request: Request, product: Known) -> Response:
    """What this browser has sent, for as long as its draft is kept."""
    intake = intake_of(request)
    draft = await draft_of(request)
    found = await intake.tell(draft.sent) if draft.sent else None
    if found is None:
        raise Refused(404, "no-copy")
    event = found[0].event
    way = journey(product.form, draft.typed, draft.passed)
    groups = tuple(
        CopyGroup(group.title, tuple(CopyRow(row.label, row.answer) for row in group.rows))
        for group in (*rows.groups(way), rows.consents(way, product.form))
    )
    content = await intake.papers.copy(product, Copy(event.reception_no, event.accepted_at, groups))
    return _pdf(content, f"{product.slug}-{event.reception_no}.pdf")


def _pdf(content: bytes, name: str) -> Response:
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return Response(content, media_type="application/pdf", headers=headers)
