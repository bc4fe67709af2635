"""What the doors of intake share: who works behind them, and what is refused before anything is read."""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from fastapi import Request

from services.intake.entrypoints.web.guard import Guard
from services.intake.ports import Addresses, Papers, Steps
from services.intake.usecases.colleague import AskColleague
from services.intake.usecases.draft import KeepDraft
from services.intake.usecases.follow import TellStatus
from services.intake.usecases.resume import Resume
from services.intake.usecases.submit import SubmitRequest
from shared.clock import Clock
from shared.products import Products

MAX_BODY: Final = 64 * 1024
MAX_FIELDS: Final = 400
_KEY: Final = re.compile("[\x21-\x7e]{1,255}")

PAGE_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
}
"""A page may use our own files and nothing else; what else every answer wears is in dress.py."""


@dataclass(frozen=True, slots=True)
class Intake:
    """The service as its doors see it; `app.state.intake` once the process is up."""

    products: Products
    submit: SubmitRequest
    tell: TellStatus
    drafts: KeepDraft
    colleague: AskColleague
    resume: Resume
    addresses: Addresses
    papers: Papers
    steps: Steps
    guard: Guard
    now: Clock
    public_url: str
    origins: frozenset[str]


def intake_of(request: Request) -> Intake:
    """Whoever works behind the door that *request* came to."""
    intake: Intake = request.app.state.intake
    return intake


class Refused(Exception):
    """A post that is not worth reading: `status` is the reply's, the text a machine word."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code


def place_of(request: Request) -> str:
    """The address that asks, as the server or a trusted proxy tells it."""
    return request.client.host if request.client else ""


def crowd_of(request: Request) -> tuple[str, ...]:
    """How a request that is about to be kept is marked for where it comes from. Raises `Refused` in a flood."""
    guard, place = intake_of(request).guard, place_of(request)
    if not guard.lets("send", place):
        raise Refused(429, "too-many")
    return () if guard.lets("usual", place) else ("many-requests",)


def usable_key(sent: object) -> str | None:
    """An idempotency key as it was sent: 1 to 255 visible ASCII characters. Raises `Refused`."""
    if sent is None:
        return None
    if not isinstance(sent, str) or not _KEY.fullmatch(sent):
        raise Refused(400, "bad-idempotency-key")
    return sent


async def body_of(request: Request, media_type: str) -> bytes:
    """The body, while it is of this type and not too long. Raises `Refused`."""
    sent_as = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if sent_as != media_type:
        raise Refused(415, "bad-content-type")
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            raise Refused(413, "too-large")
    return body


async def form_of(request: Request) -> dict[str, str | list[str]]:
    """The fields of an ordinary HTML form; a key that came several times is a list. Raises `Refused`.

    As they came they stay on `request.state.pairs`, for the page that offers to send them again.
    """
    if "content-type" not in request.headers and not await request.body():
        return {}  # a form of nothing but its button
    body = await body_of(request, "application/x-www-form-urlencoded")
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS)
    except ValueError:
        # Not UTF-8 (an old page posts Shift_JIS), or more fields than any form of ours has.
        raise Refused(400, "bad-form") from None
    request.state.pairs = pairs
    fields: dict[str, str | list[str]] = {}
    for key, value in pairs:
        before = fields.get(key)
        fields[key] = value if before is None else [*(before if isinstance(before, list) else [before]), value]
    return fields


def from_own_page(request: Request) -> bool:
    """False for a post that another site made the browser send."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("origin")
    return origin is None or _is_ours(request, origin)


def from_allowed_page(request: Request) -> bool:
    """For the one address that the agency's own pages may post to. No origin: no browser's page sent it."""
    origin = request.headers.get("origin")
    return origin is None or origin in intake_of(request).origins or _is_ours(request, origin)


def _is_ours(request: Request, origin: str) -> bool:
    ours = urlsplit(intake_of(request).public_url)
    return origin == f"{ours.scheme}://{ours.netloc}" or origin.partition("://")[2] == request.headers.get("host")
