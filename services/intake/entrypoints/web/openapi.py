"""What the OpenAPI document promises: the bodies, and every way in which a call can end."""

from typing import Any, Final, Literal

from pydantic import BaseModel, Field

from services.intake.domain.outcome import State

_EXAMPLE: Final = {
    "company": "株式会社見本",
    "department": "総務部",
    "person": "見本 花子",
    "phone": "03-1234-5678",
    "email": "hanako@example.co.jp",
    "postal_code": "100-0013",
    "address": "東京都千代田区霞が関1-2-3",
    "brochure": "email",
    "quote": "no",
    "privacy_consent": "2026-10-01",
}


class NewRequest(BaseModel):
    """What a customer answers; keys, kinds and conditions are those of the product's form."""

    product: str = Field(examples=["cyber-security"])
    answers: dict[str, str | int | list[str]] = Field(examples=[_EXAMPLE])


class AcceptedRequest(BaseModel):
    """Stored durably; an answer follows by mail."""

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
SUBMIT_EXTRA: Final = {
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
    429: "Too many requests from one address within an hour: send the same again, after Retry-After seconds",
    503: "Unavailable, or no estimate is known yet; a request may or may not be stored: send the same again, after "
    "Retry-After seconds",
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The documented answers of a route that can end in *statuses*."""
    content = {"application/problem+json": {"schema": _PROBLEM}}
    answers: dict[int | str, dict[str, Any]] = {
        status: {"description": _MEANINGS[status], "content": content} for status in statuses
    }
    # Also keeps FastAPI from promising a 422 of its own, which no route of ours sends.
    return answers | {"default": {"description": "Any other problem", "content": content}}
