"""Tells the proxy that this process stops before it stops: what the proxy still sends meanwhile is answered.

The proxy of compose.prod.yml looks at `LOOKED_AT` four times a second. Whoever closes the port without a word loses
what was sent to it since the last look: three of 200 posts.
"""

import time
from collections.abc import Callable
from typing import Final

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

LOOKED_AT: Final = "/static/-"
"""No file of ours: 404 says that all is well (deploy/Caddyfile)."""
_LOOKS_S: Final = 5.0
"""Whoever has not looked for so long does not look: there is no proxy, or it waits for nobody."""
TOLD_S: Final = 0.75
"""After it was told, for what it had begun to send; and for a second proxy, which looks as often."""
MOST_S: Final = 5.0


class Leaving:
    """ASGI middleware in front of everything else, and the answer to when the port may be closed."""

    def __init__(
        self, app: ASGIApp, is_stopping: Callable[[], bool], now_s: Callable[[], float] = time.monotonic
    ) -> None:
        self._app = app
        self._is_stopping = is_stopping
        self._now_s = now_s
        self._looked_s: float | None = None
        self._began_s: float | None = None
        self._told_s: float | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on but the proxy's look while the process stops."""
        if scope["type"] == "http" and scope["path"] == LOOKED_AT:
            self._looked_s = self._now_s()
            if self._is_stopping():
                self._told_s = self._told_s or self._looked_s
                await PlainTextResponse(status_code=503, headers={"Connection": "close"})(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def may_close(self) -> bool:
        """Asked again and again from the moment on at which the process begins to stop."""
        now_s = self._now_s()
        if self._began_s is None:
            self._began_s = now_s
            if self._looked_s is None or now_s - self._looked_s > _LOOKS_S:
                return True
        if self._told_s is not None and now_s - self._told_s >= TOLD_S:
            return True
        return now_s - self._began_s >= MOST_S
