"""`POST /{product}/submit`: an ordinary HTML form on the agency's own page becomes a request.

Such a page has fields of its own (buttons, trackers), so unknown ones are let go. What is wrong comes back as one
page of ours with every question, every word that was typed, and the same address to send to.
"""

from http import HTTPStatus

from fastapi import APIRouter, Request, Response

from services.intake.domain.answers import Checked, check
from services.intake.entrypoints.web.door import Refused, crowd_of, form_of, from_allowed_page, intake_of, usable_key
from services.intake.entrypoints.web.pages import view
from services.intake.entrypoints.web.pages.browser import Known
from services.intake.entrypoints.web.pages.render import PageRoute, go, message, page
from services.intake.usecases.draft import Typed
from services.intake.usecases.submit import Conflict
from shared.errors import Unavailable
from shared.products import Product

router = APIRouter(route_class=PageRoute, include_in_schema=False)


@router.get("/{product}/submit")
async def nothing_sent(product: Known) -> Response:
    """A reload of the error page, without its form: start afresh."""
    return go(f"/{product.slug}/")


@router.post("/{product}/submit")
async def submit(request: Request, product: Known) -> Response:
    """Accept all answers at once, or show all that is wrong at once."""
    if not from_allowed_page(request):
        raise Refused(403, "other-site")
    fields = await form_of(request)
    key = usable_key(fields.get("idempotency_key") or None)
    checked = check(product.form, fields)
    if checked.problems:
        return _everything(request, product, checked, fields, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        marks = crowd_of(request)
        accepted = await intake_of(request).submit(product, checked.answers, key, sent=fields, suspicions=marks)
    except Refused:
        return _everything(request, product, checked, fields, HTTPStatus.TOO_MANY_REQUESTS)
    except Unavailable:
        return _everything(request, product, checked, fields, HTTPStatus.SERVICE_UNAVAILABLE)
    if isinstance(accepted, Conflict):
        return message(request, "conflict", 409)
    return go(f"/{product.slug}/done/{accepted.request_id}")


def _everything(request: Request, product: Product, checked: Checked, fields: Typed, status: HTTPStatus) -> Response:
    told = view.Told(fields, checked.problems, assists=False)
    parts = [part for shown in product.form.pages for part in view.parts(checked, shown, told, everything=True)]
    return page(
        request,
        "all.html",
        status,
        parts=parts,
        consents=view.consents(product.form, told),
        problems=checked.problems,
        away=status == HTTPStatus.SERVICE_UNAVAILABLE,
        crowded=status == HTTPStatus.TOO_MANY_REQUESTS,
        idempotency_key=fields.get("idempotency_key", ""),
    )
