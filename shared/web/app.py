"""The FastAPI app that every process starts from: limits, one log line a request, and the error table."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any, Final

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.telemetry import TelemetryConfig
from starlette.requests import Request
from starlette.responses import Response

from shared.web.body_limit import BodyLimitMiddleware
from shared.web.cookies import CookieMiddleware
from shared.web.head import HeadMiddleware
from shared.web.operations import operations_app
from shared.web.problems import HttpProblem, Renderer, add_error_table, json_renderer, respond
from shared.web.request_log import RequestLog

_NO_TELEMETRY: Final[TelemetryConfig] = {"tracing": False, "metrics": False, "logs": False, "operation_spans": False}
_AS_JSON: Final = json_renderer()

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def new_app(
    service: str,
    title: str,
    lifespan: Lifespan,
    *,
    render: Renderer = _AS_JSON,
    openapi_url: str | None = None,
    **options: Any,  # noqa: ANN401  # FastAPI's own options
) -> FastAPI:
    """A FastAPI app without routes. *render* writes the answers to errors.

    `app.state.operations` is a second app, with the probes, which the process serves on a port of its own.
    `/ready` there reads `app.state.health`, where the lifespan must put its `Runtime.health`. Middleware that is added
    to the app later is further outside: it also sees the answers to errors.
    """
    app = FastAPI(
        title=title,
        lifespan=lifespan,
        # FastAPI's own telemetry would put exception texts, paths and addresses into spans and logs.
        telemetry=_NO_TELEMETRY,
        # FastAPI's own documentation pages load scripts from another site.
        docs_url=None,
        redoc_url=None,
        openapi_url=openapi_url,
        # It would answer an unknown page with a redirect, to an address made of whatever `Host` was sent.
        redirect_slashes=False,
        **options,
    )
    app.state.service = service
    app.state.operations = operations_app(app)
    app.add_middleware(CookieMiddleware)
    app.add_middleware(HeadMiddleware)
    app.add_middleware(RequestLog)
    add_error_table(app, render)

    async def refuse(request: Request, _error: Exception) -> Response:
        # FastAPI's own text repeats what was sent.
        return respond(request, HttpProblem(422, "invalid"), render)

    app.add_exception_handler(RequestValidationError, refuse)
    app.add_middleware(BodyLimitMiddleware, render=render)
    return app
