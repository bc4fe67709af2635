"""途中保存: a link by mail, and the way back in by it."""

from fastapi import APIRouter, Request, Response

from services.intake.domain import normalise
from services.intake.domain.reading import Problem, problem
from services.intake.entrypoints.web.door import Refused, form_of, intake_of, place_of
from services.intake.entrypoints.web.pages.browser import Known, draft_of, hand_over, own_page, url, way_of
from services.intake.entrypoints.web.pages.lookup import text_of
from services.intake.entrypoints.web.pages.render import PageRoute, go, page
from services.intake.usecases.draft import LINK_LIFETIME, Draft
from shared.products import Product, Question

router = APIRouter(route_class=PageRoute, include_in_schema=False)


@router.get("/{product}/save")
async def save(request: Request, product: Known) -> Response:
    """Where to send the link."""
    draft = await _begun(request)
    return _asking(request, product, draft, text_of(_mail_of(product), draft.typed))


@router.post("/{product}/save")
async def send_link(request: Request, product: Known) -> Response:
    """Have the link mailed."""
    own_page(request)
    typed = str((await form_of(request)).get("email", ""))
    draft = await _begun(request)
    email = normalise.email(typed)
    if email is None:
        code = "bad-email" if typed.strip() else "required"
        return _asking(request, product, draft, typed, (problem(_mail_of(product), code),))
    intake = intake_of(request)
    # Counted for the mailbox first: nobody's may be filled by asking from many places.
    if not (intake.guard.lets("mail", email) and intake.guard.lets("mail-place", place_of(request))):
        raise Refused(429, "too-many-mails")
    linked = await intake.resume.ask(product, request.state.draft_key, draft, email)
    response = go(url(request, "saved"))
    hand_over(request, response, request.state.draft_key, linked)
    return response


@router.get("/{product}/saved")
async def saved(request: Request, product: Known) -> Response:
    """What happens now."""
    draft = await _begun(request)
    undone = way_of(product, draft).undone()
    return page(request, "saved.html", days=LINK_LIFETIME.days, back=url(request, undone.slug if undone else "confirm"))


@router.get("/{product}/resume/{token}")
async def arrive(request: Request, product: Known, token: str) -> Response:  # noqa: ARG001  # the link names it
    """Only a button: programs that look into mails must not use the link up, and nothing typed is shown."""
    if not await intake_of(request).resume.leads_somewhere(token):
        raise Refused(410, "link-over")
    return page(request, "resume.html", action=url(request, f"resume/{token}"))


@router.post("/{product}/resume/{token}")
async def go_on(request: Request, product: Known, token: str) -> Response:
    """This browser has the draft from now on."""
    own_page(request)
    found = await intake_of(request).resume.use(token)
    if found is None:
        raise Refused(410, "link-over")
    key, draft = found
    undone = way_of(product, draft).undone()
    response = go(url(request, undone.slug, resumed="1") if undone else url(request, "confirm"))
    hand_over(request, response, key, draft)
    return response


async def _begun(request: Request) -> Draft:
    """A draft that there is something in to save."""
    draft = await draft_of(request)
    if request.state.is_new or draft.sent is not None:
        raise Refused(404, "no-draft")
    return draft


def _mail_of(product: Product) -> Question:
    return next(question for question in product.form.questions if question.kind == "email")


def _asking(
    request: Request, product: Product, draft: Draft, typed: str, problems: tuple[Problem, ...] = ()
) -> Response:
    undone = way_of(product, draft).undone()
    return page(
        request,
        "save.html",
        422 if problems else 200,
        typed=typed,
        problems=problems,
        days=LINK_LIFETIME.days,
        back=url(request, undone.slug if undone else "confirm"),
    )
