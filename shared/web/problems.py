"""The one table from what goes wrong to an HTTP answer. Pages and API share it; a renderer writes the answer.

There are two kinds of renderer: `json_renderer` (problem+json) and the page renderer of a service (HTML). The table
decides status, code and headers; a renderer only finds the words for a code. Routes, their dependencies and middleware
may name a status (`HttpProblem`); use cases know none.
"""

from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Final

import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.errors import Invalid, Unavailable

log = structlog.get_logger(__name__)

_RETRY_AFTER_S: Final = {429: 3600, 503: 5}
_TITLES: Final = {
    "bad-request": "送信内容を読み取れませんでした",
    "invalid": "送信内容を読み取れませんでした",
    "too-large": "送信内容が大きすぎます",
    "unknown-host": "このアドレスではご利用いただけません",
    "unavailable": "ただいま受け付けられません。しばらくしてからもう一度お試しください。",
    "internal-server-error": "システムに問題が発生しました。しばらくしてからもう一度お試しください。",
}


class HttpProblem(Exception):
    """A request that ends without its result. Raised by pages and API, answered by the error table.

    `code` is a word for machines, for which each renderer has its own text. `title` replaces that text in JSON.
    `members` are further members of the JSON answer, such as `errors`.
    """

    def __init__(
        self, status: int, code: str, *, title: str = "", headers: Mapping[str, str] | None = None, **members: object
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.title = title
        self.headers = {**retry_after(status), **(headers or {})}
        self.members = members


Renderer = Callable[[Request, HttpProblem], Response]
"""Writes the answer to a problem. The table adds the problem's headers itself."""


def retry_after(status: int) -> dict[str, str]:
    """The `Retry-After` header, in seconds, of an answer that tells the client to come back; else no header."""
    seconds = _RETRY_AFTER_S.get(status)
    return {} if seconds is None else {"Retry-After": str(seconds)}


def json_renderer(titles: Mapping[str, str] | None = None) -> Renderer:
    """A renderer that answers with problem+json. *titles*: the service's own texts by code, before the common ones."""
    known = {**_TITLES, **(titles or {})}

    def render(_request: Request, error: HttpProblem) -> Response:
        title = error.title or known.get(error.code) or HTTPStatus(error.status).phrase
        body = {"type": f"urn:mitsumori:problem:{error.code}", "title": title, "status": error.status, **error.members}
        return JSONResponse(body, status_code=error.status, media_type="application/problem+json")

    return render


def problem_of(error: Exception) -> HttpProblem:
    """The error table. An exception that it does not know is a bug of ours: 500, without a detail."""
    match error:
        case HttpProblem():
            return error
        case Invalid():
            return HttpProblem(422, "invalid", title=str(error))
        case Unavailable():
            return HttpProblem(503, "unavailable")
        case HTTPException():
            return HttpProblem(error.status_code, _code(error.status_code), headers=error.headers)
        case _:
            return HttpProblem(500, _code(500))


def _code(status: int) -> str:
    """`not-found` for 404."""
    return HTTPStatus(status).phrase.lower().replace(" ", "-")


def respond(request: Request, error: Exception, render: Renderer) -> Response:
    """The answer to *error*: *render* writes it, with the status and the headers from the table."""
    answer = problem_of(error)
    response = render(request, answer)
    response.headers.update(answer.headers)
    return response


def add_error_table(app: Starlette, render: Renderer) -> None:
    """Let *app* answer every error by the table."""

    async def handle(request: Request, error: Exception) -> Response:
        return respond(request, error, render)

    for kind in (HttpProblem, Invalid, Unavailable, HTTPException):
        app.add_exception_handler(kind, handle)
    app.add_middleware(CrashMiddleware, handle=handle)


class CrashMiddleware:
    """ASGI middleware: a bug of ours is logged and answered here.

    The handler that Starlette has for this is outside every middleware, so its answer has no security headers.
    """

    def __init__(self, app: ASGIApp, handle: Callable[[Request, Exception], Awaitable[Response]]) -> None:
        self._app = app
        self._handle = handle

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on. An answer that has begun cannot be replaced: the server then ends the connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        has_started = False

        async def watch_start(message: Message) -> None:
            nonlocal has_started
            has_started = has_started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watch_start)
        except ClientDisconnect:
            # Nobody is there to be answered, and nothing of ours went wrong.
            log.info("client went away", method=scope["method"])
        except Exception as error:
            log.exception("page failed", error=type(error).__name__)
            if has_started:
                raise
            response = await self._handle(Request(scope), error)
            await response(scope, receive, send)
