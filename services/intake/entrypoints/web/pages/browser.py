"""The browser at the other end: which product it asks for, which draft is its own, and where it is sent next."""

from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import Depends, Request, Response

from services.intake.domain.funnel import Kind, Step
from services.intake.domain.journey import Journey, journey
from services.intake.entrypoints.web.door import Refused, from_own_page, intake_of
from services.intake.entrypoints.web.pages.render import product_of
from services.intake.usecases.draft import Draft, new_key
from shared.products import Page, Product

COOKIE: Final = "mitsumori_draft"


def known_product(request: Request) -> Product:
    """The product of this address, or there is no such page."""
    product = product_of(request)
    if product is None:
        raise Refused(404, "no-such-page")
    return product


Known = Annotated[Product, Depends(known_product)]


def known_page(product: Product, slug: str) -> Page:
    """The form's page of this name, or there is no such page."""
    found = next((page for page in product.form.pages if page.slug == slug), None)
    if found is None:
        raise Refused(404, "no-such-page")
    return found


def own_page(request: Request) -> None:
    """Let only our own pages post."""
    if not from_own_page(request):
        raise Refused(403, "other-site")


def url(request: Request, rest: str = "", **query: str) -> str:
    """An address within the same product; it remembers whether this person came from the confirmation."""
    if request.query_params.get("back") == "confirm" and rest in _slugs(request):
        query = {"back": "confirm", **query}
    return f"/{request.path_params['product']}/{rest}{'?' if query else ''}{urlencode(query)}"


def way_of(product: Product, draft: Draft) -> Journey:
    """Where *draft* leads."""
    waiting = draft.asked.keys() - draft.heard.keys()
    return journey(product.form, draft.typed, draft.passed, waiting)


async def draft_of(request: Request) -> Draft:
    """This browser's draft with what colleagues have added, or an empty one. Raises `Unavailable`."""
    intake = intake_of(request)
    key = request.cookies.get(COOKIE)
    draft = await intake.drafts.open(key) if key else None
    if draft is not None and draft.only is not None:
        draft = None  # a colleague's link is no cookie
    # A key that opens nothing is not used again: whoever put it there must not read what is typed next.
    request.state.draft_key = key if draft else new_key()
    request.state.is_new = draft is None
    if draft is None or draft.sent is not None:
        return draft or Draft()
    return await intake.colleague.hear(known_product(request).form, draft)


async def keep_draft(request: Request, response: Response, draft: Draft) -> None:
    """Save *draft*, and let *response* carry its key. Raises `Unavailable`."""
    await intake_of(request).drafts.close(request.state.draft_key, draft)
    hand_over(request, response, request.state.draft_key, draft)


def hand_over(request: Request, response: Response, key: str, draft: Draft) -> None:
    """Let *response* give this browser the *key* of *draft*, for as long as it is kept."""
    response.set_cookie(
        COOKIE,
        key,
        max_age=int(draft.lifetime.total_seconds()),
        path=url(request),
        secure=intake_of(request).public_url.startswith("https://"),
        httponly=True,
        samesite="lax",
    )


async def count(request: Request, draft: Draft, kind: Kind, page: str = "", keys: tuple[str, ...] = ()) -> None:
    """Note that this visit came so far."""
    intake = intake_of(request)
    await intake.steps.keep(Step(known_product(request).slug, draft.visit, kind, intake.now(), page, keys))


def _slugs(request: Request) -> set[str]:
    return {page.slug for page in known_product(request).form.pages}
