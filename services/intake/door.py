"""What the doors of intake share: who works behind them, and what is refused before anything is read."""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from fastapi import Request

from services.intake.draft import KeepDraft
from services.intake.follow import TellStatus
from services.intake.submit import SubmitRequest
from shared.products import Products

MAX_BODY: Final = 64 * 1024
MAX_FIELDS: Final = 400
_KEY: Final = re.compile("[\x21-\x7e]{1,255}")

PAGE_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    ),
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


@dataclass(frozen=True, slots=True)
class Intake:
    """The service as its doors see it; `app.state.intake` once the process is up."""

    products: Products
    submit: SubmitRequest
    tell: TellStatus
    drafts: KeepDraft
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
    """The fields of an ordinary HTML form; a key that came several times is a list. Raises `Refused`."""
    body = await body_of(request, "application/x-www-form-urlencoded")
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS)
    except ValueError:
        # Not UTF-8 (an old page posts Shift_JIS), or more fields than any form of ours has.
        raise Refused(400, "bad-form") from None
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
