"""One case as a page: everything that is known about it, in the words of the form that the customer saw."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from secrets import token_hex
from typing import Any, Final, Literal

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from services.dashboard.domain.account import KeptPost
from services.dashboard.domain.answers import (
    AnswerSection,
    answer_sections,
    answer_words,
    choice_label,
    question_label,
)
from services.dashboard.domain.case import BrokenCase, Case
from services.dashboard.domain.corrected_answers import corrected_answers
from services.dashboard.domain.facts import Decided, Work, fact_id
from services.dashboard.domain.hand_over import offer_to_hand_over
from services.dashboard.domain.listing import Viewer
from services.dashboard.domain.new_release import ReleaseProblem, release_problem
from services.dashboard.domain.next_step import is_being_sent, next_steps
from services.dashboard.domain.parcels import typed_otherwise
from services.dashboard.domain.take_back import is_held, to_be_taken_back
from services.dashboard.entrypoints.web.decide_form import TypedDecision, panel_of
from services.dashboard.entrypoints.web.dependencies import Dependencies, sent_fields
from services.dashboard.entrypoints.web.draft_form import refused_draft, sent_draft, source_in, texts_for
from services.dashboard.entrypoints.web.form_problems import form_problems
from services.dashboard.entrypoints.web.kept_wording import shown_post
from services.dashboard.entrypoints.web.list_wording import TURNOVER_BANDS
from services.dashboard.entrypoints.web.rendering import problem_page, render, render_live
from services.dashboard.entrypoints.web.way_back import case_again, list_before
from services.dashboard.entrypoints.web.wording import opening_hours
from services.dashboard.entrypoints.web.work_form import Typed
from services.dashboard.usecases.open_case import OpenedCase, quote_terms_of
from shared.clock import JST
from shared.events.parcels import QuoteForDesk, RequestForDesk
from shared.products import Form, Product
from shared.products.desk import NEXT_TRY

_SHOWN: Final = 200
_NOTHING_TYPED: Final = Typed()
_NOTHING_DECIDED: Final = TypedDecision()

Refusal = Literal["not-ours", "no-such-case", "no-such-letter", "too-late", "no-authority"]
"""Why nothing was done, where there is no page of the case that could say so."""


async def show_case(
    request: Request,
    request_id: str,
    deps: Dependencies,
    account: str,
    work: Typed = _NOTHING_TYPED,
    *,
    decision: TypedDecision = _NOTHING_DECIDED,
    not_released: ReleaseProblem | Literal["overtaken"] | None = None,
    status: int = _SHOWN,
) -> Response:
    """The page of a case. *work*, *decision*: what was typed into its forms and not done, which is shown again.

    *not_released*: why nothing was sent to the customer.
    """
    opened = await deps.open_case(request_id, account)
    if opened is None:
        if status == _SHOWN:
            return problem_page(request, 404, account)
        return await refused_page(request, request_id, deps, account, "no-such-case")
    back = list_before_case(request, deps, account)
    if isinstance(opened, BrokenCase):
        was_typed = await what_was_typed(request)
        names = {"case": opened, "is_refused": status != _SHOWN, "was_typed": was_typed, "back": back}
        return render(request, "broken_case.html", status, account=account, **names)
    if opened.case.erased_at is not None:
        return await _show_erased(request, opened, deps, account, status)
    shown, copies = _shown(deps, opened), await deps.letters.open(request_id)
    product, form = shown.product, shown.form
    now, waiting, expired = deps.now(), deps.release.waiting(opened.case), deps.release.expired(opened.case)
    problem = release_problem(opened.case)
    others = await deps.live.look.others([request_id], account)
    refused = work.kind or decision.kind
    if refused:
        await keep_refused(request, request_id, deps, account)
    return render_live(
        request,
        "case.html",
        status,
        others=others.get(request_id),
        is_changed=False,
        drafts=texts_for(refused, work.fields or decision.fields, await deps.live.drafts.of(request_id, account)),
        account=account,
        **_names(deps, opened, shown),
        back=back,
        is_marked=True,
        copies=copies,
        not_released=not_released,
        release_problem=problem,
        waiting=waiting,
        expired=expired,
        related=await deps.case.find_related(opened, account),
        can_hold=waiting is not None,
        to_hand_over=offer_to_hand_over(opened.case, is_kept_back=deps.release.is_kept_back(opened.case)),
        today=now.astimezone(JST).date(),
        choice=lambda key, value: choice_label(form, key, value),
        question=lambda key: question_label(form, key),
        answer_words=lambda key, answer: answer_words(form, key, answer),
        corrected=corrected_answers(form, opened.case.asked_for, opened.decisions),
        work=work,
        page=token_hex(16),
        now=now,
        due_at=deps.due(opened.case),
        is_open=lambda moment: deps.due.is_open(opened.case, moment),
        opening_hours=opening_hours(product.desk) if product else "",
        next_try=product.desk.next_try if product else NEXT_TRY,
        to_be_taken_back=to_be_taken_back(opened.case, now, deps.held_for(opened.case)),
        typed_decision=decision,
        deciding=panel_of(opened.case, quote_terms_of(opened.case, product, opened.request, opened.decisions)),
        is_on_its_way=is_being_sent(opened.case, now),
        next_steps=next_steps(
            opened.case,
            now,
            waits_for_release=waiting is not None and problem is None,
            is_expired=expired is not None,
        ),
        problems=form_problems(work, decision),
        was_typed=await what_was_typed(request, form),
        done=_done(opened.case, request.query_params.get("done", "")),
        colleagues=[name for name in await deps.staff.workers() if name != account],
        brochures=deps.letters.brochures.of(opened.case.request.product),
    )


async def show_what_was_sent(request: Request, request_id: str, deps: Dependencies, account: str) -> Response:
    """Only what the customer sent, in the words of the form: to be printed, or read out."""
    opened = await deps.open_case(request_id, account)
    if not isinstance(opened, OpenedCase):
        return problem_page(request, 404, account)
    if opened.case.erased_at is not None:
        return await _show_erased(request, opened, deps, account, _SHOWN)
    names = _names(deps, opened, _shown(deps, opened))
    return render(request, "case_sent.html", account=account, is_marked=False, **names)


async def _show_erased(request: Request, opened: OpenedCase, deps: Dependencies, account: str, status: int) -> Response:
    """What is left of a case whose customer is forgotten: its numbers, its yen and its course, and nothing to do."""
    segment = opened.case.request.segment
    names = {
        "case": opened.case,
        "industry": segment and deps.industries.get(segment.industry, segment.industry),
        "band": segment and TURNOVER_BANDS.get(segment.turnover_band, segment.turnover_band),
        "trace": opened.trace,
        "product": deps.products.get(opened.case.request.product),
        "back": list_before_case(request, deps, account),
    }
    was_typed = () if status == _SHOWN else await what_was_typed(request)
    return render(
        request, "erased_case.html", status, account=account, is_refused=status != _SHOWN, was_typed=was_typed, **names
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """What was written, and the form whose words it is shown in. `is_todays`: not the one that was filled in."""

    product: Product | None
    form: Form | None
    is_todays: bool
    typed: Mapping[str, str]
    sections: Sequence[AnswerSection]


def _shown(deps: Dependencies, opened: OpenedCase) -> _Shown:
    product = deps.products.get(opened.case.request.product)
    sent_under = product.form_of(opened.case.request.form_version) if product else None
    form = sent_under or (product.form if product else None)
    unfavourable = opened.quote.unfavourable if isinstance(opened.quote, QuoteForDesk) else ()
    typed: Mapping[str, str] = {}
    sections: Sequence[AnswerSection] = ()
    if isinstance(opened.request, RequestForDesk):
        typed = typed_otherwise(opened.request)
        sections = answer_sections(form, opened.request.answers, typed, unfavourable)
    is_todays = product is not None and sent_under is None
    return _Shown(product=product, form=form, is_todays=is_todays, typed=typed, sections=sections)


def _names(deps: Dependencies, opened: OpenedCase, shown: _Shown) -> dict[str, Any]:
    """What the templates of both pages need."""
    return {
        "notices": deps.notices,
        "opened": opened,
        "product": shown.product,
        "is_in_todays_words": shown.is_todays,
        "typed": shown.typed,
        "sections": shown.sections,
    }


async def refused_page(request: Request, request_id: str, deps: Dependencies, account: str, why: Refusal) -> Response:
    """Nothing was done: why, what was typed, and the ways back to the case and to the list that it was opened from."""
    names = {"case_address": case_again(request, request_id), "back": list_before_case(request, deps, account)}
    return render(
        request, "refused.html", 409, account=account, why=why, was_typed=await what_was_typed(request), **names
    )


async def what_was_typed(request: Request, form: Form | None = None) -> Sequence[tuple[str, str]]:
    """What was typed into the form that was sent, each with its name; nothing where a page was only opened."""
    fields = tuple((await sent_fields(request)).items())
    post = KeptPost(id="", path=request.url.path, fields=fields)
    return shown_post(post, lambda key, value: (question_label(form, key), choice_label(form, key, value))).lines


async def done_page(request: Request, request_id: str, deps: Dependencies, account: str, fact: Decided) -> Response:
    """The page of the case, at what says that *fact* is kept. The fragment brings the focus there without scripts.

    The text of its form is not unsent any more.
    """
    fields = await sent_fields(request)
    if sent := sent_draft(fields, request_id, account, deps.now()):
        await deps.live.drafts.finish(sent, source_in(fields))
    if is_held(fact):
        return RedirectResponse(case_again(request, request_id, "#take-back"), 303)
    return RedirectResponse(case_again(request, request_id, "#done", done=fact_id(fact)), 303)


async def keep_refused(request: Request, request_id: str, deps: Dependencies, account: str) -> None:
    """The form was refused: its text stays unsent, also when the page that shows it is left."""
    fields = await sent_fields(request)
    if typed := refused_draft(fields, request_id, account, deps.now()):
        await deps.live.drafts.refused(typed, source_in(fields))


def list_before_case(request: Request, deps: Dependencies, account: str) -> str:
    """The address of the list that the case was opened from."""
    return list_before(request, Viewer(account=account, now=deps.now()), deps.list_cases.keys)


def _done(case: Case, decision_id: str) -> Work | None:
    """What was just kept, if its id stands in the address: only what is there can be said to be."""
    return next((one for one in case.work.done if one.decision_id == decision_id), None)
