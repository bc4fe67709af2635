"""Where staff decide on a quote, and take decisions back. The forms are on the page of the case."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from services.dashboard.entrypoints.web.access import OF_CASES, CurrentStaff
from services.dashboard.entrypoints.web.case_page import done_page, refused_page, show_case
from services.dashboard.entrypoints.web.decide_form import TypedDecision, decision_in, reason_in
from services.dashboard.entrypoints.web.dependencies import Dependencies, Deps, sent_fields
from services.dashboard.entrypoints.web.work_form import seen_in
from services.dashboard.usecases.decide_quote import NotDecided, Outcome
from services.dashboard.usecases.keep_decision import Done, Overtaken
from shared.events import DecisionWithdrawn

router = APIRouter(include_in_schema=False, dependencies=OF_CASES)


@router.post("/cases/{request_id}/decide")
async def decide(request: Request, request_id: str, deps: Deps, staff: CurrentStaff) -> Response:
    """Ask for another revision. What was typed comes back with what is wrong, or with what others did."""
    fields = await sent_fields(request)
    asked = decision_in(fields)
    if asked is None:
        return await refused_page(request, request_id, deps, staff.name, "not-ours")
    kind, decision = asked
    outcome = await deps.decide(request_id, decision, staff, seen_in(fields))
    typed = TypedDecision(kind=kind, fields=fields)
    return await _answer(request, request_id, deps, outcome=outcome, typed=typed, account=staff.name)


@router.post("/cases/{request_id}/approve")
async def approve(request: Request, request_id: str, deps: Deps, staff: CurrentStaff) -> Response:
    """Approve what somebody else wanted, or refuse it with a reason."""
    fields = await sent_fields(request)
    asked_id, seen = fields.get("asked_id", ""), seen_in(fields)
    match fields.get("answer"):
        case "approve":
            outcome = await deps.decide.approve(request_id, asked_id, staff, seen)
        case "refuse":
            outcome = await deps.decide.refuse(request_id, asked_id, reason_in(fields), staff, seen)
        case _:
            return await refused_page(request, request_id, deps, staff.name, "not-ours")
    typed = TypedDecision(kind="approval", fields=fields)
    return await _answer(request, request_id, deps, outcome=outcome, typed=typed, account=staff.name)


async def _answer(
    request: Request, request_id: str, deps: Dependencies, *, outcome: Outcome, typed: TypedDecision, account: str
) -> Response:
    match outcome:
        case Done(fact=fact):
            return await done_page(request, request_id, deps, account, fact)
        case NotDecided(problems=problems):
            typed = replace(typed, problems=problems)
            return await show_case(request, request_id, deps, account, decision=typed, status=422)
        case Overtaken():
            typed = replace(typed, overtaken=True)
            return await show_case(request, request_id, deps, account, decision=typed, status=409)
        case None:
            return await show_case(request, request_id, deps, account, decision=typed, status=409)


@router.post("/cases/{request_id}/take-back")
async def take_back(
    request: Request, request_id: str, deps: Deps, staff: CurrentStaff, decision_id: Annotated[str, Form()] = ""
) -> Response:
    """Take a decision back, as long as nobody else has heard of it."""
    outcome = await deps.take_back(request_id, decision_id, staff)
    if isinstance(outcome, DecisionWithdrawn):
        return await done_page(request, request_id, deps, staff.name, outcome)
    return await refused_page(request, request_id, deps, staff.name, outcome)
