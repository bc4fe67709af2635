"""社内の担当者に聞く: a link to one page, for whoever knows its answers. It leads to `colleague.py`."""

from urllib.parse import quote

from fastapi import APIRouter, Response

from services.intake.entrypoints.web.dependencies import Deps
from services.intake.entrypoints.web.html import html_page
from services.intake.entrypoints.web.request_body import PostedFields
from services.intake.entrypoints.web.urls import KnownPage
from services.intake.entrypoints.web.visit import VisitWithDraft
from shared.errors import Unavailable
from shared.products import Page, Product
from shared.web.problems import HttpProblem

router = APIRouter(prefix="/{product}/ask/{slug}", include_in_schema=False)


@router.get("")
async def show(page: KnownPage, visit: VisitWithDraft, deps: Deps) -> Response:
    """The link to send on, or the button that makes one."""
    _check_askable(page)
    key = visit.draft.asked.get(page.slug)
    link = f"{deps.public_url}{visit.url(f'help/{key}')}" if key else ""
    return html_page(
        "ask.html",
        visit.product,
        page=page,
        link=link,
        mail=_mail(visit.product, page, link),
        answered=page.slug in visit.draft.heard,
        action=visit.url(f"ask/{page.slug}"),
        back=visit.url(page.slug),
        following=visit.unfinished_url(),
    )


@router.post("")
async def make_link(page: KnownPage, posted: PostedFields, visit: VisitWithDraft, deps: Deps) -> Response:
    """A new link, after which an earlier one no longer works; or no link any more."""
    _check_askable(page)
    if "withdraw" in posted:
        draft = await deps.withdraw_link(visit.draft, page)
        return await visit.save(visit.redirect(page.slug), draft)
    if not deps.rate_limiter.allows("ask", visit.place):
        raise HttpProblem(429, "too-many-links")
    if not await deps.limit_drafts():
        raise Unavailable("drafts")  # What a colleague types is one more draft, and kept for longer than most.
    draft = await deps.ask_colleague(visit.product.form, visit.draft, page)
    return await visit.save(visit.redirect(f"ask/{page.slug}"), draft)


def _check_askable(page: Page) -> None:
    if not page.colleague:
        raise HttpProblem(404, "no-draft")


def _mail(product: Product, page: Page, link: str) -> str:
    """The link that begins a mail in the customer's own mail program: they know best what to write to whom."""
    subject = f"{product.name}のお見積り：「{page.title}」のご回答のお願い"
    body = f"お疲れさまです。\n{product.name}の見積りに必要な質問（{page.title}）への回答をお願いします。\n\n{link}\n"
    return f"mailto:?subject={quote(subject)}&body={quote(body)}"
