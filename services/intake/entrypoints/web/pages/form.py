"""The form, page by page: ordinary HTML, nothing kept in the page, each step saved on the server."""

from dataclasses import replace
from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from services.intake.entrypoints.web.door import Refused, form_of, intake_of, place_of
from services.intake.entrypoints.web.pages import questions
from services.intake.entrypoints.web.pages.browser import (
    COOKIE,
    Known,
    count,
    draft_of,
    keep_draft,
    known_page,
    own_page,
    url,
    way_of,
)
from services.intake.entrypoints.web.pages.render import PageRoute, go, page
from services.intake.usecases.draft import Draft, Typed
from shared.products import Form, Product

router = APIRouter(route_class=PageRoute, include_in_schema=False)


@router.get("/")
async def front(request: Request) -> RedirectResponse:
    """The first product is the front door."""
    return RedirectResponse(f"/{next(iter(intake_of(request).products))}/", status_code=307)


@router.get("/{product}/")
async def start(request: Request, product: Known) -> Response:
    """What this is, who may use it, how long it takes, what to have at hand."""
    draft = await draft_of(request)
    brought = _brought(product.form, dict(request.query_params))
    return page(
        request,
        "start.html",
        forgotten="forgotten" in request.query_params,
        resumes=bool(draft.typed) and draft.sent is None,
        brought=brought,
        minutes=_minutes(product),
        at_hand=tuple(dict.fromkeys(one for shown in product.form.pages for one in shown.at_hand)),
    )


@router.post("/{product}/start")
async def begin(request: Request, product: Known) -> Response:
    """On with the form that was begun; a new one after it was sent, or when that is wished."""
    own_page(request)
    intake = intake_of(request)
    if not intake.guard.lets("begin", place_of(request)):
        raise Refused(429, "too-many")
    fields = await form_of(request)
    draft = await draft_of(request)
    if draft.sent is not None or "afresh" in fields:
        await intake.drafts.forget(request.state.draft_key)
        draft = Draft()
    if draft.begun_at is None:
        draft = replace(draft, begun_at=intake.now().isoformat())
        await count(request, draft, "started")
    draft = replace(draft, typed={**_brought(product.form, fields), **draft.typed})
    undone = way_of(product, draft).undone()
    response = go(url(request, undone.slug, begun="1") if undone else url(request, "confirm"))
    await keep_draft(request, response, draft)
    return response


@router.post("/{product}/forget")
async def forget(request: Request, product: Known) -> Response:
    """Nothing of what was typed is left here: for those who share their machine."""
    own_page(request)
    await draft_of(request)
    await intake_of(request).drafts.forget(request.state.draft_key)
    response = go(url(request, forgotten="1"))
    response.delete_cookie(COOKIE, path=f"/{product.slug}/")
    return response


@router.get("/{product}/{slug}")
async def show(request: Request, product: Known, slug: str) -> Response:
    """One page of questions; a page that is not due yet leads to the one that is."""
    known_page(product, slug)
    if "begun" in request.query_params and COOKIE not in request.cookies:
        raise Refused(HTTPStatus.BAD_REQUEST, "no-cookie")
    draft = await draft_of(request)
    if draft.sent is not None:
        return go(url(request, f"done/{draft.sent}"))
    way = way_of(product, draft)
    shown = way.find(slug)
    if shown is None or not way.reachable(shown):
        undone = way.undone()
        return go(url(request, undone.slug if undone else "confirm"))
    return questions.shown(request, way, shown, draft)


def _brought(form: Form, sent: Typed) -> dict[str, str | list[str]]:
    """The answers that a link brought along: only what the product allows, and only what can be chosen."""
    return {
        question.key: answer
        for question in form.questions
        if question.prefill
        and isinstance(answer := sent.get(question.key), str)
        and answer in {choice.value for choice in question.choices}
    }


def _minutes(product: Product) -> dict[str, int]:
    """How long the shortest and the longest way take."""
    pages = product.form.pages
    return {"documents": sum(one.minutes for one in pages[:2]), "quote": sum(one.minutes for one in pages)}
