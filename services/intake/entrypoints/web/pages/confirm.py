"""The last pages: everything as it will be sent, the consent, the button; and 受付番号 when it is done."""

from dataclasses import replace

from fastapi import APIRouter, Request, Response

from services.intake.domain.journey import Journey
from services.intake.domain.reading import Problem
from services.intake.entrypoints.web.door import Refused, crowd_of, form_of, intake_of
from services.intake.entrypoints.web.pages import rows, view
from services.intake.entrypoints.web.pages.browser import Known, count, draft_of, keep_draft, own_page, url, way_of
from services.intake.entrypoints.web.pages.render import PageRoute, go, message, page
from services.intake.usecases.draft import Draft
from services.intake.usecases.submit import Conflict
from shared.products import Product

router = APIRouter(route_class=PageRoute, include_in_schema=False)


@router.get("/{product}/confirm")
async def confirm(request: Request, product: Known) -> Response:
    """Everything as it will be sent; what is not done yet comes first."""
    draft = await draft_of(request)
    if draft.sent is not None:
        return go(url(request, f"done/{draft.sent}"))
    way = way_of(product, draft)
    undone = way.undone()
    return go(url(request, undone.slug)) if undone else _confirmation(request, product, way)


@router.post("/{product}/confirm")
async def send(request: Request, product: Known) -> Response:
    """Send what the draft holds. A double click, a reload and a way back send the same request, once."""
    own_page(request)
    fields = await form_of(request)
    consents = {question.key: fields[question.key] for question in product.form.confirm if question.key in fields}
    draft = await draft_of(request)
    if draft.sent is not None:
        return go(url(request, f"done/{draft.sent}"))
    draft = replace(draft, typed={**draft.typed, **consents})
    way = way_of(product, draft)
    undone = way.undone()
    if undone:
        return go(url(request, undone.slug, expired="1") if request.state.is_new else url(request, undone.slug))
    if way.checked.problems:
        await count(request, draft, "error", "confirm", tuple(problem.key for problem in way.checked.problems))
        return _confirmation(request, product, way, view.Told(consents, way.checked.problems))
    accepted = await intake_of(request).submit(
        product,
        way.checked.answers,
        draft.nonce,
        sent=draft.typed,
        suspicions=(*draft.suspicions, *crowd_of(request)),
    )
    if isinstance(accepted, Conflict):
        # Sent in another window, then changed in this one: what was sent first is what we have.
        return message(request, "conflict", 409)
    await count(request, draft, "sent")
    response = go(url(request, f"done/{accepted.request_id}"))
    # What was typed stays for a day, for the copy on the last page; the links to it do not.
    await keep_draft(request, response, Draft(draft.typed, draft.passed, sent=accepted.request_id))
    return response


@router.get("/{product}/done/{request_id}")
async def done(request: Request, product: Known, request_id: str) -> Response:
    """受付番号, and what happens next."""
    found = await intake_of(request).tell(request_id)
    if found is None or found[0].event.product != product.slug:
        raise Refused(404, "no-such-page")
    draft = await draft_of(request)
    return page(request, "done.html", kept=found[0].event, has_copy=draft.sent == request_id)


def _confirmation(request: Request, product: Product, way: Journey, told: view.Told | None = None) -> Response:
    problems: tuple[Problem, ...] = told.problems if told else ()
    return page(
        request,
        "confirm.html",
        422 if problems else 200,
        places=way.places,
        groups=rows.groups(way),
        consents=view.consents(product.form, told or view.Told({})),
        problems=problems,
        back=url(request, way.route[-1].slug),
    )
