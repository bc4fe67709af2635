"""The form, page by page: ordinary HTML, nothing kept in the page, each step saved on the server."""

from dataclasses import replace
from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from services.intake.domain.journey import Journey, journey
from services.intake.door import Refused, form_of, intake_of
from services.intake.draft import Draft, Typed
from services.intake.pages import view
from services.intake.pages.browser import Known, back, draft_of, keep_draft, own_page, url
from services.intake.pages.render import PageRoute, go, page
from shared.errors import Unavailable
from shared.products import Page, Product

router = APIRouter(route_class=PageRoute, include_in_schema=False)


@router.get("/")
async def front(request: Request) -> RedirectResponse:
    """The first product is the front door."""
    return RedirectResponse(f"/{next(iter(intake_of(request).products))}/", status_code=307)


@router.get("/{product}/")
async def start(request: Request, product: Known) -> Response:
    """What this is, how long it takes, what to have at hand."""
    draft = await draft_of(request)
    return page(request, "start.html", title=product.form.title, resumes=bool(draft.typed))


@router.post("/{product}/start")
async def begin(request: Request, product: Known) -> Response:
    """On with the form that was begun; a new one after it was sent."""
    own_page(request)
    draft = await draft_of(request)
    if draft.sent is not None:
        draft = Draft()
    undone = journey(product.form, draft.typed, draft.passed).undone()
    response = go(url(request, undone.slug if undone else "confirm"))
    await keep_draft(request, response, draft)
    return response


@router.get("/{product}/{slug}")
async def show(request: Request, product: Known, slug: str) -> Response:
    """One page of questions; a page that is not due yet leads to the one that is."""
    _page(product, slug)
    draft = await draft_of(request)
    if draft.sent is not None:
        return go(url(request, f"done/{draft.sent}"))
    way = journey(product.form, draft.typed, draft.passed)
    shown = way.find(slug)
    if shown is None or not way.reachable(shown):
        undone = way.undone()
        return go(url(request, undone.slug if undone else "confirm"))
    return _questions(request, way, shown, draft.typed, HTTPStatus.OK)


@router.post("/{product}/{slug}")
async def answer(request: Request, product: Known, slug: str) -> Response:
    """Keep what was typed, right or wrong; go on when it is right."""
    own_page(request)
    here = _page(product, slug)
    fields = await form_of(request)
    typed = {question.key: fields[question.key] for question in here.questions if question.key in fields}
    try:
        return await _answer(request, product, here, typed)
    except Unavailable:
        # The draft cannot be read, so nobody knows what other pages said: all questions of this one are shown.
        way = replace(journey(product.form, typed, ()), route=product.form.pages)
        return _questions(request, way, here, typed, HTTPStatus.SERVICE_UNAVAILABLE)


async def _answer(request: Request, product: Product, here: Page, typed: Typed) -> Response:
    draft = await draft_of(request)
    if draft.sent is not None:
        return go(url(request, f"done/{draft.sent}"))
    own = {question.key for question in here.questions}
    merged = {key: value for key, value in draft.typed.items() if key not in own} | typed
    way = journey(product.form, merged, draft.passed)
    problems = way.problems(here) if way.find(here.slug) else ()
    draft = draft.with_page(here.slug, merged, passed=not problems)
    way = replace(way, passed=frozenset(draft.passed))
    if problems:
        response = _questions(request, way, here, merged, HTTPStatus.UNPROCESSABLE_ENTITY)
    else:
        response = go(_next(request, way, here))
    await keep_draft(request, response, draft)
    return response


def _next(request: Request, way: Journey, here: Page) -> str:
    off_route = way.find(here.slug) is None
    following = way.undone() if off_route or back(request) else way.after(here)
    return url(request, following.slug + back(request) if following else "confirm")


def _questions(request: Request, way: Journey, shown: Page, typed: Typed, status: HTTPStatus) -> Response:
    away = status is HTTPStatus.SERVICE_UNAVAILABLE
    problems = way.problems(shown) if status is HTTPStatus.UNPROCESSABLE_ENTITY else ()
    before = way.before(shown)
    return page(
        request,
        "page.html",
        status,
        page=shown,
        place=way.place(shown),
        places=way.places,
        parts=view.parts(way.checked, shown, typed, problems, everything=away),
        problems=problems,
        away=away,
        last=way.ends_with(shown),
        back=url(request, "confirm" if back(request) else before.slug if before else ""),
        action=url(request, shown.slug + back(request)),
    )


def _page(product: Product, slug: str) -> Page:
    found = next((page for page in product.form.pages if page.slug == slug), None)
    if found is None:
        raise Refused(404, "no-such-page")
    return found
