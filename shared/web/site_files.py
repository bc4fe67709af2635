"""The two files that browsers and search engines ask every site for: `/favicon.ico` and `/robots.txt`.

Without an answer they end as 404 in the log of every visit, and a robot that gets no rules walks through the form.
"""

from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

NO_ROBOTS: Final = "User-agent: *\nDisallow: /\n"
_KEPT_FOR_A_DAY: Final = {"Cache-Control": "public, max-age=86400"}


def site_files(icon: Path, robots: str) -> list[Route]:
    """The routes of both files. *icon*: an SVG image; *robots*: rules for search engines (RFC 9309)."""
    image = icon.read_bytes()

    async def favicon(_request: Request) -> Response:
        return Response(image, media_type="image/svg+xml", headers=_KEPT_FOR_A_DAY)

    async def rules(_request: Request) -> Response:
        return Response(robots, media_type="text/plain", headers=_KEPT_FOR_A_DAY)

    return [Route("/favicon.ico", favicon), Route("/robots.txt", rules)]
