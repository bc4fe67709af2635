"""A page of questions. What is posted is stored as typed, right or wrong; the button decides what comes next."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from services.intake.domain.advice import Advice, advice
from services.intake.domain.draft import Draft, Typed
from services.intake.domain.elsewhere import marks, merged, not_passed_if_changed, with_elsewhere
from services.intake.domain.kept import kept
from services.intake.domain.progress import Progress, progress
from services.intake.domain.suspicion import CONTACT, HONEYPOT, of_page
from services.intake.entrypoints.web.dependencies import Dependencies, Deps
from services.intake.entrypoints.web.pages.company import company_lookup, with_company
from services.intake.entrypoints.web.pages.question_view import question_page, unsaved_page
from services.intake.entrypoints.web.request_body import PostedFields
from services.intake.entrypoints.web.urls import CurrentUrls, KnownPage, find_page
from services.intake.entrypoints.web.visit import (
    TRIES,
    Visit,
    VisitHere,
    VisitIfAvailable,
    page_as_shown,
    visit_if_available,
)
from services.intake.usecases.save_draft import DraftChanged
from shared.errors import Unavailable
from shared.products import Page
from shared.web.problems import HttpProblem

router = APIRouter(prefix="/{product}/{slug}", include_in_schema=False)


@router.get("")
async def show(request: Request, page: KnownPage, visit: VisitHere, deps: Deps) -> Response:
    """One page of questions; a page that is not due yet leads to the one that is.

    A page on which another window has answered differently is shown at once, also while one before it is not done.
    Raises `HttpProblem` (410, 429), `Unavailable`.
    """
    if visit.draft.sent is not None:
        return visit.redirect(f"done/{visit.draft.sent}")
    draft_progress = visit.progress()
    due = draft_progress.find(page.slug)
    if due is None or not (draft_progress.is_reachable(due) or _is_asked_back(visit.draft, due)):
        return visit.lost(had_draft=True).redirect_to(draft_progress.unfinished())
    if request.query_params.get("company") == "look":
        deps.rate_limiter.check("look-up", visit.place)
    company = await company_lookup(request.query_params, due, visit.draft, deps)
    return question_page(visit, request.query_params, draft_progress, due, deps, company)


@router.post("")
async def answer(
    request: Request, page: KnownPage, posted: PostedFields, *, visit: VisitIfAvailable, urls: CurrentUrls, deps: Deps
) -> Response:
    """Store what was typed, right or wrong; go on when it is right."""
    try:
        for _ in range(TRIES):
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
    shown = page_as_shown(visit, page, posted)
    page = find_page(visit.product, page.slug)
    keys = [question.key for question in shown.questions]
    typed = kept(shown.questions, posted)
    if visit.draft.sent is not None:
        is_late = marks(shown.questions, typed) != marks(shown.questions, visit.draft.typed)
        return visit.redirect(f"done/{visit.draft.sent}", **({"late": "1"} if is_late else {}))
    if visit.is_new:
        visit = await visit.lost(had_draft="_seen" in posted).begin()
    draft = await _begun(deps, visit, page, posted)
    # A page that was opened before there was a draft knew of no answer.
    seen = posted.get("_seen", marks(shown.questions, {}) if "_begun" in posted else None)
    result = merged(shown.questions, visit.draft, typed, seen)
    draft = with_elsewhere(draft.with_answers(keys, result.typed), visit.product.form, page, result.elsewhere)
    # A page of another order asks what stands on other pages of this one.
    draft = not_passed_if_changed(draft, visit.draft, *(other for other in visit.product.form.pages if other != page))
    draft_progress = progress(visit.product.form, draft)
    # What was lost or changed elsewhere is told first, on the page where it goes on.
    action = "" if visit.has_lost or result.elsewhere else str(posted.get("_action", ""))
    match action.partition(":"):
        case ("back", _, _) if not (visit.urls.back_to_confirm and _is_ready_after(page, draft, draft_progress)):
            draft = not_passed_if_changed(replace(draft, is_saved=True), visit.draft, page)
            before = draft_progress.before(page) if draft_progress.find(page.slug) else None
            response = visit.redirect(before.slug if before else "")
        case ("address", _, address):
            draft, response = _with_address(deps, visit, page, draft, address)
        case ("company", _, number):
            draft, response = await with_company(deps, visit, page, draft, number)
        case ("instead", _, key) if key in keys:
            corrected = _with_advice(_doubts(deps, draft_progress, page, draft), page, draft, visit.draft, key)
            draft, response = corrected, visit.redirect(page.slug, anchor=key)
        case ("documents", _, _):
            draft, response = _documents_only(visit, draft)
        case ("save" | "ask" as wish, _, _):
            draft = draft.with_page(page.slug, passed=not draft_progress.problems(page))
            response = visit.redirect("save" if wish == "save" else f"ask/{page.slug}")
        case _:
            draft, response = await _go_on(deps, visit, page, draft, draft_progress)
    return await visit.save(response, draft)


def _is_asked_back(draft: Draft, page: Page) -> bool:
    """Whether *page* must say what another window or a colleague has answered."""
    return any(question.key in draft.elsewhere for question in page.questions)


def _is_ready_after(page: Page, draft: Draft, draft_progress: Progress) -> bool:
    """Whether nothing but *page*, which is right, is left before the confirmation."""
    return draft_progress.updated(draft.with_page(page.slug, passed=True)).unfinished() is None


async def _go_on(
    deps: Dependencies, visit: Visit, page: Page, draft: Draft, draft_progress: Progress
) -> tuple[Draft, RedirectResponse]:
    """On to the next page; or this one again, with what is wrong or doubtful."""
    if draft_progress.find(page.slug) is not None:
        if problems := draft_progress.problems(page):
            await visit.count("error", draft, page.slug, tuple(problem.key for problem in problems))
            return draft.with_page(page.slug, passed=False), visit.redirect(page.slug, check="1")
        doubts = [doubt.key for doubt in _doubts(deps, draft_progress, page, draft)]
        if (new := [key for key in doubts if not draft.was_asked_about(key)]) or _is_asked_back(draft, page):
            asked = draft.asked_about(new).with_page(page.slug, passed=False)
            return asked, visit.redirect(page.slug, doubt="1")
    await visit.count("passed", draft, page.slug)
    draft = draft.with_page(page.slug, passed=True)
    if page.slug in draft.waiting:
        # Answered here after all: what a colleague would send later must not take its place unseen.
        draft = await deps.withdraw_link(draft, [page])
    return draft, _next(visit, page, draft_progress.updated(draft))


def _documents_only(visit: Visit, draft: Draft) -> tuple[Draft, RedirectResponse]:
    """Without a quote after all. Whoever had not wished for documents either says how they should come."""
    draft = draft.with_answers(["quote"], {"quote": "no"})
    if draft.text("brochure") == "none":
        draft = draft.with_answers(["brochure"], {})
    return draft, visit.redirect_to(progress(visit.product.form, draft).unfinished(), documents="1")


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
    if any(question.key == CONTACT for question in page.questions):
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
