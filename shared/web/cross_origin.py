"""Refuses requests from other sites' pages that could change something (cross-site request forgery).

Browsers say where a request comes from: `Sec-Fetch-Site` since 2023, and `Origin` with every POST for much longer. No
page can forge either, so no token in a form is needed. Go's `http.CrossOriginProtection` and OWASP's cheat sheet on
fetch metadata do the same.
"""

from collections.abc import Collection, Sequence
from typing import Final

import structlog
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.routing import compile_path
from starlette.types import ASGIApp, Receive, Scope, Send

from shared.web.problems import HttpProblem, Renderer, respond

log = structlog.get_logger(__name__)

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class CrossOriginMiddleware:
    """ASGI middleware: 403 `other-site`, written by *render*, for a POST (PUT, …) that is not from our own pages.

    * *origins*: our own, as browsers write them (`https://desk.example.jp`). The `Host` of the request says nothing: a
      stranger's page can have any name lead here, and has that name as its origin then.
    * *exempt*: patterns of routes, written as for the router (`/{product}/submit`), that check for themselves.
    * *strict*: for pages behind a log-in. A request without `Sec-Fetch-Site` must have one of our origins.
    * Not *strict*: for a public form, where there is no session to misuse. Without `Sec-Fetch-Site`, a request may also
      have no `Origin` (programs, very old browsers).
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        origins: Collection[str],
        render: Renderer,
        strict: bool,
        exempt: Sequence[str] = (),
    ) -> None:
        self._app = app
        self._origins = frozenset(origins)
        self._render = render
        self._strict = strict
        self._exempt = [compile_path(pattern)[0] for pattern in exempt]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer it with the refusal."""
        if scope["type"] != "http" or scope["method"] in SAFE_METHODS or self._is_allowed(scope):
            await self._app(scope, receive, send)
            return
        log.warning("request refused", method=scope["method"], status=403)
        response = respond(Request(scope), HttpProblem(403, "other-site"), self._render)
        await response(scope, receive, send)

    def _is_allowed(self, scope: Scope) -> bool:
        return self._is_from_our_pages(Headers(scope=scope)) or any(
            # A page of the agency may post to it with a slash too many.
            pattern.match(scope["path"].rstrip("/"))
            for pattern in self._exempt
        )

    def _is_from_our_pages(self, headers: Headers) -> bool:
        site, origin = headers.get("sec-fetch-site"), headers.get("origin")
        if site is not None:
            return site in {"same-origin", "none"}
        return origin in self._origins or (origin is None and not self._strict)
