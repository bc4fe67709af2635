"""The form, page by page: ordinary HTML, nothing kept in the page, each step saved on the server."""

from dataclasses import replace
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from services.intake.domain.journey import Journey, journey
from services.intake.door import Refused, form_of, from_own_page, intake_of
from services.intake.draft import LIFETIME, Draft, Typed, new_key
from services.intake.pages import view
from services.intake.pages.render import PageRoute, go, message, page, product_of
from services.intake.submit import Conflict
from shared.errors import Unavailable
from shared.products import Page, Product

COOKIE: Final = "mitsumori_draft"
router = APIRouter(route_class=PageRoute, include_in_schema=False)


def known_product(request: Request) -> Product:
    """The product of this address, or there is no such page."""
    product = product_of(request)
    if product is None:
        raise Refused(404, "no-such-page")
    return product


Known = Annotated[Product, Depends(known_product)]


@router.get("/")
async def front(request: Request) -> RedirectResponse:
    """The first product is the front door."""
    return RedirectResponse(f"/{next(iter(intake_of(request).products))}/", status_code=307)


@router.get("/{product}/")
async def start(request: Request, product: Known) -> Response:
    """What this is, how long it takes, what to have at hand."""
    draft = await _draft(request)
    return page(request, "start.html", resumes=draft.sent is None and bool(draft.typed))


@router.post("/{product}/start")
async def begin(request: Request, product: Known) -> Response:
    """A new form, or on with the one that was begun."""
    _own_page(request)
    draft = await _draft(request)
    if draft.sent is not None or not draft.typed:
        draft = Draft()
    way = journey(product.form, draft.typed, draft.passed)
    undone = way.undone()
    response = go(_url(product, undone.slug if undone else "confirm"))
    await _keep(request, response, draft)
    return response


@router.get("/{product}/confirm")
async def confirm(request: Request, product: Known) -> Response:
    """Everything as it will be sent."""
    draft = await _draft(request)
    if draft.sent is not None:
        return go(_url(product, f"done/{draft.sent}"))
    way = journey(product.form, draft.typed, draft.passed)
    undone = way.undone()
    return go(_url(product, undone.slug)) if undone else _confirmation(request, product, way, {}, 200)


@router.post("/{product}/confirm")
async def send(request: Request, product: Known) -> Response:
    """Send what the draft holds. A double click, a reload and a way back send the same request, once."""
    _own_page(request)
    fields = await form_of(request)
    consents = {question.key: fields[question.key] for question in product.form.confirm if question.key in fields}
    try:
        return await _send(request, product, consents)
    except Unavailable:
        again = tuple((key, value) for key, value in consents.items() if isinstance(value, str))
        return message(request, "unavailable", 503, again)


async def _send(request: Request, product: Product, consents: Typed) -> Response:
    draft = await _draft(request)
    if draft.sent is not None:
        return go(_url(product, f"done/{draft.sent}"))
    way = journey(product.form, {**draft.typed, **consents}, draft.passed)
    undone = way.undone()
    if undone:
        return go(_url(product, undone.slug))
    if way.checked.problems:
        return _confirmation(request, product, way, consents, 422)
    accepted = await intake_of(request).submit(product, way.checked.answers, draft.nonce)
    if isinstance(accepted, Conflict):
        # Sent in another window, then changed in this one: what was sent first is what we have.
        return message(request, "conflict", 409)
    response = go(_url(product, f"done/{accepted.request_id}"))
    await _keep(request, response, Draft(sent=accepted.request_id))
    return response


@router.get("/{product}/done/{request_id}")
async def done(request: Request, product: Known, request_id: str) -> Response:
    """受付番号, and what happens next."""
    found = await intake_of(request).tell(request_id)
    if found is None or found[0].event.product != product.slug:
        raise Refused(404, "no-such-page")
    return page(request, "done.html", request=found[0].event)


@router.get("/{product}/{slug}")
async def show(request: Request, product: Known, slug: str) -> Response:
    """One page of questions; a page that cannot be reached yet leads to the one that is next."""
    draft = await _draft(request)
    if draft.sent is not None:
        return go(_url(product, f"done/{draft.sent}"))
    way = journey(product.form, draft.typed, draft.passed)
    shown = way.find(slug)
    if shown is None and all(slug != known.slug for known in product.form.pages):
        raise Refused(404, "no-such-page")
    if shown is None or not way.reachable(shown):
        undone = way.undone()
        return go(_url(product, undone.slug if undone else "confirm"))
    return _questions(request, product, way, shown, draft.typed, 200)


@router.post("/{product}/{slug}")
async def answer(request: Request, product: Known, slug: str) -> Response:
    """Keep what was typed, right or wrong; go on when it is right."""
    _own_page(request)
    sent_from = next((known for known in product.form.pages if known.slug == slug), None)
    if sent_from is None:
        raise Refused(404, "no-such-page")
    fields = await form_of(request)
    typed = {question.key: fields[question.key] for question in sent_from.questions if question.key in fields}
    try:
        return await _answer(request, product, sent_from, typed)
    except Unavailable:
        # The draft cannot be read, so what other pages said is not known: this page shows all of its questions.
        way = journey(product.form, typed, ())
        return _questions(request, product, way, sent_from, typed, 503)


async def _answer(request: Request, product: Product, sent_from: Page, typed: Typed) -> Response:
    draft = await _draft(request)
    if draft.sent is not None:
        return go(_url(product, f"done/{draft.sent}"))
    here = {question.key for question in sent_from.questions}
    merged = {key: value for key, value in draft.typed.items() if key not in here} | typed
    way = journey(product.form, merged, draft.passed)
    problems = way.problems(sent_from) if way.find(sent_from.slug) else ()
    draft = draft.with_page(sent_from.slug, merged, passed=not problems)
    way = replace(way, passed=frozenset(draft.passed))
    if problems:
        response = _questions(request, product, way, sent_from, merged, 422)
    else:
        response = go(_next(request, product, way, sent_from))
    await _keep(request, response, draft)
    return response


def _next(request: Request, product: Product, way: Journey, sent_from: Page) -> str:
    off_route = way.find(sent_from.slug) is None
    following = way.undone() if off_route or _to_confirm(request) else way.after(sent_from)
    return _url(product, following.slug + _back(request) if following else "confirm")


def _questions(request: Request, product: Product, way: Journey, shown: Page, typed: Typed, status: int) -> Response:
    away = status == 503  # noqa: PLR2004  # the HTTP status itself
    if away:
        way = replace(way, route=product.form.pages)
    problems = way.problems(shown) if status == 422 else ()  # noqa: PLR2004  # the HTTP status itself
    before = way.before(shown)
    back = "confirm" if _to_confirm(request) else before.slug if before else ""
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
        last=way.route[-1] == shown,
        back=_url(product, back),
        action=_url(product, shown.slug + _back(request)),
    )


def _confirmation(request: Request, product: Product, way: Journey, consents: Typed, status: int) -> Response:
    problems = way.checked.problems if status == 422 else ()  # noqa: PLR2004  # the HTTP status itself
    return page(
        request,
        "confirm.html",
        status,
        places=way.places,
        groups=view.groups(way),
        consents=view.consents(product.form, consents, problems),
        problems=problems,
        back=_url(product, way.route[-1].slug),
    )


def _own_page(request: Request) -> None:
    if not from_own_page(request):
        raise Refused(403, "other-site")


def _url(product: Product, rest: str) -> str:
    return f"/{product.slug}/{rest}"


def _to_confirm(request: Request) -> bool:
    return request.query_params.get("back") == "confirm"


def _back(request: Request) -> str:
    return "?back=confirm" if _to_confirm(request) else ""


async def _draft(request: Request) -> Draft:
    key = request.cookies.get(COOKIE)
    draft = await intake_of(request).drafts.open(key) if key else None
    # A key that opens nothing is not used again: whoever put it there must not read what is typed next.
    request.state.draft_key = key if draft else new_key()
    return draft or Draft()


async def _keep(request: Request, response: Response, draft: Draft) -> None:
    await intake_of(request).drafts.close(request.state.draft_key, draft)
    response.set_cookie(
        COOKIE,
        request.state.draft_key,
        max_age=int(LIFETIME.total_seconds()),
        path=f"/{request.path_params['product']}/",
        secure=intake_of(request).public_url.startswith("https://"),
        httponly=True,
        samesite="lax",
    )
