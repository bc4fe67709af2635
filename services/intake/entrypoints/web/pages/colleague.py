"""社内の担当者に聞く: the asker hands out a link to one page, a colleague answers it and sees nothing else."""

from dataclasses import replace
from urllib.parse import quote

from fastapi import APIRouter, Request, Response

from services.intake.domain.journey import Journey, journey
from services.intake.entrypoints.web.door import Refused, form_of, intake_of
from services.intake.entrypoints.web.pages import view
from services.intake.entrypoints.web.pages.browser import Known, draft_of, keep_draft, known_page, own_page, url, way_of
from services.intake.entrypoints.web.pages.render import PageRoute, go, page
from services.intake.usecases.draft import Draft, Typed
from shared.errors import Unavailable
from shared.products import Page, Product

router = APIRouter(route_class=PageRoute, include_in_schema=False)


@router.get("/{product}/ask/{slug}")
async def ask(request: Request, product: Known, slug: str) -> Response:
    """The link to hand on, or the button that makes one."""
    here, draft = await _asked_about(request, product, slug)
    key = draft.asked.get(slug)
    link = f"{intake_of(request).public_url}/{product.slug}/help/{key}" if key else ""
    following = way_of(product, draft).undone()
    return page(
        request,
        "ask.html",
        page=here,
        link=link,
        mail=_mail(product, here, link),
        heard=slug in draft.heard,
        action=url(request, f"ask/{slug}"),
        back=url(request, slug),
        following=url(request, following.slug if following else "confirm"),
    )


@router.post("/{product}/ask/{slug}")
async def make_link(request: Request, product: Known, slug: str) -> Response:
    """A new link; one that was handed out before leads nowhere. Or none any more."""
    own_page(request)
    fields = await form_of(request)
    here, draft = await _asked_about(request, product, slug)
    colleague = intake_of(request).colleague
    if "withdraw" in fields:
        draft, target = await colleague.withdraw(draft, here), url(request, slug)
    else:
        draft, target = await colleague.ask(product.form, draft, here), url(request, f"ask/{slug}")
    response = go(target)
    await keep_draft(request, response, draft)
    return response


@router.get("/{product}/help/{key}")
async def help_out(request: Request, product: Known, key: str) -> Response:
    """The one page, with what was typed so far."""
    draft, here = await _helping(request, product, key)
    if here.slug in draft.passed:
        return page(request, "helped.html", page=here)
    way = journey(product.form, draft.typed, ())
    return _helping_out(request, here, way, draft, key)


@router.post("/{product}/help/{key}")
async def helped(request: Request, product: Known, key: str) -> Response:
    """Keep what was typed; it reaches the asker when nothing is wrong."""
    own_page(request)
    fields = await form_of(request)
    try:
        draft, here = await _helping(request, product, key)
        if here.slug in draft.passed:
            return go(url(request, f"help/{key}"))
        own = {question.key for question in here.questions}
        others = {name: value for name, value in draft.typed.items() if name not in own}
        draft = replace(draft, typed={**others, **_own(here, fields)})
        problems = journey(product.form, draft.typed, ()).problems(here)
        await intake_of(request).drafts.close(key, draft.with_page(here.slug, draft.typed, passed=not problems))
    except Unavailable:
        here = known_page(product, str(fields.get("_page")))
        draft = Draft(typed=_own(here, fields))
        way = replace(journey(product.form, draft.typed, ()), route=product.form.pages)
        return _helping_out(request, here, way, draft, key, away=True)
    return go(url(request, f"help/{key}", **({"check": "1"} if problems else {})))


def _own(here: Page, fields: Typed) -> Typed:
    """The answers to the questions of this page, and to no other."""
    return {question.key: fields[question.key] for question in here.questions if question.key in fields}


def _helping_out(request: Request, here: Page, way: Journey, draft: Draft, key: str, *, away: bool = False) -> Response:
    problems = way.problems(here) if "check" in request.query_params and not away else ()
    return page(
        request,
        "help.html",
        503 if away else 200,
        page=here,
        parts=view.parts(way.checked, here, view.Told(draft.typed, problems), everything=away),
        problems=problems,
        away=away,
        action=url(request, f"help/{key}"),
    )


async def _asked_about(request: Request, product: Product, slug: str) -> tuple[Page, Draft]:
    here = known_page(product, slug)
    draft = await draft_of(request)
    if not here.colleague or request.state.is_new or draft.sent is not None:
        raise Refused(404, "no-draft")
    return here, draft


async def _helping(request: Request, product: Product, key: str) -> tuple[Draft, Page]:
    draft = await intake_of(request).drafts.open(key)
    if draft is None or draft.only is None:
        raise Refused(410, "help-over")
    return draft, known_page(product, draft.only)


def _mail(product: Product, here: Page, link: str) -> str:
    """The beginnings of a mail of one's own: whoever asks knows best what to write to whom."""
    subject = f"{product.name}のお見積り：「{here.title}」のご回答のお願い"
    body = f"お疲れさまです。\n{product.name}の見積りに必要な質問（{here.title}）への回答をお願いします。\n\n{link}\n"
    return f"mailto:?subject={quote(subject)}&body={quote(body)}"
