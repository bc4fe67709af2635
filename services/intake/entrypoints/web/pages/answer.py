"""A page of questions that was sent: kept as typed, right or wrong, and on to wherever the pressed button leads."""

from dataclasses import replace

from fastapi import APIRouter, Request, Response

from services.intake.domain.advice import advice
from services.intake.domain.journey import journey
from services.intake.domain.suspicion import TRAP, of_page
from services.intake.entrypoints.web.door import form_of, intake_of
from services.intake.entrypoints.web.pages import questions
from services.intake.entrypoints.web.pages.browser import (
    COOKIE,
    Known,
    count,
    draft_of,
    keep_draft,
    known_page,
    own_page,
    url,
    way_of,
)
from services.intake.entrypoints.web.pages.lookup import found_at, text_of
from services.intake.entrypoints.web.pages.render import PageRoute, go
from services.intake.usecases.draft import Draft, Typed, moment
from shared.errors import Unavailable
from shared.products import Page, Product

router = APIRouter(route_class=PageRoute, include_in_schema=False)


@router.post("/{product}/{slug}")
async def answer(request: Request, product: Known, slug: str) -> Response:
    """Keep what was typed, right or wrong; go on when it is right."""
    own_page(request)
    here = known_page(product, slug)
    fields = await form_of(request)
    typed = {question.key: fields[question.key] for question in here.questions if question.key in fields}
    try:
        return await _answer(request, product, here, typed, fields)
    except Unavailable:
        # The draft cannot be read, so nobody knows what other pages said: all questions of this one are shown.
        way = replace(journey(product.form, typed, ()), route=product.form.pages)
        return questions.shown(request, way, here, Draft(typed=typed), away=True)


async def _answer(request: Request, product: Product, here: Page, typed: Typed, fields: Typed) -> Response:
    draft = await draft_of(request)
    if draft.sent is not None:
        return go(url(request, f"done/{draft.sent}"))
    own = {question.key for question in here.questions}
    others = {key: value for key, value in draft.typed.items() if key not in own}
    draft = _suspected(request, product, here, replace(draft, typed={**others, **typed}), fields)
    match str(fields.get("_action", "")).partition(":"):
        case ("address", _, wanted):
            draft, target = _with_address(request, here, draft, wanted)
        case ("instead", _, key) if key in own:
            draft, target = _instead(product, here, draft, key), url(request, here.slug) + f"#{key}"
        case ("save" | "ask" as wish, _, _):
            draft = _sent(product, here, draft)
            target = url(request, "save" if wish == "save" else f"ask/{here.slug}")
        case _:
            draft, target = await _on(request, product, here, draft)
    response = go(target)
    await keep_draft(request, response, draft)
    return response


async def _on(request: Request, product: Product, here: Page, draft: Draft) -> tuple[Draft, str]:
    """The next page; or this one again, with what is wrong or doubtful."""
    way = way_of(product, draft)
    problems = way.problems(here) if way.find(here.slug) else ()
    if problems:
        await count(request, draft, "error", here.slug, tuple(problem.key for problem in problems))
        return draft.with_page(here.slug, draft.typed, passed=False), url(request, here.slug, check="1")
    new = [
        questions.marked(draft, doubt.key)
        for doubt in advice(here.questions, way.checked, draft.typed)
        if questions.marked(draft, doubt.key) not in draft.doubted
    ]
    if new and way.find(here.slug):
        asking = replace(draft.with_page(here.slug, draft.typed, passed=False), doubted=(*draft.doubted, *new))
        return asking, url(request, here.slug, doubt="1")
    await count(request, draft, "passed", here.slug)
    draft = draft.with_page(here.slug, draft.typed, passed=True)
    if here.slug in draft.asked and here.slug not in draft.heard:
        # Answered here after all: what a colleague would send later must not take its place unseen.
        draft = await intake_of(request).colleague.withdraw(draft, here)
    return draft, _next(request, product, here, draft)


def _next(request: Request, product: Product, here: Page, draft: Draft) -> str:
    way = way_of(product, draft)
    off_route = way.find(here.slug) is None
    returns = request.query_params.get("back") == "confirm"
    following = way.undone() if off_route or returns else way.after(here)
    if request.state.is_new and request.cookies.get(COOKIE):
        # The draft that this browser had is over: what it has just sent is the first of a new one.
        first = way.undone()
        return url(request, first.slug if first else "confirm", expired="1")
    return url(request, following.slug if following else "confirm")


def _sent(product: Product, here: Page, draft: Draft) -> Draft:
    """Kept as it is; done with only when nothing is wrong."""
    way = way_of(product, draft)
    return draft.with_page(here.slug, draft.typed, passed=not way.problems(here))


def _suspected(request: Request, product: Product, here: Page, draft: Draft, fields: Typed) -> Draft:
    found = set(draft.suspicions)
    if request.state.is_new and COOKIE not in request.cookies:
        found.add("no-start")
    if here == product.form.pages[0]:
        found.update(of_page(fields.get(TRAP), moment(draft.begun_at), intake_of(request).now()))
    return replace(draft, suspicions=tuple(sorted(found)))


def _instead(product: Product, here: Page, draft: Draft, key: str) -> Draft:
    """With what was advised in place of what was typed."""
    checked = way_of(product, draft).checked
    meant = next((doubt.instead for doubt in advice(here.questions, checked, draft.typed) if doubt.key == key), "")
    return draft.with_page(here.slug, {**draft.typed, key: meant} if meant else draft.typed, passed=False)


def _with_address(request: Request, here: Page, draft: Draft, wanted: str) -> tuple[Draft, str]:
    """The address of the postal code, where there is just one and nothing to lose; else the choice is the person's."""
    code = next((question for question in here.questions if question.kind == "postal_code"), None)
    field = next((question for question in here.questions if question.autocomplete == "address-line1"), None)
    if code is None or field is None:
        return draft, url(request, here.slug)
    found = found_at(intake_of(request).addresses, text_of(code, draft.typed))
    typed = text_of(field, draft.typed)
    chosen = wanted if wanted in found else found[0] if len(found) == 1 and not typed.strip() else ""
    draft = draft.with_page(here.slug, {**draft.typed, field.key: chosen} if chosen else draft.typed, passed=False)
    word = "filled" if chosen else "look"
    return draft, url(request, here.slug, address=word) + f"#{field.key if chosen else code.key}"
