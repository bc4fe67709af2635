"""A page of questions. What is posted is stored as typed, right or wrong; the button decides what comes next."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from services.intake.domain.advice import Advice, advice
from services.intake.domain.draft import Draft, Typed
from services.intake.domain.elsewhere import answered_elsewhere
from services.intake.domain.kept import kept
from services.intake.domain.progress import Progress, progress
from services.intake.domain.suspicion import HONEYPOT, of_page
from services.intake.entrypoints.web.dependencies import Dependencies, Deps
from services.intake.entrypoints.web.pages.question_view import question_page, unsaved_page
from services.intake.entrypoints.web.request_body import PostedFields
from services.intake.entrypoints.web.urls import CurrentUrls, KnownPage
from services.intake.entrypoints.web.visit import Visit, VisitHere, VisitIfAvailable, visit_if_available
from services.intake.usecases.save_draft import DraftChanged
from shared.errors import Unavailable
from shared.products import Page
from shared.web.problems import HttpProblem

router = APIRouter(prefix="/{product}/{slug}", include_in_schema=False)
_TRIES: Final = 5
"""Two windows that save at the same moment are rare; five of them are a program."""


@router.get("")
async def show(request: Request, page: KnownPage, visit: VisitHere, deps: Deps) -> Response:
    """One page of questions; a page that is not due yet leads to the one that is."""
    if visit.draft.sent is not None:
        return visit.redirect(f"done/{visit.draft.sent}")
    draft_progress = visit.progress()
    if draft_progress.find(page.slug) is None or not draft_progress.is_reachable(page):
        return visit.lost(had_draft=True).redirect_to(draft_progress.unfinished())
    return question_page(visit, request.query_params, draft_progress, page, deps)


@router.post("")
async def answer(
    request: Request, page: KnownPage, posted: PostedFields, *, visit: VisitIfAvailable, urls: CurrentUrls, deps: Deps
) -> Response:
    """Store what was typed, right or wrong; go on when it is right."""
    try:
        for _ in range(_TRIES):
            if visit is None:
                break
            with suppress(DraftChanged):
                return await _answer(deps, visit, page, posted)
            # Another window has saved one of its pages since the draft was read.
            visit = await visit_if_available(request, urls, deps, posted)
    except Unavailable:
        pass
    except HttpProblem as error:
        if error.code != "too-many-tries":
            raise
        return unsaved_page(urls, page, posted, HTTPStatus.TOO_MANY_REQUESTS)
    return unsaved_page(urls, page, posted, HTTPStatus.SERVICE_UNAVAILABLE)


async def _answer(deps: Dependencies, visit: Visit, page: Page, posted: Typed) -> Response:
    if visit.was_moved:
        raise HttpProblem(410, "draft-moved")
    keys = [question.key for question in page.questions]
    typed = kept(page.questions, posted)
    if visit.draft.sent is not None:
        is_late = visit.draft.with_answers(keys, typed).mark(keys) != visit.draft.mark(keys)
        return visit.redirect(f"done/{visit.draft.sent}", **({"late": "1"} if is_late else {}))
    if visit.is_new:
        visit = await visit.lost(had_draft="_seen" in posted).begin()
    draft = await _begun(deps, visit, page, posted)
    # A page that was opened before there was a draft knew of no answer.
    seen = posted.get("_seen", Draft().mark(keys) if "_begun" in posted else None)
    draft = replace(draft, elsewhere=answered_elsewhere(visit.draft, keys, typed, seen))
    draft = draft.with_answers(keys, typed)
    draft_progress = progress(visit.product.form, draft)
    # What was lost is told first, on the page where it goes on.
    action = "" if visit.has_lost else str(posted.get("_action", ""))
    match action.partition(":"):
        case ("address", _, address):
            draft, response = _with_address(deps, visit, page, draft, address)
        case ("instead", _, key) if key in keys:
            corrected = _with_advice(_doubts(deps, draft_progress, page, draft), page, draft, visit.draft, key)
            draft, response = corrected, visit.redirect(page.slug, anchor=key)
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
        if (new := [key for key in doubts if not draft.was_asked_about(key)]) or draft.elsewhere:
            asked = draft.asked_about(new).with_page(page.slug, passed=False)
            return asked, visit.redirect(page.slug, doubt="1")
    await visit.count("passed", draft, page.slug)
    draft = draft.with_page(page.slug, passed=True)
    if page.slug in draft.waiting:
        # Answered here after all: what a colleague would send later must not take its place unseen.
        draft = await deps.withdraw_link(draft, page)
    return draft, _next(visit, page, draft_progress.updated(draft))


def _next(visit: Visit, page: Page, draft_progress: Progress) -> RedirectResponse:
    is_due = draft_progress.find(page.slug) is not None
    goes_on = is_due and not visit.urls.back_to_confirm and not visit.has_lost
    return visit.redirect_to(draft_progress.after(page) if goes_on else draft_progress.unfinished())


async def _begun(deps: Dependencies, visit: Visit, page: Page, posted: Typed) -> Draft:
    """The draft with when it was begun, as far as that is known, and with what is suspicious about this post."""
    draft = visit.draft
    suspicions = set(draft.suspicions)
    if draft.begun_at is None:
        # A browser that has lost its draft, or opened a page by its address: the page says when.
        opened_at = deps.page_seal.open(visit.product.slug, posted.get("_begun"))
        if opened_at is None:
            suspicions.add("no-start")
        else:
            draft = replace(draft, begun_at=opened_at.isoformat())
            await visit.count("started", draft)
    if page == visit.product.form.pages[0]:
        suspicions.update(of_page(posted.get(HONEYPOT), draft.started_at, deps.now()))
    return replace(draft, suspicions=tuple(sorted(suspicions)))


def _doubts(deps: Dependencies, draft_progress: Progress, page: Page, draft: Draft) -> Iterator[Advice]:
    return advice(page.questions, draft_progress.checked, draft.typed, deps.find_addresses.places)


def _with_advice(doubts: Iterable[Advice], page: Page, draft: Draft, before: Draft, key: str) -> Draft:
    """With what was advised, or answered in another window, in place of what was typed for *key*."""
    advised = next((doubt.instead for doubt in doubts if doubt.key == key), "")
    instead = before.elsewhere.get(key) or advised
    corrected = draft.with_answers([key], {key: instead}) if instead else draft
    others = {other: typed for other, typed in before.elsewhere.items() if other != key}
    return replace(corrected, elsewhere=others).with_page(page.slug, passed=False)


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
