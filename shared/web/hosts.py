"""Refuses requests that were sent to a name which is not ours.

A page of a stranger whose name he lets lead to this machine (DNS rebinding) is of the same origin as our pages for the
browser: it could read them. And a proxy that caches could be filled with answers for another name.
"""

from collections.abc import Collection

import structlog
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from shared.web.own_site import host_of
from shared.web.problems import HttpProblem, Renderer, respond

log = structlog.get_logger(__name__)


class HostMiddleware:
    """ASGI middleware: 400 `unknown-host`, written by *render*, unless the one `Host` header names one of *hosts*."""

    def __init__(self, app: ASGIApp, *, hosts: Collection[str], render: Renderer) -> None:
        self._app = app
        self._hosts = frozenset(hosts)
        self._render = render

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer it with the refusal."""
        if scope["type"] != "http" or self._is_ours(scope):
            await self._app(scope, receive, send)
            return
        log.warning("request refused", method=scope["method"], status=400)
        response = respond(Request(scope), HttpProblem(400, "unknown-host"), self._render)
        await response(scope, receive, send)

    def _is_ours(self, scope: Scope) -> bool:
        sent = [value for name, value in scope["headers"] if name == b"host"]
        return len(sent) == 1 and host_of(sent[0].decode("latin-1")) in self._hosts
