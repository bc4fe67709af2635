"""One case as a page: everything that is known about it, in the words of the form that the customer saw."""

from typing import Final

from fastapi import Request
from fastapi.responses import Response

from services.dashboard.domain.answers import answer_sections, answer_words, choice_label, question_label
from services.dashboard.domain.case import BrokenCase
from services.dashboard.domain.corrected_answers import corrected_answers
from services.dashboard.domain.hand_over import offer_to_hand_over
from services.dashboard.domain.next_step import next_step
from services.dashboard.domain.parcels import CannotBeOpened, typed_otherwise
from services.dashboard.domain.take_back import to_be_taken_back
from services.dashboard.entrypoints.web.decide_form import TypedDecision, panel_of
from services.dashboard.entrypoints.web.dependencies import Dependencies
from services.dashboard.entrypoints.web.draft_form import texts_for
from services.dashboard.entrypoints.web.rendering import problem_page, render, render_live
from services.dashboard.entrypoints.web.work_form import Typed
from services.dashboard.usecases.open_case import quote_terms_of
from shared.clock import JST
from shared.events.parcels import RequestForDesk

_NOTHING_TYPED: Final = Typed()
_NOTHING_DECIDED: Final = TypedDecision()


async def show_case(
    request: Request,
    request_id: str,
    deps: Dependencies,
    account: str,
    work: Typed = _NOTHING_TYPED,
    *,
    decision: TypedDecision = _NOTHING_DECIDED,
    status: int = 200,
) -> Response:
    """The page of a case. *work*, *decision*: what was typed into its forms and not done, which is shown again."""
    opened = await deps.open_case(request_id, account)
    if opened is None:
        return problem_page(request, 404, account)
    if isinstance(opened, BrokenCase):
        return render(request, "broken_case.html", account=account, case=opened)
    product = deps.products.get(opened.case.request.product)
    sent_under = product.form_of(opened.case.request.form_version) if product else None
    form = sent_under or (product.form if product else None)
    match opened.request:
        case RequestForDesk() as written:
            typed = typed_otherwise(written)
            sections = answer_sections(form, written.answers, typed)
        case CannotBeOpened():
            typed, sections = {}, ()
    others = await deps.live.look.others([request_id], account)
    return render_live(
        request,
        "case.html",
        status,
        others=others.get(request_id),
        is_changed=False,
        drafts=texts_for(work, await deps.live.drafts.of(request_id, account)),
        account=account,
        notices=deps.notices,
        opened=opened,
        product=product,
        is_in_todays_words=product is not None and sent_under is None,
        waiting=deps.release.waiting(opened.case),
        related=await deps.case.find_related(opened, account),
        can_hold=deps.release.awaits_release(opened.case),
        to_hand_over=offer_to_hand_over(opened.case, awaits_release=deps.release.awaits_release(opened.case)),
        today=deps.now().astimezone(JST).date(),
        expired=deps.release.expired(opened.case),
        choice=lambda key, value: choice_label(form, key, value),
        question=lambda key: question_label(form, key),
        answer_words=lambda key, answer: answer_words(form, key, answer),
        corrected=corrected_answers(form, opened.case.asked_for, opened.decisions),
        typed=typed,
        sections=sections,
        work=work,
        to_be_taken_back=to_be_taken_back(opened.case, deps.now()),
        typed_decision=decision,
        deciding=panel_of(opened.case, quote_terms_of(opened.case, product, opened.request, opened.decisions)),
        next_step=next_step(opened.case),
    )
