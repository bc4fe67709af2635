"""途中保存: a mail with a link, to go on later or on another machine. The link leads to `resume.py`."""

from fastapi import APIRouter, Response

from services.intake.domain import normalise
from services.intake.domain.draft import LINK_LIFETIME
from services.intake.domain.reading import Problem, problem
from services.intake.entrypoints.web.dependencies import Deps
from services.intake.entrypoints.web.html import html_page
from services.intake.entrypoints.web.rate_limiter import ClientIp
from services.intake.entrypoints.web.request_body import PostedFields
from services.intake.entrypoints.web.visit import Visit, VisitWithDraft
from shared.products import Product, Question
from shared.web.problems import HttpProblem

router = APIRouter(prefix="/{product}", include_in_schema=False)


@router.get("/save")
async def show(visit: VisitWithDraft) -> Response:
    """Where to send the link."""
    return _page(visit, visit.draft.text(_email_question(visit.product).key))


@router.post("/save")
async def send_link(posted: PostedFields, visit: VisitWithDraft, deps: Deps, ip: ClientIp) -> Response:
    """Have the link mailed."""
    typed = str(posted.get("email", ""))
    email = normalise.email(typed)
    if email is None:
        code = "bad-email" if typed.strip() else "required"
        return _page(visit, typed, problem(_email_question(visit.product), code))
    # Counted for the mailbox first: requests from many addresses must not fill somebody's mailbox.
    if not (deps.rate_limiter.allows("mail-to", email) and deps.rate_limiter.allows("mail-from", ip)):
        raise HttpProblem(429, "too-many-mails")
    linked = await deps.mail_resume_link(visit.product, visit.key, visit.draft, email)
    return visit.give_key(visit.redirect("saved"), linked)


@router.get("/saved")
async def saved(visit: VisitWithDraft) -> Response:
    """What happens now."""
    return html_page("saved.html", visit.product, days=LINK_LIFETIME.days, back=visit.unfinished_url())


def _email_question(product: Product) -> Question:
    return next(question for question in product.form.questions if question.kind == "email")


def _page(visit: Visit, typed: str, *problems: Problem) -> Response:
    return html_page(
        "save.html",
        visit.product,
        422 if problems else 200,
        typed=typed,
        problems=problems,
        days=LINK_LIFETIME.days,
        back=visit.unfinished_url(),
    )
