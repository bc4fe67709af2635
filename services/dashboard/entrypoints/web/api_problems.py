"""How a call of the API may end, for the error table and for the document that describes it."""

from typing import Any, Final

from pydantic import BaseModel, Field

from shared.web.problems import json_renderer

API: Final = "/api/"
"""What begins with it is answered in JSON, also errors."""

render_as_json: Final = json_renderer(
    {
        "bad-token": "トークンがないか、無効です",
        "missing-scope": "このトークンでは読み取れない情報です",
        "too-many": "リクエストが多すぎます。しばらくしてからもう一度お試しください。",
        "bad-cursor": "after の値が正しくありません",
        "not-found": "見つかりません",
    }
)
"""The renderer of the error table for the API."""
_MEANINGS: Final = {
    401: "There is no token, or it does not work (any more)",
    403: "The token lacks the scope",
    404: "There is no such thing",
    422: "A parameter cannot be read, or is not known",
    429: "The token asks too often; `Retry-After` says how long to wait",
    503: "The database is away; ask again",
}


class Problem(BaseModel):
    """Why a request has no result (RFC 9457)."""

    type: str = Field(examples=["urn:mitsumori:problem:missing-scope"])
    title: str
    status: int


def endings(*more: int) -> dict[int | str, dict[str, Any]]:
    """Every answer of a route beside its result, for FastAPI's `responses`. *more*: those that not every route has."""
    content = {"application/problem+json": {"schema": Problem.model_json_schema()}}
    problems = sorted({401, 403, 422, 429, 503, *more})
    return {
        304: {"description": "Nothing has changed since the `ETag` in `If-None-Match`"},
        **{status: {"description": _MEANINGS[status], "content": content} for status in problems},
    }
