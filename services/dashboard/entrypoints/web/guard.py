"""Before any page: security headers on every reply, and no form that another site sent.

There are no scripts at all, so the policy allows none. Cross-site posts are told by Sec-Fetch-Site, which no page
can forge; for browsers that do not send it, by Origin. A client that sends neither is not a browser with a session.
"""

from collections.abc import Callable
from typing import Final

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = structlog.get_logger(__name__)

_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_LARGEST_FORM_BYTES: Final = 16_384
_POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_HEADERS: Final = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-ParcelOpener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Robots-Tag": "noindex, nofollow",
}
_HTTPS_ONLY: Final = {"Strict-Transport-Security": "max-age=31536000"}

Refuse = Callable[[Request, int], Response]


class Guard:
    """An ASGI middleware around the whole app. *origin* is the dashboard's own (`https://desk.example.jp`)."""

    def __init__(self, app: ASGIApp, origin: str, refuse: Refuse) -> None:
        self._app = app
        self._origin = origin
        self._refuse = refuse
        self._headers = {**_HEADERS, **(_HTTPS_ONLY if origin.startswith("https:") else {})}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through, or answer it with a refusal."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(self._headers)
                headers["Cache-Control"] = "no-cache" if scope["path"].startswith("/static/") else "no-store"
            await send(message)

        refusal = self._problem(scope["method"], Headers(scope=scope))
        if refusal is None:
            await self._let_in(scope, receive, send_guarded)
            return
        log.warning("request refused", method=scope["method"], status=refusal)
        await self._refuse(Request(scope), refusal)(scope, receive, send_guarded)

    async def _let_in(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A crash is answered here, inside the guard: the server's own answer would wear no headers."""
        started = False

        async def watch_start(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watch_start)
        except Exception as error:
            log.exception("page failed", error=type(error).__name__)
            if started:
                raise
            await self._refuse(Request(scope), 500)(scope, receive, send)

    def _problem(self, method: str, headers: Headers) -> int | None:
        if method in _SAFE:
            return None
        site = headers.get("sec-fetch-site")
        ours = site in {"same-origin", "none"} if site else headers.get("origin") == self._origin
        if not ours:
            return 403
        length = headers.get("content-length", "")
        return None if length.isdigit() and int(length) <= _LARGEST_FORM_BYTES else 413
