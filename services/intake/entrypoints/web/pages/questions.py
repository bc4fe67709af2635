"""A page of questions. What is posted is stored as typed, right or wrong; the button decides what comes next."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from services.intake.domain.advice import Advice, advice
from services.intake.domain.draft import Draft, Typed
from services.intake.domain.progress import Progress, progress
from services.intake.domain.suspicion import HONEYPOT, of_page
from services.intake.entrypoints.web.dependencies import Dependencies, Deps
from services.intake.entrypoints.web.pages.question_view import question_page, unsaved_page
from services.intake.entrypoints.web.request_body import PostedFields
from services.intake.entrypoints.web.urls import CurrentUrls, KnownPage
from services.intake.entrypoints.web.visit import CurrentVisit, Visit, VisitIfAvailable
from shared.errors import Unavailable
from shared.products import Page
from shared.web.problems import HttpProblem

router = APIRouter(prefix="/{product}/{slug}", include_in_schema=False)


@router.get("")
async def show(request: Request, page: KnownPage, visit: CurrentVisit, deps: Deps) -> Response:
    """One page of questions; a page that is not due yet leads to the one that is."""
    if "begun" in request.query_params and not visit.has_cookie:
        raise HttpProblem(400, "no-cookie")
    if visit.draft.sent is not None:
        return visit.redirect(f"done/{visit.draft.sent}")
    draft_progress = visit.progress()
    if draft_progress.find(page.slug) is None or not draft_progress.is_reachable(page):
        return visit.redirect_to(draft_progress.unfinished())
    return question_page(visit, request.query_params, draft_progress, page, deps.find_addresses)


@router.post("")
async def answer(
    page: KnownPage, posted: PostedFields, visit: VisitIfAvailable, urls: CurrentUrls, deps: Deps
) -> Response:
    """Store what was typed, right or wrong; go on when it is right."""
    with suppress(Unavailable):
        if visit is not None:
            return await _answer(deps, visit, page, posted)
    return unsaved_page(urls, page, posted)


async def _answer(deps: Dependencies, visit: Visit, page: Page, posted: Typed) -> Response:
    if visit.draft.sent is not None:
        return visit.redirect(f"done/{visit.draft.sent}")
    keys = [question.key for question in page.questions]
    draft = _with_suspicions(visit, page, posted, deps.now())
    draft = draft.with_answers(keys, posted)
    draft_progress = progress(visit.product.form, draft)
    match str(posted.get("_action", "")).partition(":"):
        case ("address", _, address):
            draft, response = _with_address(deps, visit, page, draft, address)
        case ("instead", _, key) if key in keys:
            draft, response = (
                _with_advice(deps, draft_progress, page, draft, key),
                visit.redirect(page.slug, anchor=key),
            )
        case ("save" | "ask" as wish, _, _):
            draft = draft.with_page(page.slug, passed=not draft_progress.problems(page))
            response = visit.redirect("save" if wish == "save" else f"ask/{page.slug}")
        case _:
            draft, response = await _go_on(deps, visit, page, draft, draft_progress)
    return await visit.save(response, draft)


async def _go_on(
    deps: Dependencies, visit: Visit, page: Page, draft: Draft, draft_progress: Progress
) -> tuple[Draft, RedirectResponse]:
    """On to the next page; or this one again, with what is wrong or doubtful."""
    if draft_progress.find(page.slug) is not None:
        if problems := draft_progress.problems(page):
            await visit.count("error", draft, page.slug, tuple(problem.key for problem in problems))
            return draft.with_page(page.slug, passed=False), visit.redirect(page.slug, check="1")
        doubts = [doubt.key for doubt in _doubts(deps, draft_progress, page, draft)]
        if new := [key for key in doubts if not draft.was_asked_about(key)]:
            asked = draft.asked_about(new).with_page(page.slug, passed=False)
            return asked, visit.redirect(page.slug, doubt="1")
    await visit.count("passed", draft, page.slug)
    draft = draft.with_page(page.slug, passed=True)
    if page.slug in draft.waiting:
        # Answered here after all: what a colleague would send later must not take its place unseen.
        draft = await deps.withdraw_link(draft, page)
    return draft, _next(visit, page, draft_progress.updated(draft))


def _next(visit: Visit, page: Page, draft_progress: Progress) -> RedirectResponse:
    if visit.is_new and visit.has_cookie:
        # The draft that this browser had is over: what it has just sent is the first of a new one.
        return visit.redirect_to(draft_progress.unfinished(), expired="1")
    is_due = draft_progress.find(page.slug) is not None
    return visit.redirect_to(
        draft_progress.after(page) if is_due and not visit.urls.back_to_confirm else draft_progress.unfinished()
    )


def _with_suspicions(visit: Visit, page: Page, posted: Typed, now: datetime) -> Draft:
    draft = visit.draft
    suspicions = set(draft.suspicions)
    if visit.is_new and not visit.has_cookie:
        suspicions.add("no-start")
    if page == visit.product.form.pages[0]:
        suspicions.update(of_page(posted.get(HONEYPOT), draft.started_at, now))
    return replace(draft, suspicions=tuple(sorted(suspicions)))


def _doubts(deps: Dependencies, draft_progress: Progress, page: Page, draft: Draft) -> Iterator[Advice]:
    return advice(page.questions, draft_progress.checked, draft.typed, deps.find_addresses.places)


def _with_advice(deps: Dependencies, draft_progress: Progress, page: Page, draft: Draft, key: str) -> Draft:
    """With what was advised in place of what was typed for *key*."""
    doubts = _doubts(deps, draft_progress, page, draft)
    instead = next((doubt.instead for doubt in doubts if doubt.key == key), "")
    corrected = draft.with_answers([key], {key: instead}) if instead else draft
    return corrected.with_page(page.slug, passed=False)


def _with_address(
    deps: Dependencies, visit: Visit, page: Page, draft: Draft, address: str
) -> tuple[Draft, RedirectResponse]:
    """With the address of the postal code: the one that was chosen, or the only one where none was typed yet."""
    code = next((question.key for question in page.questions if question.kind == "postal_code"), None)
    field = next((question.key for question in page.questions if question.autocomplete == "address-line1"), None)
    if code is None or field is None:
        return draft, visit.redirect(page.slug)
    addresses = deps.find_addresses(draft.text(code))
    draft = draft.with_page(page.slug, passed=False)
    if address not in addresses:
        address = addresses[0] if len(addresses) == 1 and not draft.text(field).strip() else ""
    if not address:
        return draft, visit.redirect(page.slug, anchor=code, address="look")
    filled = draft.with_answers([field], {field: address})
    return filled, visit.redirect(page.slug, anchor=field, address="filled")
