"""The page of a colleague who was asked (`ask.py`): the questions of one page, and nothing of the others."""

from collections.abc import Iterator
from http import HTTPStatus

from fastapi import APIRouter, Request, Response

from services.intake.domain.advice import Advice, advice
from services.intake.domain.draft import Draft, Typed
from services.intake.domain.kept import kept
from services.intake.domain.progress import progress
from services.intake.entrypoints.web.dependencies import Dependencies, Deps
from services.intake.entrypoints.web.html import html_page
from services.intake.entrypoints.web.pages.fields import FormState, field_groups
from services.intake.entrypoints.web.rate_limiter import ClientPlace
from services.intake.entrypoints.web.request_body import PostedFields
from services.intake.entrypoints.web.urls import CurrentUrls, Urls, find_page, see_other
from shared.answers.reading import Problem
from shared.errors import Unavailable
from shared.products import Page, Product
from shared.web.problems import HttpProblem

router = APIRouter(prefix="/{product}/help/{key}", include_in_schema=False)


@router.get("")
async def show(request: Request, urls: CurrentUrls, key: str, deps: Deps) -> Response:
    """The one page, with what was typed so far."""
    draft, page = await _open(deps, urls.product, key)
    if page.slug in draft.passed:
        return html_page("helped.html", urls.product, page=page)
    problems = progress(urls.product.form, draft).problems(page) if "check" in request.query_params else ()
    doubts = () if problems else [doubt for doubt in _doubts(urls, page, draft) if draft.was_asked_about(doubt.key)]
    return _html(urls, key, page, draft, problems=problems, doubts=tuple(doubts))


@router.post("")
async def answer(urls: CurrentUrls, key: str, posted: PostedFields, deps: Deps, place: ClientPlace) -> Response:
    """Store what was typed. Who asked gets it when nothing is wrong, and what is doubtful was asked about once."""
    form = urls.product.form
    if not deps.rate_limiter.allows("post", place):
        return _unsaved(urls, key, posted)
    try:
        draft, page = await _open(deps, urls.product, key)
        if page.slug in draft.passed:
            return see_other(urls(f"help/{key}"))
        draft = _with_answers(draft, page, posted)
        problems, doubts = progress(form, draft).problems(page), tuple(_doubts(urls, page, draft))
        instead = {doubt.key: doubt.instead for doubt in doubts if posted.get("_action") == f"instead:{doubt.key}"}
        new = [doubt.key for doubt in doubts if not draft.was_asked_about(doubt.key)]
        draft = draft.with_answers(instead, instead).asked_about(new)
        await deps.save_draft(key, draft.with_page(page.slug, passed=not (problems or instead or new)))
    except Unavailable:
        return _unsaved(urls, key, posted)
    return see_other(urls(f"help/{key}", **({"check": "1"} if problems else {})))


async def _open(deps: Dependencies, product: Product, key: str) -> tuple[Draft, Page]:
    """The colleague's draft and its page. Raises `HttpProblem` (410) where the link no longer works."""
    draft = await deps.open_draft(key)
    if draft is None or draft.only is None:
        raise HttpProblem(410, "help-over")
    return draft, find_page(product, draft.only)


def _doubts(urls: Urls, page: Page, draft: Draft) -> Iterator[Advice]:
    return advice(page.questions, progress(urls.product.form, draft).checked, draft.typed)


def _with_answers(draft: Draft, page: Page, posted: Typed) -> Draft:
    """With the answers to the questions of this page, and to no other."""
    return draft.with_answers((question.key for question in page.questions), kept(page.questions, posted))


def _unsaved(urls: Urls, key: str, posted: Typed) -> Response:
    page = find_page(urls.product, str(posted.get("_page")))
    return _html(urls, key, page, _with_answers(Draft(), page, posted), unsaved=True)


def _html(
    urls: Urls,
    key: str,
    page: Page,
    draft: Draft,
    *,
    problems: tuple[Problem, ...] = (),
    doubts: tuple[Advice, ...] = (),
    unsaved: bool = False,
) -> Response:
    checked = progress(urls.product.form, draft).checked
    state = FormState(typed=draft.typed, problems=problems, doubts=doubts, button="回答を送る")
    return html_page(
        "help.html",
        urls.product,
        HTTPStatus.SERVICE_UNAVAILABLE if unsaved else HTTPStatus.OK,
        page=page,
        groups=field_groups(checked, page, state, everything=unsaved),
        problems=problems,
        doubts=doubts,
        unsaved=unsaved,
        action=urls(f"help/{key}"),
    )
