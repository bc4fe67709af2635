"""`POST /{product}/submit`: an ordinary HTML form on the agency's own page becomes a request.

Such a page has fields of its own (buttons, trackers), so unknown ones are ignored. What is wrong comes back as one
page of ours with every question, everything that was typed, and the same address to send to.
"""

from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, Depends, Request, Response

from services.intake.domain.answers import check
from services.intake.domain.draft import Typed
from services.intake.entrypoints.web.accepted_line import describe_accepted
from services.intake.entrypoints.web.dependencies import Deps
from services.intake.entrypoints.web.html import html_page
from services.intake.entrypoints.web.pages.field import FormState
from services.intake.entrypoints.web.pages.fields import consent_fields, field_groups
from services.intake.entrypoints.web.rate_limiter import ClientPlace
from services.intake.entrypoints.web.request_body import PostedFields, usable_key
from services.intake.entrypoints.web.urls import KnownProduct, known_product, see_other
from services.intake.usecases.submit import Accepted, Conflict
from shared.answers.check import Checked
from shared.errors import Unavailable
from shared.products import Product
from shared.web.problems import HttpProblem

SUBMIT_PATH: Final = "/{product}/submit"
"""Not for our own pages only: `check_origin` decides whose pages may post here."""
router = APIRouter(prefix=SUBMIT_PATH, include_in_schema=False)


async def check_origin(request: Request, deps: Deps) -> None:
    """Only our pages and those of the agency may post here. Without `Origin` it is no page in a browser, so it may.

    Raises `HttpProblem` (403).
    """
    origin = request.headers.get("origin")
    if origin is not None and origin not in deps.allowed_origins:
        raise HttpProblem(403, "other-site")


@router.get("")
async def nothing_sent(product: KnownProduct) -> Response:
    """The error page was reloaded without its form: on to the start page."""
    return see_other(f"/{product.slug}/")


@router.post("/", dependencies=[Depends(known_product), Depends(check_origin)])
@router.post("", dependencies=[Depends(known_product), Depends(check_origin)])
async def submit(
    request: Request, product: KnownProduct, posted: PostedFields, deps: Deps, place: ClientPlace
) -> Response:
    """Accept all answers at once, or show all that is wrong at once."""
    key = usable_key(posted.get("idempotency_key") or None)
    checked = check(product.form, posted)
    if checked.problems:
        if not deps.rate_limiter.allows("refuse", place):
            raise HttpProblem(429, "too-many-tries")
        return _everything(product, checked, posted, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        suspicions = deps.rate_limiter.check_send(place, key or deps.submit.fingerprint(product, checked.answers))
        result = await deps.submit(product, checked.answers, key, sent=posted, suspicions=suspicions)
    except HttpProblem:
        return _everything(product, checked, posted, HTTPStatus.TOO_MANY_REQUESTS)
    except Unavailable:
        return _everything(product, checked, posted, HTTPStatus.SERVICE_UNAVAILABLE)
    match result:
        case Conflict():
            raise HttpProblem(409, "conflict")
        case Accepted(request_id=request_id) as accepted:
            describe_accepted(request, accepted)
            return see_other(f"/{product.slug}/done/{request_id}")


def _everything(product: Product, checked: Checked, posted: Typed, status: HTTPStatus) -> Response:
    state = FormState(typed=posted, problems=checked.problems, assists=False)
    pages = product.form.pages
    return html_page(
        "all.html",
        product,
        status,
        groups=[group for page in pages for group in field_groups(checked, page, state, everything=True)],
        consents=consent_fields(product.form, state),
        problems=checked.problems,
        unsaved=status == HTTPStatus.SERVICE_UNAVAILABLE,
        crowded=status == HTTPStatus.TOO_MANY_REQUESTS,
        idempotency_key=posted.get("idempotency_key", ""),
    )
