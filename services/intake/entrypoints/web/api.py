"""The JSON door: the questionnaire, a request, and where a request stands (OpenAPI: `/openapi.json`)."""

import json
from dataclasses import asdict
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from services.intake.domain.answers import check, unknown_keys
from services.intake.domain.questionnaire import Questionnaire, questionnaire
from services.intake.domain.reading import Problem
from services.intake.entrypoints.web.door import Refused, body_of, crowd_of, intake_of, usable_key
from services.intake.entrypoints.web.openapi import POST, AcceptedRequest, RequestStatus, problems
from services.intake.usecases.submit import Conflict
from shared.errors import Unavailable
from shared.products import Product, Products
from shared.web.problems import problem

_NO_STORE: Final = {"Cache-Control": "no-store"}
_TITLES: Final = {
    "bad-content-type": "Content-Type は application/json としてください",
    "too-large": "送信内容が大きすぎます",
    "bad-json": 'JSON として読み取れません。{"product": …, "answers": {…}} の形で送信してください',
    "bad-idempotency-key": "Idempotency-Key は1〜255文字の半角英数字・記号としてください",
    "unknown-product": "この商品は取り扱っていません",
    "unknown-request": "このお申し出は見つかりません",
    "bad-answers": "入力内容をご確認ください",
    "too-many": "短い時間に多くの送信がありました。1時間ほどおいてから同じ内容をもう一度お送りください",
    "conflict": "この Idempotency-Key は別の内容で使用されています",
    "unavailable": "ただいま受け付けられません。しばらくしてから同じ内容をもう一度お送りください",
}

router = APIRouter(prefix="/api/v1", tags=["requests"])


@router.get("/products/{product}/form", response_model=Questionnaire, responses=problems(404))
async def form(request: Request, product: str) -> Questionnaire | JSONResponse:
    """The whole questionnaire: pages, questions, choices and the conditions under which each is asked."""
    found = intake_of(request).products.get(product)
    return _no("unknown-product", 404) if found is None else questionnaire(found)


@router.post(
    "/requests",
    status_code=202,
    response_model=AcceptedRequest,
    responses=problems(400, 404, 409, 413, 415, 422, 429, 503),
    openapi_extra=POST,
)
async def submit(request: Request) -> JSONResponse:
    """Keep a request for good. Every bad answer is named at once, in Japanese."""
    try:
        return await _submit(request)
    except Refused as error:
        return _no(error.code, error.status)
    except Unavailable:
        return _no("unavailable", 503)


@router.get("/requests/{request_id}", response_model=RequestStatus, responses=problems(404, 503))
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
    wrong = (*unknown_keys(product.form, answers), *checked.problems)
    if wrong:
        return _no("bad-answers", 422, wrong)
    accepted = await intake.submit(product, checked.answers, key, sent=answers, suspicions=crowd_of(request))
    if isinstance(accepted, Conflict):
        return _no("conflict", 409)
    url = f"{intake.public_url}/api/v1/requests/{accepted.request_id}"
    body = {"request_id": accepted.request_id, "reception_no": accepted.reception_no, "status_url": url}
    return JSONResponse(body, status_code=202, headers={**_NO_STORE, "Location": url})


def _read(products: Products, body: bytes) -> tuple[Product, dict[str, object]]:
    try:
        sent = json.loads(body.decode(), parse_constant=_refuse_constant, object_pairs_hook=_each_key_once)
    except (ValueError, RecursionError):
        raise Refused(400, "bad-json") from None
    match sent:
        case {"product": str(slug), "answers": dict(answers), **rest} if not rest:
            if slug not in products:
                raise Refused(404, "unknown-product")
            return products[slug], answers
        case _:
            raise Refused(400, "bad-json")


def _each_key_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key that stands twice has two answers")
    return found


def _refuse_constant(_word: str) -> None:
    raise ValueError("NaN and Infinity are not JSON")


def _no(code: str, status: int, errors: tuple[Problem, ...] = ()) -> JSONResponse:
    extra = {"errors": [asdict(error) for error in errors]} if errors else {}
    later = {"Retry-After": "3600"} if status == 429 else {}  # noqa: PLR2004  # HTTP's own
    return problem(status, code, _TITLES[code], _NO_STORE | later, **extra)
