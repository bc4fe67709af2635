"""The browser at the other end: which product it asks for, which draft is its own, and where it is sent next."""

from typing import Annotated, Final

from fastapi import Depends, Request, Response

from services.intake.door import Refused, from_own_page, intake_of
from services.intake.draft import LIFETIME, Draft, new_key
from services.intake.pages.render import product_of
from shared.products import Product

COOKIE: Final = "mitsumori_draft"


def known_product(request: Request) -> Product:
    """The product of this address, or there is no such page."""
    product = product_of(request)
    if product is None:
        raise Refused(404, "no-such-page")
    return product


Known = Annotated[Product, Depends(known_product)]


def own_page(request: Request) -> None:
    """Let only our own pages post."""
    if not from_own_page(request):
        raise Refused(403, "other-site")


def url(request: Request, rest: str = "") -> str:
    """An address within the same product."""
    return f"/{request.path_params['product']}/{rest}"


def back(request: Request) -> str:
    """The end of an address that remembers: this person came from the confirmation and wants to return there."""
    return "?back=confirm" if request.query_params.get("back") == "confirm" else ""


async def draft_of(request: Request) -> Draft:
    """This browser's draft, or an empty one. Raises `Unavailable`."""
    key = request.cookies.get(COOKIE)
    draft = await intake_of(request).drafts.open(key) if key else None
    # A key that opens nothing is not used again: whoever put it there must not read what is typed next.
    request.state.draft_key = key if draft else new_key()
    return draft or Draft()


async def keep_draft(request: Request, response: Response, draft: Draft) -> None:
    """Save *draft*, and let *response* carry its key. Raises `Unavailable`."""
    intake = intake_of(request)
    await intake.drafts.close(request.state.draft_key, draft)
    response.set_cookie(
        COOKIE,
        request.state.draft_key,
        max_age=int(LIFETIME.total_seconds()),
        path=url(request),
        secure=intake.public_url.startswith("https://"),
        httponly=True,
        samesite="lax",
    )
