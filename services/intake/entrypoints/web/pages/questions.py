"""One page of questions as HTML: fresh, with its errors, with its doubts, or while nothing can be saved."""

from http import HTTPStatus

from fastapi import Request, Response

from services.intake.domain.advice import advice
from services.intake.domain.journey import Journey
from services.intake.domain.suspicion import TRAP
from services.intake.entrypoints.web.door import intake_of
from services.intake.entrypoints.web.pages import view
from services.intake.entrypoints.web.pages.browser import url
from services.intake.entrypoints.web.pages.lookup import Lookup, found_at, text_of
from services.intake.entrypoints.web.pages.render import page
from services.intake.usecases.draft import Draft
from shared.products import Page


def shown(request: Request, way: Journey, here: Page, draft: Draft, *, away: bool = False) -> Response:
    """*here* with what was typed; `?check` in the address tells what is wrong, `?address` what a postal code says."""
    problems = way.problems(here) if "check" in request.query_params and not away else ()
    doubts = tuple(
        doubt
        for doubt in advice(here.questions, way.checked, draft.typed)
        if marked(draft, doubt.key) in draft.doubted and not problems
    )
    before = way.before(here)
    return page(
        request,
        "page.html",
        HTTPStatus.SERVICE_UNAVAILABLE if away else HTTPStatus.OK,
        page=here,
        place=way.place(here),
        places=way.places,
        parts=view.parts(
            way.checked,
            here,
            view.Told(draft.typed, problems, doubts, _lookup(request, here, draft, away=away)),
            everything=away,
        ),
        problems=problems,
        doubts=doubts,
        away=away,
        last=way.ends_with(here),
        back=url(request, "confirm" if request.query_params.get("back") else before.slug if before else ""),
        action=url(request, here.slug),
        notes=_notes(request, here, draft),
        trap=TRAP if here == way.pages[0] else "",
    )


def marked(draft: Draft, key: str) -> str:
    """How a draft remembers that this answer was asked about."""
    return f"{key}={draft.typed.get(key)}"


def _notes(request: Request, here: Page, draft: Draft) -> tuple[str, ...]:
    """What happened on the way here, as words that the template knows."""
    found = [word for word in ("expired", "resumed") if word in request.query_params]
    if here.slug in draft.asked:
        found.append("heard" if here.slug in draft.heard else "waiting")
    return tuple(found)


def _lookup(request: Request, here: Page, draft: Draft, *, away: bool) -> Lookup | None:
    """What was found for the postal code, when that was asked."""
    word = request.query_params.get("address")
    question = next((one for one in here.questions if one.kind == "postal_code"), None)
    if word is None or question is None or away:
        return None
    found = found_at(intake_of(request).addresses, text_of(question, draft.typed))
    return Lookup(question.key, filled=word == "filled", candidates=found)
