"""The JSON API: the questionnaire, a request, and where a request stands (OpenAPI: `/openapi.json`)."""

import json
from codecs import BOM_UTF8
from dataclasses import asdict
from typing import Final

from fastapi import APIRouter, Request, Response
from pydantic_core import to_json

from services.intake.domain.answers import check
from services.intake.domain.questionnaire import Questionnaire, questionnaire
from services.intake.entrypoints.web.accepted_line import describe_accepted
from services.intake.entrypoints.web.dependencies import Deps, dependencies
from services.intake.entrypoints.web.openapi import SUBMIT_EXTRA, AcceptedRequest, RequestStatus, problems
from services.intake.entrypoints.web.request_body import read_body, usable_key
from services.intake.usecases.submit import Accepted, Conflict
from shared.answers.check import unknown_keys
from shared.products import Product, Products
from shared.web.direct_route import DirectRoute
from shared.web.place import locate_client
from shared.web.problems import HttpProblem

router = APIRouter(prefix="/api/v1", tags=["requests"])
REQUESTS_PATH: Final = "/api/v1/requests"
"""Programs and pages of any site may post here: it reads no cookie."""


@router.get("/products/{product}/form", responses=problems(404))
async def form(product: str, deps: Deps) -> Questionnaire:
    """The whole questionnaire: pages, questions, choices and the conditions under which each is asked."""
    return questionnaire(_find_product(deps.products, product))


async def submit(request: Request) -> Response:
    """Store a request durably. If answers are wrong, all are named at once, in Japanese."""
    deps = await dependencies(request)
    key = usable_key(request.headers.get("idempotency-key"))
    product, answers = _parse(deps.products, await read_body(request, "application/json"))
    checked, place = check(product.form, answers), locate_client(request)
    wrong = (*unknown_keys(product.form, answers), *checked.problems)
    if wrong:
        deps.rate_limiter.check("refuse", place)
        raise HttpProblem(422, "bad-answers", errors=[asdict(problem) for problem in wrong])
    suspicions = deps.rate_limiter.check_send(place, key or deps.submit.fingerprint(product, checked.answers))
    match await deps.submit(product, checked.answers, key, sent=answers, suspicions=suspicions):
        case Conflict():
            raise HttpProblem(409, "conflict")
        case Accepted(request_id=request_id, reception_no=reception_no) as accepted:
            describe_accepted(request, accepted)
            url = f"{deps.public_url}/api/v1/requests/{request_id}"
            body = {"request_id": request_id, "reception_no": reception_no, "status_url": url}
            return Response(to_json(body), status_code=202, headers={"Location": url}, media_type="application/json")


router.add_api_route(
    "/requests",
    submit,
    methods=["POST"],
    status_code=202,
    response_model=AcceptedRequest,
    responses=problems(400, 404, 409, 413, 415, 422, 429, 503),
    openapi_extra=SUBMIT_EXTRA,
    route_class_override=DirectRoute,
)


@router.get("/requests/{request_id}", responses=problems(404, 503))
async def status(request_id: str, deps: Deps) -> RequestStatus:
    """Where a request stands, and what became of its letters, by kind."""
    tracked = await deps.get_status(request_id)
    if tracked is None:
        raise HttpProblem(404, "unknown-request")
    request, status = tracked
    return RequestStatus.model_validate(
        {
            "request_id": request.id,
            "reception_no": request.event.reception_no,
            "state": status.state,
            "letters": status.letters,
        }
    )


def _find_product(products: Products, slug: str) -> Product:
    if slug not in products:
        raise HttpProblem(404, "unknown-product")
    return products[slug]


def _parse(products: Products, body: bytes) -> tuple[Product, dict[str, object]]:
    try:
        # Windows programs write a byte order mark before UTF-8 (RFC 8259, 8.1: a reader may ignore it).
        sent = _decode(body.removeprefix(BOM_UTF8).decode())
    except (ValueError, RecursionError):
        raise HttpProblem(400, "bad-json") from None
    match sent:
        case {"product": str(slug), "answers": dict(answers), **rest} if not rest:
            return _find_product(products, slug), answers
        case _:
            raise HttpProblem(400, "bad-json")


def _each_key_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    content = dict(pairs)
    if len(content) < len(pairs):
        raise ValueError("a key that occurs twice has two answers")
    return content


def _refuse_constant(_word: str) -> None:
    raise ValueError("NaN and Infinity are not JSON")


_decode: Final = json.JSONDecoder(parse_constant=_refuse_constant, object_pairs_hook=_each_key_once).decode
