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
LONGEST: Final = 400
"""So much of what was typed in place of an address is shown again."""


@router.get("/save")
async def show(request: Request, visit: VisitWithDraft) -> Response:
    """Where to send the link. `check` shows what is wrong with the address that was typed here."""
    if "check" not in request.query_params:
        return _page(visit, visit.draft.text(email_question(visit.product).key))
    typed = visit.draft.text(_TO)
    return _page(visit, typed, wrong_address(visit.product, typed))


@router.post("/save")
async def send_link(posted: PostedFields, visit: VisitWithDraft, deps: Deps) -> Response:
    """Have the link mailed. Who has asked often enough reads the same, but nothing is sent: nobody learns of others."""
    typed = str(posted.get("email", ""))
    email = contact_shapes.email(typed)
    if email is None:
        wrong = visit.draft.with_answers([_TO], {_TO: typed[:LONGEST]})
        return await visit.save(visit.redirect("save", check="1"), wrong)
    draft = visit.draft.with_answers([_TO], {})
    if not may_mail_link(visit, email):
        return await visit.save(visit.redirect("saved"), draft)
    await deps.mail_resume_link(visit.product, visit.key, draft, email)
    return await visit.give_key(visit.redirect("saved"))


@router.get("/saved")
async def saved(visit: VisitWithDraft) -> Response:
    """What happens now."""
    return html_page("saved.html", visit.product, days=LINK_LIFETIME.days, back=visit.unfinished_url())


def email_question(product: Product) -> Question:
    """The question for an address: its words for a wrong one are used wherever one is typed."""
    return next(question for question in product.form.questions if question.kind == "email")


def wrong_address(product: Product, typed: str) -> Problem:
    """What is wrong with *typed*, which is no address."""
    return problem(email_question(product), "bad-email" if typed.strip() else "required")


def may_mail_link(visit: Visit, email: str) -> bool:
    """Whether one more link may be mailed to *email*; if so, it is counted.

    False: the mailbox gets enough, and the page must say the same as if it were mailed. Raises `HttpProblem` (429).
    """
    limiter = visit.deps.rate_limiter
    if not limiter.allows("mail-link", visit.place):
        raise HttpProblem(429, "too-many-mails")
    if not limiter.allows_link(visit.place, mailbox_of(email)):
        return False
    if not visit.deps.limit_mails.allows_link():
        raise HttpProblem(429, "mails-wait")
    return True


def _page(visit: Visit, typed: str, *problems: Problem) -> Response:
    return html_page(
        "save.html",
        visit.product,
        typed=typed,
        problems=problems,
        days=LINK_LIFETIME.days,
        back=visit.unfinished_url(),
    )
