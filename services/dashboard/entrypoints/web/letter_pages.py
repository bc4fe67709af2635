"""Letters as they were sent: staff ask for one, and open the files that go with it. Its text is on the case's page."""

import re
from typing import Final
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from services.dashboard.entrypoints.web.access import OF_CASES
from services.dashboard.entrypoints.web.case_page import refused_page
from services.dashboard.entrypoints.web.dependencies import Deps
from services.dashboard.entrypoints.web.login_pages import CurrentAccount
from services.dashboard.entrypoints.web.rendering import problem_page
from services.dashboard.entrypoints.web.way_back import case_again

router = APIRouter(include_in_schema=False, dependencies=OF_CASES)

_POLICY: Final = "default-src 'none'; sandbox; frame-ancestors 'none'; base-uri 'none'"
"""Whatever a file turns out to be, it may load nothing, run nothing and knows nothing of the desk."""
_PDF: Final = "application/pdf"
_NOT_IN_A_PLAIN_NAME: Final = re.compile("[^A-Za-z0-9.-]+")
_NOT_IN_A_NAME: Final = re.compile(r'[\\/:*?"<>|]')


@router.post("/cases/{request_id}/letters/{letter_id}/copy")
async def ask(request: Request, request_id: str, letter_id: str, deps: Deps, account: CurrentAccount) -> Response:
    """Ask notify for the letter. It appears on the page of the case."""
    if await deps.letters.ask(request_id, letter_id, account):
        return RedirectResponse(case_again(request, request_id, "#letters"), 303)
    return await refused_page(request, request_id, deps, account, "no-such-letter")


@router.get("/cases/{request_id}/letters/{letter_id}/files/{number}")
async def file(  # noqa: PLR0917  # FastAPI takes them by name
    request: Request, request_id: str, letter_id: str, number: int, deps: Deps, account: CurrentAccount
) -> Response:
    """A file of the letter, to be saved: no browser shows it as a page of this site."""
    found = await deps.letters.open_file(request_id, letter_id, number, account)
    if found is None:
        return problem_page(request, 404, account)
    attachment, content = found
    # The parcel says what it is, and anybody who has the desk's public key can seal one.
    media_type = _PDF if attachment.media_type == _PDF else "application/octet-stream"
    return _saved(content, attachment.name, media_type)


@router.get("/brochures/{sha256}")
async def brochure(request: Request, sha256: str, deps: Deps, account: CurrentAccount) -> Response:
    """A product's ready brochure as it is today. It is about no customer, so nobody notes who opened it."""
    if not deps.letters.brochures.has(sha256):
        return problem_page(request, 404, account)
    return _saved(await deps.letters.brochures.content(sha256), f"brochure-{sha256[:8]}.pdf", _PDF)


def _saved(content: bytes, name: str, media_type: str) -> Response:
    plain = _NOT_IN_A_PLAIN_NAME.sub("_", name).strip("._") or "file"
    disposition = f'attachment; filename="{plain}"'
    if not name.isascii():
        shown = _NOT_IN_A_NAME.sub("_", "".join(filter(str.isprintable, name)))
        disposition += f"; filename*=UTF-8''{quote(shown, safe='')}"
    headers = {"Content-Disposition": disposition, "Content-Security-Policy": _POLICY}
    return Response(content, media_type=media_type, headers=headers)
