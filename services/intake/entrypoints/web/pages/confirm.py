"""The last pages: everything as it will be sent, the consent, the button; and 受付番号 when it is done."""

from dataclasses import replace
from typing import Final

from fastapi import APIRouter, Request, Response

from services.intake.domain.draft import Draft
from services.intake.domain.kept import kept
from services.intake.domain.progress import progress
from services.intake.entrypoints.web.accepted_line import describe_accepted
from services.intake.entrypoints.web.dependencies import Deps
from services.intake.entrypoints.web.html import html_page
from services.intake.entrypoints.web.pages.answer_rows import copy_of
from services.intake.entrypoints.web.pages.confirmation_view import Confirmation
from services.intake.entrypoints.web.pages.field import FormState
from services.intake.entrypoints.web.pages.result_view import ResultView
from services.intake.entrypoints.web.request_body import PostedFields
from services.intake.entrypoints.web.visit import CurrentVisit, Visit, VisitHere
from services.intake.usecases.submit import Accepted, Conflict
from shared.web.problems import HttpProblem

router = APIRouter(prefix="/{product}", include_in_schema=False)
_LONGEST_MARK: Final = 4_000
"""Of a confirmation with three hundred answers."""


@router.get("/confirm")
async def show(request: Request, visit: VisitHere) -> Response:
    """Everything as it will be sent; what is not done yet comes first.

    `check` shows what is wrong with the consents, `changed` what is not as it was when it was sent the last time.
    """
    if visit.draft.sent is not None:
        return visit.redirect(f"done/{visit.draft.sent}")
    draft_progress = visit.progress()
    unfinished = draft_progress.unfinished()
    if unfinished is not None:
        return visit.lost(had_draft=True).redirect_to(unfinished)
    confirmation, query = Confirmation.of(visit, draft_progress), request.query_params
    if "changed" in query:
        return confirmation.page(FormState(typed=visit.draft.typed), is_again=True)
    if "check" not in query:
        return confirmation.page(FormState(typed={}))
    return confirmation.page(FormState(typed=visit.draft.typed, problems=draft_progress.checked.problems))


@router.post("/confirm")
async def send(request: Request, posted: PostedFields, visit: VisitHere, deps: Deps) -> Response:
    """Send what the confirmation showed. A double click, a reload and a way back send the same request, once."""
    seen = posted.get("_seen")
    if visit.draft.sent is not None:
        return await _sent_before(visit, seen)
    product = visit.product
    consents = kept(product.form.confirm, posted)
    draft = visit.draft.with_answers((question.key for question in product.form.confirm), consents)
    draft_progress = progress(product.form, draft)
    if unfinished := draft_progress.unfinished():
        return visit.lost(had_draft=True).redirect_to(unfinished)
    confirmation = Confirmation.of(visit, draft_progress)
    if not confirmation.was_shown(seen):
        known = seen[:_LONGEST_MARK] if isinstance(seen, str) else ""
        return await visit.save(visit.redirect("confirm", changed="1"), replace(draft, confirmed=known))
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
        case Accepted(event=event) as accepted:
            describe_accepted(request, accepted)
            await visit.count("sent", draft)
            # A repetition that an update has come before was accepted in words that are not those shown here.
            is_as_shown = event.form_version == product.form.version
            sent = Draft(
                # Stays for a day, to tell whether something else is typed later; the links to it do not.
                typed=draft.typed,
                passed=draft.passed,
                asked=draft.asked,
                sent=event.request_id,
                confirmed=str(confirmation.shown),
                copy=copy_of(product, draft_progress, event, confirmation.groups) if is_as_shown else None,
            )
            response = await visit.save(visit.redirect(f"done/{event.request_id}"), sent)
            # Last: colleagues' answers may be nowhere else, and a repetition needs them until the draft says `sent`.
            await deps.forget_draft.withdraw(draft.asked.values())
            return response


@router.get("/done/{request_id}")
async def done(request: Request, visit: CurrentVisit, request_id: str, deps: Deps) -> Response:
    """受付番号, and what happens next.

    `late`: something else was typed after it was sent. `other`: it was sent from another window, with other answers.
    """
    match await deps.get_status(request_id):
        case (sent, status) if sent.event.product == visit.product.slug:
            is_own = visit.draft.sent == request_id
            return html_page(
                "done.html",
                visit.product,
                request=sent.event,
                has_copy=is_own,
                result=ResultView.of(visit.product, sent.event, status, visit.draft) if is_own else None,
                is_late="late" in request.query_params,
                is_other="other" in request.query_params,
            )
        case _:
            raise HttpProblem(404, "not-found")


async def _sent_before(visit: Visit, seen: object) -> Response:
    """On to 受付番号. *seen* is the mark of the page that was sent now: it may have shown other answers."""
    await visit.deps.forget_draft.withdraw(visit.draft.asked.values())
    is_other = isinstance(seen, str) and visit.draft.confirmed not in {"", seen}
    return visit.redirect(f"done/{visit.draft.sent}", **({"other": "1"} if is_other else {}))
