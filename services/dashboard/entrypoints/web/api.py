"""The API for other programs of the agency: cases and quotes as JSON, to be read only (docs/api.md)."""

import hashlib
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from services.dashboard.domain.token import ApiToken, Scope
from services.dashboard.entrypoints.web.api_access import token_with
from services.dashboard.entrypoints.web.api_models import (
    CaseInFull,
    CasePage,
    QuoteJson,
    QuotePage,
    case_in_full,
    case_json,
    quote_json,
)
from services.dashboard.entrypoints.web.api_problems import endings
from services.dashboard.entrypoints.web.api_query import CaseQuery, QuoteQuery
from services.dashboard.entrypoints.web.dependencies import Dependencies, Deps
from shared.web.problems import HttpProblem

router = APIRouter(prefix="/api/v1")

CasesToken = Annotated[ApiToken, token_with(Scope.CASES_READ)]
QuotesToken = Annotated[ApiToken, token_with(Scope.QUOTES_READ)]


@router.get("/cases", tags=["cases"], response_model=CasePage, responses=endings())
async def cases(request: Request, query: Annotated[CaseQuery, Query()], deps: Deps, token: CasesToken) -> Response:
    """A page of cases. Needs `cases:read`; contacts come only with `cases:contact`."""
    records, following = await deps.api.read_cases(query.selection(deps.now()), query.place, query.limit, token)
    link = _link(request, deps, query.cursor(following)) if following else {}
    return _answer(request, CasePage(cases=tuple(map(case_json, records))), link)


@router.get("/cases/{request_id}", tags=["cases"], response_model=CaseInFull, responses=endings(404))
async def case(request: Request, request_id: str, deps: Deps, token: CasesToken) -> Response:
    """One case with its quotes and mails. Needs `cases:read`; the contact comes only with `cases:contact`."""
    found = await deps.api.read_case(request_id, token)
    if found is None:
        raise HttpProblem(404, "not-found")
    return _answer(request, case_in_full(*found))


@router.get("/quotes", tags=["quotes"], response_model=QuotePage, responses=endings())
async def quotes(request: Request, query: Annotated[QuoteQuery, Query()], deps: Deps, _: QuotesToken) -> Response:
    """A page of quotes, the newest first. Needs `quotes:read`."""
    found, following = await deps.api.read_quotes(query.wanted, query.place, query.limit)
    link = _link(request, deps, query.cursor(following)) if following else {}
    return _answer(request, QuotePage(quotes=tuple(map(quote_json, found))), link)


@router.get("/quotes/{quote_id}", tags=["quotes"], response_model=QuoteJson, responses=endings(404))
async def quote(request: Request, quote_id: str, deps: Deps, _: QuotesToken) -> Response:
    """One revision of a quote. Needs `quotes:read`."""
    found = await deps.api.quotes.find(quote_id)
    if found is None:
        raise HttpProblem(404, "not-found")
    return _answer(request, quote_json(found))


def _link(request: Request, deps: Dependencies, cursor: str) -> dict[str, str]:
    """The same question, from *cursor* on."""
    asked = [(name, value) for name, value in request.query_params.multi_items() if name != "after"]
    return {"Link": f'<{deps.origin}{request.url.path}?{urlencode([*asked, ("after", cursor)])}>; rel="next"'}


def _answer(request: Request, body: BaseModel, headers: dict[str, str] | None = None) -> Response:
    """*body*, or 304 where the client has it already."""
    content = body.model_dump_json().encode()
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    told = {"ETag": tag, "Cache-Control": "private, no-cache", "Vary": "Authorization", **(headers or {})}
    known = {one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")}
    if known & {tag, "*"}:
        return Response(status_code=304, headers=told)
    return Response(content, media_type="application/json", headers=told)
