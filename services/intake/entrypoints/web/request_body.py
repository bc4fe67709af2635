"""Reads what was sent. `BodyLimitMiddleware` has seen to it that no body is longer than any of ours."""

import re
from typing import Annotated, Final
from urllib.parse import parse_qsl

from fastapi import Depends, Request

from services.intake.domain.draft import Typed
from shared.web.problems import HttpProblem

MAX_FIELDS: Final = 400
_IDEMPOTENCY_KEY: Final = re.compile("[\x21-\x7e]{1,255}")


async def read_body(request: Request, media_type: str) -> bytes:
    """The body. Raises `HttpProblem` (415) for another media type."""
    sent_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if sent_type != media_type:
        raise HttpProblem(415, "bad-content-type")
    return await request.body()


async def posted_fields(request: Request) -> Typed:
    """The fields of an ordinary HTML form, none for a GET; a key that came several times is a list.

    Raises `HttpProblem` (400, 415). The fields are also kept, in their order, on `request.state.posted`,
    for the page that sends them again (`errors.py`).
    """
    if request.method != "POST" or ("content-type" not in request.headers and not await request.body()):
        return {}  # A form with nothing but its button has no body.
    body = await read_body(request, "application/x-www-form-urlencoded")
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS)
    except ValueError:
        # Not UTF-8 (an old page posts Shift_JIS), or more fields than any form of ours has.
        raise HttpProblem(400, "bad-form") from None
    request.state.posted = pairs
    fields: Typed = {}
    for key, value in pairs:
        before = fields.get(key)
        fields[key] = value if before is None else [*(before if isinstance(before, list) else [before]), value]
    return fields


PostedFields = Annotated[Typed, Depends(posted_fields)]


def usable_key(sent: object) -> str | None:
    """An idempotency key as it was sent: 1 to 255 visible ASCII characters. Raises `HttpProblem` (400)."""
    if sent is None:
        return None
    if not isinstance(sent, str) or not _IDEMPOTENCY_KEY.fullmatch(sent):
        raise HttpProblem(400, "bad-idempotency-key")
    return sent
