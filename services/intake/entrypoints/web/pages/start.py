"""The start page: what this is and how long it takes; to begin, to begin again, and to forget what was typed."""

from dataclasses import replace
from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from services.intake.domain.draft import Draft, Typed
from services.intake.domain.elsewhere import not_passed_if_changed
from services.intake.domain.progress import progress
from services.intake.entrypoints.web.dependencies import Deps
from services.intake.entrypoints.web.html import html_page
from services.intake.entrypoints.web.pages.estimate import CARRIES, carried_answers, estimate_fields
from services.intake.entrypoints.web.request_body import PostedFields
from services.intake.entrypoints.web.urls import KnownProduct, see_other
from services.intake.entrypoints.web.visit import CurrentVisit, Visit, new_draft
from shared.products import Form, Product

_DOCUMENTS: Final = "documents"
"""The button of those who wish for documents by mail and for nothing else."""
_BY_MAIL: Final[Typed] = {"brochure": "email", "quote": "no"}

root = APIRouter(include_in_schema=False)
router = APIRouter(prefix="/{product}", include_in_schema=False)


@root.get("/")
async def first_product(deps: Deps) -> RedirectResponse:
    """On to the first product."""
    return RedirectResponse(f"/{next(iter(deps.products))}/", status_code=307)


@router.get("")
async def without_slash(request: Request, product: KnownProduct) -> RedirectResponse:
    """On to the start page, for those who leave out the last slash. Also what a link brings along goes on."""
    query = request.url.query
    return RedirectResponse(f"/{product.slug}/{'?' if query else ''}{query}", status_code=307)


@router.get("/")
async def show(request: Request, visit: CurrentVisit) -> Response:
    """What this is, who may use it, how long it takes, what to have ready."""
    product, query = visit.product, request.query_params
    prefilled = _prefilled(product.form, dict(query))
    return html_page(
        "start.html",
        product,
        forgotten="forgotten" in query,
        moved=visit.was_moved,
        expired=visit.is_new and visit.has_cookie and not visit.was_moved and "forgotten" not in query,
        resumes=bool(visit.draft.typed) and visit.draft.sent is None,
        prefilled=prefilled,
        estimate_fields=estimate_fields(product.form, prefilled) if product.estimate == "on" else (),
        minutes=_minutes(product),
        at_hand=tuple(dict.fromkeys(thing for page in product.form.pages for thing in page.at_hand)),
    )


@router.get("/start")
@router.get("/forget")
async def nothing_sent(product: KnownProduct) -> Response:
    """A page that answered one of the two buttons was opened again without its form: on to the start page."""
    return see_other(f"/{product.slug}/")


@router.post("/start")
async def begin(posted: PostedFields, visit: CurrentVisit, deps: Deps) -> Response:
    """Go on with the form that was begun; begin a new one after it was sent, or when that is wished."""
    form, draft = visit.product.form, visit.draft
    begins_again = draft.sent is not None or "afresh" in posted
    if visit.is_new or begins_again:
        visit = await visit.begin()
        if begins_again:
            await deps.forget_draft(visit.key, draft.asked.values())
        # Nobody has seen a page yet, so nothing that was posted chooses the order.
        visit = replace(visit, draft=new_draft(visit.sold, {}))
        draft = visit.draft
    if draft.begun_at is None:
        draft = replace(draft, begun_at=deps.now().isoformat())
        await visit.count("started", draft)
    typed = {**_prefilled(form, posted), **draft.typed, **carried_answers(form, posted)}
    # What an estimate brings in place of what was answered is looked at again on its page, as what is saved.
    draft = not_passed_if_changed(replace(draft, typed=typed), draft, *visit.product.form.pages)
    if _DOCUMENTS in posted:
        draft = await _with_wish_for_documents(visit, draft)
    visit = replace(visit, draft=draft)
    told = {"carried": "1"} if CARRIES in posted else {}
    return await visit.save(visit.redirect_to(visit.progress().unfinished(), **told), draft)


@router.post("/forget")
async def forget(visit: CurrentVisit) -> Response:
    """Delete everything that was typed, and what colleagues were asked for: for those who share their machine."""
    await visit.forget()
    response = visit.redirect(forgotten="1")
    visit.cookie.delete(response)
    return response


async def _with_wish_for_documents(visit: Visit, draft: Draft) -> Draft:
    """The button has said it, so a page that asks for nothing but the wishes is behind the customer."""
    draft = draft.with_answers(_BY_MAIL, _BY_MAIL)
    for page in progress(visit.product.form, draft).pages:
        if _BY_MAIL.keys() >= {question.key for question in page.questions}:
            await visit.count("passed", draft, page.slug)
            draft = draft.with_page(page.slug, passed=True)
    return draft


def _prefilled(form: Form, sent: Typed | dict[str, str]) -> Typed:
    """The answers that a link brought along: only what the product allows, and only what can be chosen."""
    return {
        question.key: answer
        for question in form.questions
        if question.prefill
        and isinstance(answer := sent.get(question.key), str)
        and answer in {choice.value for choice in question.choices}
    }


def _minutes(product: Product) -> dict[str, int]:
    """How long the form takes, in minutes: for documents alone, and for a quote."""
    wishes: dict[str, Typed] = {"documents": _BY_MAIL, "quote": {"quote": "yes"}}
    ways = {name: progress(product.form, Draft(typed=typed)).pages for name, typed in wishes.items()}
    return {name: sum(page.minutes for page in pages) for name, pages in ways.items()}
