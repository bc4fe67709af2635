"""The pages of a colleague who was asked (`ask.py`), and nothing of the others.

The link opens them until all are sent: what was typed stays, so that the colleague can come back with it.
"""

from contextlib import suppress
from dataclasses import replace

from fastapi import APIRouter, Request, Response

from services.intake.domain.advice import advice
from services.intake.domain.draft import Draft, Typed
from services.intake.domain.elsewhere import merged, not_passed_if_changed, saved_as_given, with_elsewhere
from services.intake.domain.kept import kept
from services.intake.domain.progress import progress
from services.intake.entrypoints.web.dependencies import Dependencies, Deps
from services.intake.entrypoints.web.html import html_page
from services.intake.entrypoints.web.pages.colleague_view import Help
from services.intake.entrypoints.web.pages.keep import saved
from services.intake.entrypoints.web.rate_limiter import ClientPlace
from services.intake.entrypoints.web.request_body import PostedFields
from services.intake.entrypoints.web.urls import CurrentUrls, Urls, find_page, see_other
from services.intake.entrypoints.web.visit import TRIES
from services.intake.usecases.save_draft import DraftChanged
from shared.errors import Unavailable
from shared.products import Page
from shared.web.problems import HttpProblem

router = APIRouter(prefix="/{product}/help/{key}", include_in_schema=False)


@router.get("")
async def show(request: Request, urls: CurrentUrls, key: str, deps: Deps) -> Response:
    """The page to go on with, or that of the address, with what was typed so far."""
    asked = await _open(deps, urls, key)
    if asked.draft.is_answered:
        # Once more, for where it was not done after the last page was sent: we may have been away then.
        await deps.tell_asker(asked.urls.product.slug, key)
        return html_page("helped.html", asked.urls.product, pages=asked.pages, unwanted=asked.unwanted)
    query = request.query_params
    return asked.page(asked.find(query.get("page")), is_checked="check" in query)


@router.post("")
async def answer(urls: CurrentUrls, key: str, posted: PostedFields, deps: Deps, place: ClientPlace) -> Response:
    """Store what was typed. Who asked gets it when all is right, and what is doubtful was asked about once."""
    if deps.rate_limiter.allows("post", place):
        with suppress(Unavailable):
            for _ in range(TRIES):
                with suppress(DraftChanged):
                    return await _answer(deps, await _open(deps, urls, key), posted)
    page = find_page(urls.product, str(posted.get("_page")))
    return Help.unsaved(urls, key, page, posted)


@router.post("/keep")
async def keep(urls: CurrentUrls, key: str, posted: PostedFields, deps: Deps, place: ClientPlace) -> Response:
    """As `keep.py`, for the colleague's pages. Raises `HttpProblem` (404, 410, 429), `Unavailable`."""
    deps.rate_limiter.check("keep", place)
    for _ in range(TRIES):
        asked = await _open(deps, urls, key)
        if asked.draft.is_answered or not asked.wants(posted.get("_page")):
            raise HttpProblem(404, "no-draft")
        page = asked.find(posted.get("_page"))
        draft, elsewhere = saved_as_given(asked.draft, page, kept(page.questions, posted), posted.get("_seen"))
        with suppress(DraftChanged):
            await deps.save_draft(key, draft)
            return saved(deps.now(), elsewhere)
    raise Unavailable("drafts")


async def _answer(deps: Dependencies, asked: Help, posted: Typed) -> Response:
    if asked.draft.is_answered or not asked.wants(posted.get("_page")):
        return see_other(asked.url())
    page, form = asked.find(posted.get("_page")), asked.urls.product.form
    result = merged(page.questions, asked.draft, kept(page.questions, posted), posted.get("_seen"))
    keys = [question.key for question in page.questions]
    draft = with_elsewhere(asked.draft.with_answers(keys, result.typed), form, page, result.elsewhere)
    if posted.get("_action") == "back" and not result.elsewhere:
        draft = not_passed_if_changed(replace(draft, is_saved=True), asked.draft, page)
        await deps.save_draft(asked.key, draft)
        return see_other(asked.url(asked.before(page) or page))
    checked = progress(form, draft)
    problems, doubts = checked.problems(page), tuple(advice(page.questions, checked.checked, draft.typed))
    instead = _instead(asked.draft, {doubt.key: doubt.instead for doubt in doubts}, posted)
    new = [doubt.key for doubt in doubts if not draft.was_asked_about(doubt.key)]
    draft = draft.with_answers(instead, instead).asked_about(new)
    is_right = not (problems or instead or new or result.elsewhere)
    draft = draft.with_page(page.slug, passed=is_right)
    await deps.save_draft(asked.key, draft)
    if draft.is_answered:
        await deps.tell_asker(asked.urls.product.slug, asked.key)
    following: Page | None = replace(asked, draft=draft).after(page) if is_right else page
    return see_other(asked.url(following, check=bool(problems)))


def _instead(draft: Draft, advised: dict[str, str], posted: Typed) -> Typed:
    """The one answer that was chosen in place of what was typed."""
    action, _, key = str(posted.get("_action", "")).partition(":")
    chosen = draft.elsewhere.get(key) or advised.get(key)
    return {key: chosen} if action == "instead" and chosen else {}


async def _open(deps: Dependencies, urls: Urls, key: str) -> Help:
    """What is still wanted of the colleague. Raises `HttpProblem` (410) where the link no longer works."""
    draft = await deps.open_draft(key)
    if draft is None or not draft.helped_pages:
        raise HttpProblem(410, "help-over")
    product = urls.product.in_order(draft.order)
    asked = tuple(page for page in product.form.pages if page.slug in draft.wanted_pages)
    if not asked:
        raise HttpProblem(410, "help-over")
    return Help(urls=replace(urls, product=product), key=key, draft=draft, pages=asked)
