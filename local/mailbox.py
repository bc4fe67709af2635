"""A mailbox for one machine: an SMTP server that keeps every mail in a Maildir, and a page that shows them.

Run as a process of its own: `python -m local.mailbox --smtp-port … --http-port … --maildir … --bounces …`.
"""

import argparse
import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import quote

import uvicorn
from jinja2 import Environment, FileSystemLoader
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from local.bounces import Bounces
from local.children import LOOPBACK
from local.mail_links import linked
from local.maildir import Mail, Maildir
from local.smtp_server import SmtpServer
from shared.clock import utc_now
from shared.runtime.connections import LimitedProtocol
from shared.web.body_limit import BodyLimitMiddleware
from shared.web.hosts import HostMiddleware
from shared.web.own_site import LOOPBACK_NAMES
from shared.web.problems import json_renderer
from shared.web.site_files import NO_ROBOTS, site_files

_MOST_LISTED = 100
_ICON = Path(__file__).parent / "mailbox.svg"
_AS_JSON = json_renderer()
# Types without scripts: an HTML page in a mail must not run as one of our pages.
_INLINE_TYPES = frozenset({"application/pdf", "image/png", "image/jpeg"})
_NO_SCRIPTS = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_OF_A_MAIL = f"{_NO_SCRIPTS}; sandbox"
"""For the HTML of a mail, which is somebody else's page: it runs nothing, fetches nothing and is of no site."""


def create_app(maildir: Maildir, smtp_port: int, bounces: Bounces | None = None) -> Starlette:
    """The web page. The SMTP server runs as long as this app does."""
    templates = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True)
    templates.filters["linked"] = linked
    page = templates.get_template("mailbox.html.j2")

    def listing(_request: Request) -> Response:
        return _html(page.render(mails=maildir.newest(_MOST_LISTED), total=len(maildir.names())))

    def one_mail(request: Request) -> Response:
        return _html(page.render(mail=_mail_of(maildir, request)))

    def html_of_mail(request: Request) -> Response:
        html = _mail_of(maildir, request).html
        if not html:
            raise HTTPException(404)
        return _html(html, _OF_A_MAIL)

    def file_of_mail(request: Request) -> Response:
        mail = _mail_of(maildir, request)
        headers = {
            "x-content-type-options": "nosniff",
            "content-disposition": f'attachment; filename="{mail.name}.eml"',
        }
        return Response(mail.content, media_type="message/rfc822", headers=headers)

    def attachment(request: Request) -> Response:
        try:
            file = _mail_of(maildir, request).attachments[request.path_params["index"]]
        except IndexError:
            raise HTTPException(404) from None
        is_inline = file.content_type in _INLINE_TYPES
        headers = {
            "x-content-type-options": "nosniff",
            "content-disposition": f"{'inline' if is_inline else 'attachment'}; filename*=UTF-8''{quote(file.name)}",
        }
        media_type = file.content_type if is_inline else "application/octet-stream"
        return Response(file.content, media_type=media_type, headers=headers)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: SmtpServer(maildir, bounces), LOOPBACK, smtp_port)
        async with server:
            yield

    routes = [
        Route("/", listing),
        Route("/ready", lambda _request: PlainTextResponse("ok")),
        Route("/mails/{name}", one_mail),
        Route("/mails/{name}/html", html_of_mail),
        Route("/mails/{name}/mail.eml", file_of_mail),
        Route("/mails/{name}/attachments/{index:int}", attachment),
    ]
    app = Starlette(routes=[*site_files(_ICON, NO_ROBOTS), *routes], lifespan=lifespan)
    app.router.redirect_slashes = False
    app.add_middleware(BodyLimitMiddleware, render=_AS_JSON)
    # Other names could be a stranger's: his page would read every mail.
    app.add_middleware(HostMiddleware, hosts=LOOPBACK_NAMES, render=_AS_JSON)
    return app


def _mail_of(maildir: Maildir, request: Request) -> Mail:
    try:
        return maildir.read(request.path_params["name"])
    except KeyError:
        raise HTTPException(404) from None


def _html(text: str, policy: str = _NO_SCRIPTS) -> Response:
    return HTMLResponse(text, headers={"content-security-policy": policy, "x-content-type-options": "nosniff"})


def main() -> None:
    """Serve until SIGTERM."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--smtp-port", type=int, required=True)
    arguments.add_argument("--http-port", type=int, required=True)
    arguments.add_argument("--maildir", type=Path, required=True)
    arguments.add_argument("--bounces", type=Path, required=True, help="the Maildir of the return path")
    given = arguments.parse_args()
    app = create_app(Maildir(given.maildir), given.smtp_port, Bounces(Maildir(given.bounces), utc_now))
    uvicorn.run(
        app,
        host=LOOPBACK,
        port=given.http_port,
        http=LimitedProtocol,
        access_log=False,
        timeout_graceful_shutdown=2,
    )


if __name__ == "__main__":
    main()
