"""The last pages: everything as it will be sent, the consent, the button; and 受付番号 when it is done."""

from fastapi import APIRouter, Request, Response

from services.intake.domain.draft import Draft
from services.intake.domain.kept import kept
from services.intake.domain.progress import Progress, progress
from services.intake.entrypoints.web.dependencies import Deps
from services.intake.entrypoints.web.html import html_page
from services.intake.entrypoints.web.pages.answer_rows import answer_groups
from services.intake.entrypoints.web.pages.fields import FormState, consent_fields
from services.intake.entrypoints.web.request_body import PostedFields
from services.intake.entrypoints.web.visit import CurrentVisit, Visit, VisitHere
from services.intake.usecases.submit import Accepted, Conflict
from shared.web.problems import HttpProblem

router = APIRouter(prefix="/{product}", include_in_schema=False)


@router.get("/confirm")
async def show(request: Request, visit: VisitHere) -> Response:
    """Everything as it will be sent; what is not done yet comes first. `check`: what is wrong with the consents."""
    if visit.draft.sent is not None:
        return visit.redirect(f"done/{visit.draft.sent}")
    draft_progress = visit.progress()
    unfinished = draft_progress.unfinished()
    if unfinished is not None:
        return visit.lost(had_draft=True).redirect_to(unfinished)
    if "check" not in request.query_params:
        return _confirmation(visit, draft_progress, FormState(typed={}))
    state = FormState(typed=visit.draft.typed, problems=draft_progress.checked.problems)
    return _confirmation(visit, draft_progress, state)


@router.post("/confirm")
async def send(posted: PostedFields, visit: VisitHere, deps: Deps) -> Response:
    """Send what the draft holds. A double click, a reload and a way back send the same request, once."""
    if visit.draft.sent is not None:
        return visit.redirect(f"done/{visit.draft.sent}")
    product = visit.product
    consents = [question.key for question in product.form.confirm]
    draft = visit.draft.with_answers(consents, kept(product.form.confirm, posted))
    draft_progress = progress(product.form, draft)
    if unfinished := draft_progress.unfinished():
        return visit.lost(had_draft=True).redirect_to(unfinished)
    if problems := draft_progress.checked.problems:
        await visit.count("error", draft, "confirm", tuple(problem.key for problem in problems))
        return await visit.save(visit.redirect("confirm", check="1"), draft)
    suspicions = (*draft.suspicions, *deps.rate_limiter.check_send(visit.place, draft.nonce))
    result = await deps.submit(
        product, draft_progress.checked.answers, draft.nonce, sent=draft.typed, suspicions=suspicions
    )
    match result:
        case Conflict():
            # Sent in another window, then changed in this one: what was sent first is what we have.
            raise HttpProblem(409, "conflict")
        case Accepted(request_id=request_id):
            await visit.count("sent", draft)
            await deps.forget_draft.withdraw(draft.asked.values())
            # What was typed stays for a day, for the copy on the last page; the links to it do not.
            sent = Draft(typed=draft.typed, passed=draft.passed, sent=request_id)
            return await visit.save(visit.redirect(f"done/{request_id}"), sent)


@router.get("/done/{request_id}")
async def done(request: Request, visit: CurrentVisit, request_id: str, deps: Deps) -> Response:
    """受付番号, and what happens next. `late`: something else was typed after it was sent."""
    match await deps.get_status(request_id):
        case (sent, _) if sent.event.product == visit.product.slug:
            has_copy, is_late = visit.draft.sent == request_id, "late" in request.query_params
            return html_page("done.html", visit.product, request=sent.event, has_copy=has_copy, is_late=is_late)
        case _:
            raise HttpProblem(404, "not-found")


def _confirmation(visit: Visit, draft_progress: Progress, state: FormState) -> Response:
    return html_page(
        "confirm.html",
        visit.product,
        page_count=draft_progress.page_count,
        groups=answer_groups(draft_progress),
        consents=consent_fields(visit.product.form, state),
        problems=state.problems,
        handed_over=visit.draft.is_handed_over,
        back=visit.url(draft_progress.pages[-1].slug),
    )
