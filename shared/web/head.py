"""Answers HEAD wherever GET is answered. Link checkers and monitors ask so, and FastAPI's routes know only GET."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class HeadMiddleware:
    """ASGI middleware: a HEAD is worked on as a GET, and its answer has no content (RFC 9110, 9.3.2)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on. The headers are those of the GET, `Content-Length` among them."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def send_without_content(message: Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        as_get = {**scope, "method": "GET"}
        await self._app(as_get, receive, send_without_content)
        if "route" in as_get:  # For the request's line in the log.
            scope["route"] = as_get["route"]
