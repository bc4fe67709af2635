"""Where staff correct answers of a request, to have it priced anew: a page of its own, with the form's questions."""

from dataclasses import replace

from fastapi import APIRouter, Request
from fastapi.responses import Response

from services.dashboard.domain.case import BrokenCase
from services.dashboard.domain.corrected_answers import correctable_sections
from services.dashboard.domain.new_decision import hindrance
from services.dashboard.entrypoints.web.access import OF_CASES, CurrentStaff, may
from services.dashboard.entrypoints.web.answers_form import TypedAnswers, asked_when, typed_answers
from services.dashboard.entrypoints.web.case_page import (
    done_page,
    keep_refused,
    list_before_case,
    show_case,
    what_was_typed,
)
from services.dashboard.entrypoints.web.dependencies import Dependencies, Deps, sent_fields
from services.dashboard.entrypoints.web.draft_form import texts_for
from services.dashboard.entrypoints.web.rendering import render_live
from services.dashboard.entrypoints.web.work_form import seen_in
from services.dashboard.usecases.decide_quote import NotDecided
from services.dashboard.usecases.keep_decision import Done, Overtaken
from services.dashboard.usecases.open_case import answers_now_of, quote_terms_of

router = APIRouter(include_in_schema=False, dependencies=OF_CASES)


@router.get("/cases/{request_id}/answers", dependencies=[may("work-on-cases")])
async def answers(request: Request, request_id: str, deps: Deps, staff: CurrentStaff) -> Response:
    """The questions with the answers as they are now."""
    return await _show(request, request_id, deps, staff.name, TypedAnswers())


@router.post("/cases/{request_id}/answers", dependencies=[may("work-on-cases")])
async def correct(request: Request, request_id: str, deps: Deps, staff: CurrentStaff) -> Response:
    """Ask rating for a revision with them. What was typed comes back with all that is wrong with it."""
    typed = await typed_answers(request)
    seen = seen_in({name: values[-1] for name, values in typed.fields.items()})
    match await deps.case.correct_answers(request_id, typed.answer, typed.reason, staff, seen):
        case Done(fact=fact):
            return await done_page(request, request_id, deps, staff.name, fact)
        case NotDecided(problems=problems, answers=wrong):
            return await _show(
                request, request_id, deps, staff.name, replace(typed, problems=problems, answers=wrong), status=422
            )
        case Overtaken():
            return await _show(request, request_id, deps, staff.name, replace(typed, overtaken=True), status=409)
        case None:
            return await show_case(request, request_id, deps, staff.name, status=409)


async def _show(
    request: Request, request_id: str, deps: Dependencies, account: str, typed: TypedAnswers, *, status: int = 200
) -> Response:
    opened = await deps.open_case(request_id, account)
    if opened is None or isinstance(opened, BrokenCase):
        return await show_case(request, request_id, deps, account, status=status)
    product = deps.products.get(opened.case.request.product)
    now = answers_now_of(opened.case, product, opened.request, opened.decisions)
    terms = quote_terms_of(opened.case, product, opened.request, opened.decisions)
    sent = await sent_fields(request)
    if sent:
        await keep_refused(request, request_id, deps, account)
    return render_live(
        request,
        "correct_answers.html",
        status,
        account=account,
        notices=deps.notices,
        case=opened.case,
        product=product,
        answered=now,
        hindrance=hindrance(opened.case, terms) or (None if now else "unreadable"),
        sections=tuple(correctable_sections(now.form)) if now else (),
        typed=typed,
        was_typed=await what_was_typed(request),
        kept=texts_for("answers" if sent else None, sent, await deps.live.drafts.of(request_id, account))["answers"],
        back=list_before_case(request, deps, account),
        asked_when=asked_when,
    )
