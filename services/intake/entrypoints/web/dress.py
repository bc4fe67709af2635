"""What every answer of intake wears, whoever made it: headers against misuse, and as few bytes as possible."""

from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_ALWAYS: Final = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    "Cache-Control": "no-store",
    "Cross-Origin-ParcelOpener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_FOREVER: Final = "public, max-age=31536000, immutable"
"""For files whose address changes with their content."""
_A_YEAR: Final = "max-age=31536000"


class Dress:
    """Puts the headers on that an answer does not bring itself. *https*: browsers are to use nothing else."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self._app = app
        self._always = _ALWAYS | ({"Strict-Transport-Security": _A_YEAR} if https else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through, and dress its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_file = scope["path"].startswith("/static/") and b"v=" in scope["query_string"]

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if is_file:
                    headers["Cache-Control"] = _FOREVER
                for name, value in self._always.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, dressed)
