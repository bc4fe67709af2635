"""Security headers, on every answer: pages, files, APIs, refusals and errors."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

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
        always = {**_ALWAYS, **(_HTTPS_ONLY if https else {}), **extra}
        self._of_pages = _encoded({**always, "Content-Security-Policy": page_policy})
        self._of_others = _encoded(always)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and add the headers to its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                sent = dict(message["headers"])
                is_page = sent.get(b"content-type", b"").startswith(b"text/html")
                ours = self._of_pages if is_page else self._of_others
                message["headers"] = [*message["headers"], *(header for header in ours if header[0] not in sent)]
            await send(message)

        await self._app(scope, receive, send_with_headers)


def _encoded(headers: Mapping[str, str]) -> tuple[tuple[bytes, bytes], ...]:
    """As ASGI has them. Encoded once: every answer has them."""
    return tuple((name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items())
