"""Security headers, on every answer: pages, files, APIs, refusals and errors."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_ALWAYS: Final = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_HTTPS_ONLY: Final = {"Strict-Transport-Security": "max-age=31536000"}
_NO_HEADERS: Final[Mapping[str, str]] = MappingProxyType({})


class SecurityHeadersMiddleware:
    """ASGI middleware. Add it last, so that it is outermost and sees every answer.

    * *https*: send HSTS, so that browsers use only HTTPS for one year.
    * *page_policy*: the content security policy of HTML; any other answer may load nothing at all.
    * *extra*: more headers for every answer, or other values for those above.

    A header that an answer has already is left as it is.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        https: bool,
        page_policy: str,
        extra: Mapping[str, str] = _NO_HEADERS,
    ) -> None:
        self._app = app
        self._always = {**_ALWAYS, **(_HTTPS_ONLY if https else {}), **extra}
        self._page_policy = page_policy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and add the headers to its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith("text/html"):
                    headers.setdefault("Content-Security-Policy", self._page_policy)
                for name, value in self._always.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)
