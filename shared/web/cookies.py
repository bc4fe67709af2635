"""Drops the cookies of strangers that cost more than they are worth, or pretend to be ours."""

import re
from collections import Counter
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

_ESCAPE: Final = b"\\"
_NAME: Final = re.compile(rb" *([!#$%&'*+.^_`|~0-9A-Za-z-]+)=")
_HOST_PREFIX: Final = b"__Host-"


class CookieMiddleware:
    r"""ASGI middleware: some cookies are not read.

    * One with a backslash. None of ours has one. For each, Python looks through the rest of the value (CVE-2024-7592,
      mended in 3.11.10): a cookie of 30 KB kept the process busy for 1.6 seconds.
    * One whose name is no token (RFC 6265, 4.1.1). Starlette takes spaces off a name, also those that no browser knows
      as such: a sister domain may set `\x85__Host-…`, and it would be read as `__Host-…`.
    * All of a name with `__Host-` that is there twice. Browsers keep one such cookie; some send one without a name,
      whose value looks like a second, and nobody can tell which is ours.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on without them."""
        if scope["type"] == "http":
            sent = [value for name, value in scope["headers"] if name == b"cookie"]
            if sent:
                others = [header for header in scope["headers"] if header[0] != b"cookie"]
                scope["headers"] = [*others, (b"cookie", _readable(b";".join(sent)))]
        await self._app(scope, receive, send)


def _readable(cookies: bytes) -> bytes:
    named = [
        (found[1], cookie) for cookie in cookies.split(b";") if _ESCAPE not in cookie and (found := _NAME.match(cookie))
    ]
    times = Counter(name for name, _ in named if name.startswith(_HOST_PREFIX))
    return b";".join(cookie for name, cookie in named if times[name] <= 1)
