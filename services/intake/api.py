"""The JSON door: the questionnaire, a request, and where a request stands (OpenAPI: `/openapi.json`)."""

import json
from dataclasses import asdict
from typing import Any, Final, Literal

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from services.intake.domain.answers import check, unknown_keys
from services.intake.domain.outcome import State
from services.intake.domain.questionnaire import Questionnaire, questionnaire
from services.intake.domain.reading import Problem
from services.intake.door import Refused, body_of, intake_of, usable_key
from services.intake.submit import Conflict
from shared.errors import Unavailable
from shared.products import Product, Products
from shared.runtime.process import problem

_NO_STORE: Final = {"Cache-Control": "no-store"}
_TITLES: Final = {
    "bad-content-type": "Content-Type は application/json としてください",
    "too-large": "送信内容が大きすぎます",
    "bad-json": 'JSON として読み取れません。{"product": …, "answers": {…}} の形で送信してください',
    "bad-idempotency-key": "Idempotency-Key は1〜255文字の半角英数字・記号としてください",
    "unknown-product": "この商品は取り扱っていません",
    "unknown-request": "このお申し出は見つかりません",
    "bad-answers": "入力内容をご確認ください",
    "conflict": "この Idempotency-Key は別の内容で使用されています",
    "unavailable": "ただいま受け付けられません。しばらくしてから同じ内容をもう一度お送りください",
}


class NewRequest(BaseModel):
    """What a customer answers; keys, kinds and conditions are those of the product's form."""

    product: str = Field(examples=["cyber-security"])
    answers: dict[str, str | int | list[str]] = Field(examples=[{"company": "株式会社見本", "brochure": "email"}])


class AcceptedRequest(BaseModel):
    """Kept for good; an answer follows by mail."""

    request_id: str
    reception_no: str
    status_url: str


class RequestStatus(BaseModel):
    """Where a request stands, without personal data."""

    request_id: str
    reception_no: str
    state: State
    letters: dict[str, Literal["sent", "failed"]]


_ERROR: Final = {
    "type": "object",
    "required": ["key", "code", "message"],
    "properties": {word: {"type": "string"} for word in ("key", "code", "message")},
}
_PROBLEM: Final = {
    "type": "object",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "errors": {"type": "array", "items": _ERROR, "description": "Every answer that cannot be taken, at once"},
    },
}
_POST: Final = {
    "parameters": [
        {
            "name": "Idempotency-Key",
            "in": "header",
            "required": False,
            "description": "The same key and answers are the same request. Without one, the same answers within "
            "10 minutes are.",
            "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
        }
    ],
    "requestBody": {"required": True, "content": {"application/json": {"schema": NewRequest.model_json_schema()}}},
}
_MEANINGS: Final = {
    400: "The body or the Idempotency-Key cannot be read",
    404: "There is no such thing",
    409: "This Idempotency-Key was used for other answers",
    413: "The body is longer than 64 KB",
    415: "The body is not application/json",
    422: "Some answers cannot be taken; each is named",
    503: "Nothing is known to be kept: send the same again, after Retry-After seconds",
}


def _problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    content = {"application/problem+json": {"schema": _PROBLEM}}
    found: dict[int | str, dict[str, Any]] = {
        status: {"description": _MEANINGS[status], "content": content} for status in statuses
    }
    # Also keeps FastAPI from promising a 422 of its own, which no door of ours sends.
    return found | {"default": {"description": "Any other problem", "content": content}}


router = APIRouter(prefix="/api/v1", tags=["requests"])


@router.get("/products/{product}/form", response_model=Questionnaire, responses=_problems(404))
async def form(request: Request, product: str) -> Questionnaire | JSONResponse:
    """The whole questionnaire: pages, questions, choices and the conditions under which each is asked."""
    found = intake_of(request).products.get(product)
    return _no("unknown-product", 404) if found is None else questionnaire(found)


@router.post(
    "/requests",
    status_code=202,
    response_model=AcceptedRequest,
    responses=_problems(400, 404, 409, 413, 415, 422, 503),
    openapi_extra=_POST,
)
async def submit(request: Request) -> JSONResponse:
    """Keep a request for good. Every bad answer is named at once, in Japanese."""
    try:
        return await _submit(request)
    except Refused as error:
        return _no(error.code, error.status)
    except Unavailable:
        return _no("unavailable", 503)


@router.get("/requests/{request_id}", response_model=RequestStatus, responses=_problems(404, 503))
async def status(request: Request, request_id: str) -> JSONResponse:
    """Where a request stands, and what became of its letters, by kind."""
    try:
        found = await intake_of(request).tell(request_id)
    except Unavailable:
        return _no("unavailable", 503)
    if found is None:
        return _no("unknown-request", 404)
    kept, told = found
    body = {
        "request_id": kept.id,
        "reception_no": kept.event.reception_no,
        "state": told.state,
        "letters": told.letters,
    }
    return JSONResponse(body, headers=_NO_STORE)


async def _submit(request: Request) -> JSONResponse:
    intake = intake_of(request)
    key = usable_key(request.headers.get("idempotency-key"))
    product, answers = _read(intake.products, await body_of(request, "application/json"))
    checked = check(product.form, answers)
    problems = (*unknown_keys(product.form, answers), *checked.problems)
    if problems:
        return _no("bad-answers", 422, problems)
    accepted = await intake.submit(product, checked.answers, key)
    if isinstance(accepted, Conflict):
        return _no("conflict", 409)
    url = f"{intake.public_url}/api/v1/requests/{accepted.request_id}"
    body = {"request_id": accepted.request_id, "reception_no": accepted.reception_no, "status_url": url}
    return JSONResponse(body, status_code=202, headers={**_NO_STORE, "Location": url})


def _read(products: Products, body: bytes) -> tuple[Product, dict[str, object]]:
    try:
        sent = json.loads(body.decode(), parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise Refused(400, "bad-json") from None
    match sent:
        case {"product": str(slug), "answers": dict(answers), **rest} if not rest:
            if slug not in products:
                raise Refused(404, "unknown-product")
            return products[slug], answers
        case _:
            raise Refused(400, "bad-json")


def _refuse_constant(_word: str) -> None:
    raise ValueError("NaN and Infinity are not JSON")


def _no(code: str, status: int, errors: tuple[Problem, ...] = ()) -> JSONResponse:
    extra = {"errors": [asdict(error) for error in errors]} if errors else {}
    return problem(status, code, _TITLES[code], _NO_STORE, **extra)
