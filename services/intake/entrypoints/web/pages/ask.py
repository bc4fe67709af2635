"""社内の担当者に聞く: a link to a page, or to all pages of one role, for whoever knows the answers (`colleague.py`).

Whoever asks sends it on by themselves, or has it mailed.
"""

from typing import Final

from fastapi import APIRouter, Request, Response

from services.intake.domain import contact_shapes
from services.intake.entrypoints.web.dependencies import Deps
from services.intake.entrypoints.web.pages.ask_view import Ask
from services.intake.entrypoints.web.pages.save import LONGEST, email_question, may_mail_link, wrong_address
from services.intake.entrypoints.web.request_body import PostedFields
from services.intake.entrypoints.web.urls import KnownPage
from services.intake.entrypoints.web.visit import VisitWithDraft
from shared.answers.reading import Problem
from shared.errors import Unavailable
from shared.web.problems import HttpProblem

router = APIRouter(prefix="/{product}/ask/{slug}", include_in_schema=False)
_OVER: Final = "このリンクは期限が過ぎました。「新しいリンクを作り直す」を押してから、もう一度お送りください"


@router.get("")
async def show(request: Request, page: KnownPage, visit: VisitWithDraft) -> Response:
    """The link to send on, or the button that makes one. `mailed` tells what became of a mail."""
    return Ask.of(visit, page.slug).html(mailed=request.query_params.get("mailed", ""))


@router.post("")
async def make_link(page: KnownPage, posted: PostedFields, visit: VisitWithDraft, deps: Deps) -> Response:
    """A new link, after which an earlier one no longer works; or no link any more. `together`: to all of one role."""
    ask = Ask.of(visit, page.slug)
    if "withdraw" in posted:
        draft = await deps.withdraw_link(visit.draft, ask.pages)
        return await visit.save(visit.redirect(page.slug), draft)
    if not deps.rate_limiter.allows("ask", visit.place):
        raise HttpProblem(429, "too-many-links")
    if not await deps.limit_drafts():
        raise Unavailable("drafts")  # What a colleague types is one more draft, and kept for longer than most.
    asked = ask.together if posted.get("pages") == "together" else [ask.page]
    draft = await deps.ask_colleague(visit.product.form, visit.draft, asked)
    return await visit.save(visit.redirect(f"ask/{page.slug}"), draft)


@router.post("/mail")
async def mail_link(page: KnownPage, posted: PostedFields, visit: VisitWithDraft, deps: Deps) -> Response:
    """Have the link mailed to the colleague, whose address is not kept, not even where it is wrong.

    To a mailbox that gets enough of our mails nothing is sent, and the page says the same: nobody learns of others.
    """
    ask = Ask.of(visit, page.slug)
    if ask.key is None or ask.is_answered:
        return visit.redirect(f"ask/{page.slug}")
    typed = str(posted.get("email", ""))[:LONGEST]
    email = contact_shapes.email(typed)
    if email is None:
        return ask.html(typed=typed, problems=(wrong_address(visit.product, typed),))
    # First: what one form is refused must not use up what others at the same place may send.
    deps.rate_limiter.check_colleagues(visit.draft.nonce)
    if not may_mail_link(visit, email):
        return visit.redirect(f"ask/{page.slug}", mailed="mailed")
    mailed = await deps.mail_colleague_link(visit.product, ask.key, email)
    if mailed == "over":
        return ask.html(typed=typed, problems=(Problem(email_question(visit.product).key, "over", _OVER),))
    return visit.redirect(f"ask/{page.slug}", mailed=mailed)
