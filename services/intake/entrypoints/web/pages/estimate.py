"""A price before anybody says who they are: three answers in the address, one page, no cookie and no draft.

The address can be passed on. It holds nothing personal, and the log of requests has no query
(`shared/web/request_log.py`).
"""

from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, Request, Response

from services.intake.domain.answers import check
from services.intake.domain.draft import Typed
from services.intake.domain.estimate import Band, Estimate, Estimated, NeedsPerson, Question, is_decided_by_industry
from services.intake.entrypoints.web.dependencies import Deps
from services.intake.entrypoints.web.html import html_page
from services.intake.entrypoints.web.pages.field import Field, FormState
from services.intake.entrypoints.web.pages.fields import fields_of
from services.intake.entrypoints.web.pages.result_view import COVER_NAMES
from services.intake.entrypoints.web.rate_limiter import ClientPlace
from services.intake.entrypoints.web.urls import KnownProduct
from shared.answers.check import Checked
from shared.products import Form
from shared.products import Question as FormQuestion
from shared.web.problems import HttpProblem
from shared.yen import spoken_yen, yen

router = APIRouter(prefix="/{product}", include_in_schema=False)

ASKED: Final = ("industry", "turnover", "plan")
CARRIES: Final = "estimate"
"""The field by which the start page knows that its three answers were given on this page."""
WISH: Final = {"quote": "yes"}
_RIDER: Final = "rider_"
_AMOUNTS: Final = ("liability_limit", "liability_deductible", "cost_limit", "cost_deductible")


@dataclass(frozen=True, slots=True)
class CoverView:
    """One cover as the page shows it: what it is, what is in it, and what it may cost.

    `is_minimum`: the best and the worst answers lead to one figure. Only the minimum premium of a tariff does that.
    """

    title: str
    rows: tuple[tuple[str, str], ...]
    premium: str
    is_minimum: bool


@router.get("/estimate")
async def show(request: Request, product: KnownProduct, deps: Deps, place: ClientPlace) -> Response:
    """The band for the three answers of the address; without any, only the questions. Raises `HttpProblem`."""
    if product.estimate == "off":
        raise HttpProblem(404, "not-found")
    deps.rate_limiter.check_estimate(place)
    typed: Typed = {key: request.query_params[key] for key in ASKED if key in request.query_params}
    checked = check(product.form, {**WISH, **typed})
    problems = checked.on(ASKED) if typed else ()
    found = deps.estimate(product.slug, asked_in(checked)) if typed else None
    is_wrong = bool(problems) and not is_decided_by_industry(found)
    return html_page(
        "estimate.html",
        product,
        HTTPStatus.UNPROCESSABLE_ENTITY if is_wrong else HTTPStatus.OK,
        problems=problems if is_wrong else (),
        fields=_fields(product.form, checked, FormState(typed=typed, problems=problems if is_wrong else ())),
        state="wrong" if is_wrong else _state(found) if typed else "empty",
        covers=tuple(_cover(product.form, band) for band in found.bands) if isinstance(found, Estimated) else (),
        reasons=found.reasons if isinstance(found, NeedsPerson) else (),
        riders=_riders_without(product.form, found) if isinstance(found, Estimated) else (),
        excluded=isinstance(found, NeedsPerson) and found.is_excluded,
        given=_given(product.form, checked),
        carried={} if is_wrong else {CARRIES: "1", **typed},
    )


def asked_in(checked: Checked) -> Question:
    """The three answers as an estimate needs them; a turnover that is missing is outside of every tariff."""
    answers = checked.answers
    turnover = answers.get("turnover")
    return Question(
        industry=str(answers.get("industry", "")),
        turnover=turnover if isinstance(turnover, int) else -1,
        plan=str(answers.get("plan", "")),
    )


def estimate_fields(form: Form, typed: Typed) -> tuple[Field, ...]:
    """The three questions, filled with *typed*."""
    return _fields(form, check(form, {**WISH, **typed}), FormState(typed=typed))


def carried_answers(form: Form, posted: Typed) -> Typed:
    """The three answers that the button of the page brings into the form, with the wish for a quote."""
    if CARRIES not in posted:
        return {}
    sent: Typed = {key: posted[key] for key in (*ASKED, *WISH) if key in posted}
    answers = check(form, {**sent, **WISH}).answers
    return {key: text for key, text in {**sent, **WISH}.items() if key in answers}


def _fields(form: Form, checked: Checked, state: FormState) -> tuple[Field, ...]:
    """The insurer's notes are about 告知, which this is not, so only our hints stay."""
    fields = fields_of(form, ASKED, checked, state)
    return tuple(replace(field, question=replace(field.question, notes=())) for field in fields)


def _state(found: Estimate | None) -> str:
    match found:
        case None:
            return "unavailable"
        case NeedsPerson():
            return "person"
        case Estimated():
            return "estimated"


def _cover(form: Form, band: Band) -> CoverView:
    cover, amounts = band.cover, [form.question(key) for key in _AMOUNTS]
    rows = [(amount.label, _choice(amount, str(getattr(cover, amount.key)))) for amount in amounts]
    riders = [form.question(f"{_RIDER}{rider}").label for rider in cover.riders]
    return CoverView(
        title=COVER_NAMES[cover.kind],
        rows=(*rows, ("特約", "・".join(riders) or "なし")),
        premium=_premium(band),
        is_minimum=band.lowest is not None and band.lowest == band.highest,
    )


def _riders_without(form: Form, found: Estimated) -> tuple[str, ...]:
    """The riders that are not in the first cover: with them its premium is another one."""
    within = {f"{_RIDER}{rider}" for rider in found.bands[0].cover.riders}
    riders = (question for question in form.questions if question.key.startswith(_RIDER))
    return tuple(question.label for question in riders if question.key not in within)


def _premium(band: Band) -> str:
    """`37,120円 ～ 129,920円`, or how far the figures go."""
    if band.lowest is None:
        return "個別のお見積り"
    if band.highest is None:
        return f"{yen(band.lowest)} ～（ご回答により個別のお見積り）"
    return yen(band.lowest) if band.lowest == band.highest else f"{yen(band.lowest)} ～ {yen(band.highest)}"


def _given(form: Form, checked: Checked) -> tuple[tuple[str, str], ...]:
    """The three answers in words, as far as they are there."""
    shown = []
    for question in map(form.question, ASKED):
        answer = checked.answers.get(question.key)
        if isinstance(answer, int):
            shown.append((question.label, spoken_yen(answer * 1000)))
        elif isinstance(answer, str):
            shown.append((question.label, _choice(question, answer)))
    return tuple(shown)


def _choice(question: FormQuestion, value: str) -> str:
    return next((choice.label for choice in question.choices if choice.value == value), value)
