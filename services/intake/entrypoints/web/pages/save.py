"""途中保存: a mail with a link, to go on later or on another machine. The link leads to `resume.py`."""

from typing import Final

from fastapi import APIRouter, Request, Response

from services.intake.domain import contact_shapes
from services.intake.domain.draft import LINK_LIFETIME
from services.intake.entrypoints.web.dependencies import Deps
from services.intake.entrypoints.web.html import html_page
from services.intake.entrypoints.web.request_body import PostedFields
from services.intake.entrypoints.web.visit import Visit, VisitWithDraft
from shared.answers.reading import Problem, problem
from shared.mail_address import mailbox_of
from shared.products import Product, Question
from shared.web.problems import HttpProblem

router = APIRouter(prefix="/{product}", include_in_schema=False)
_TO: Final = "_to"
"""Where a draft has the address that was typed here, while it is wrong. No question has such a key."""
_LONGEST: Final = 400


@router.get("/save")
async def show(request: Request, visit: VisitWithDraft) -> Response:
    """Where to send the link. `check` shows what is wrong with the address that was typed here."""
    question = _email_question(visit.product)
    if "check" not in request.query_params:
        return _page(visit, visit.draft.text(question.key))
    typed = visit.draft.text(_TO)
    return _page(visit, typed, problem(question, "bad-email" if typed.strip() else "required"))


@router.post("/save")
async def send_link(posted: PostedFields, visit: VisitWithDraft, deps: Deps) -> Response:
    """Have the link mailed. Who has asked often enough reads the same, but nothing is sent: nobody learns of others."""
    typed = str(posted.get("email", ""))
    email = contact_shapes.email(typed)
    if email is None:
        wrong = visit.draft.with_answers([_TO], {_TO: typed[:_LONGEST]})
        return await visit.save(visit.redirect("save", check="1"), wrong)
    if not deps.rate_limiter.allows("mail-link", visit.place):
        raise HttpProblem(429, "too-many-mails")
    draft = visit.draft.with_answers([_TO], {})
    if not deps.rate_limiter.allows_link(visit.place, mailbox_of(email)):
        return await visit.save(visit.redirect("saved"), draft)
    if not deps.limit_mails.allows_link():
        raise HttpProblem(429, "mails-wait")
    await deps.mail_resume_link(visit.product, visit.key, draft, email)
    return await visit.give_key(visit.redirect("saved"))


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
        typed=typed,
        problems=problems,
        days=LINK_LIFETIME.days,
        back=visit.unfinished_url(),
    )
