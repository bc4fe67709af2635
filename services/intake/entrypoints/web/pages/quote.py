"""The page whose address is printed on a 見積書: whether it was issued here, and whether it still stands."""

import re
from typing import Final, Literal

from fastapi import APIRouter, Response

from services.intake.domain.authenticity import IssuedQuote
from services.intake.entrypoints.web.dependencies import Deps
from services.intake.entrypoints.web.html import html_page
from services.intake.entrypoints.web.rate_limiter import ClientPlace
from services.intake.entrypoints.web.urls import KnownProduct
from shared.clock import JST, spoken_day
from shared.web.problems import HttpProblem
from shared.yen import yen

router = APIRouter(prefix="/{product}", include_in_schema=False)

Check = Literal["ours", "not-ours", "unreadable"]
_LONGEST: Final = 100
_BLANKS: Final = re.compile(r"[\s:]+")
_SHA256: Final = re.compile("[0-9a-f]{64}")


@router.get("/quotes/{quote_id}")
async def show(product: KnownProduct, quote_id: str, deps: Deps, place: ClientPlace, sha256: str = "") -> Response:
    """What is known of it, and with *sha256* whether a PDF is the one that was sent. Raises `HttpProblem`."""
    deps.rate_limiter.check("check-quote", place)
    issued = await deps.check_quote(product.slug, quote_id)
    if issued is None:
        raise HttpProblem(404, "no-quote")
    premium = issued.quote.premium_yen
    return html_page(
        "quote.html",
        product,
        issued=issued,
        issued_on=spoken_day(issued.issued_at.astimezone(JST)),
        expires_on=spoken_day(issued.expires_on),
        premium=yen(premium) if premium is not None else "",
        check=_check(issued, sha256),
        typed=sha256[:_LONGEST],
    )


def _check(issued: IssuedQuote, typed: str) -> Check | None:
    """None: nothing was asked. Programs write the value with blanks or colons, and in large letters."""
    value = _BLANKS.sub("", typed).lower()
    if not value:
        return None
    if not _SHA256.fullmatch(value):
        return "unreadable"
    return "ours" if value in issued.sha256s else "not-ours"
