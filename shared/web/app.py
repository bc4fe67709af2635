"""The FastAPI app that every process starts from: probes, one log line a request, and the error table."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any, Final

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from fastapi.telemetry import TelemetryConfig
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from shared.runtime.health import Health
from shared.web.problems import Renderer, add_error_table, json_renderer
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
    **options: Any,  # noqa: ANN401  # FastAPI's own options
) -> FastAPI:
    """A FastAPI app with `/live`, `/ready` and `/metrics`. *render* writes the answers to errors.

    `/ready` reads `app.state.health`, where the lifespan must put its `Runtime.health`. Middleware that is added to
    the app later is further outside: it also sees the answers to errors.
    """
    # FastAPI's own telemetry would put exception texts, paths and addresses into spans and logs.
    app = FastAPI(title=title, lifespan=lifespan, telemetry=_NO_TELEMETRY, **options)
    app.state.service = service
    app.add_middleware(RequestLog)
    add_error_table(app, render)

    @app.get("/live", include_in_schema=False)
    async def live() -> dict[str, str]:
        return {"service": service}

    @app.get("/ready", include_in_schema=False)
    async def ready(request: Request) -> JSONResponse:
        health: Health | None = getattr(request.app.state, "health", None)
        missing = await health.missing() if health else ["start"]
        return JSONResponse({"missing": missing}, status_code=503 if missing else 200)

    @app.get("/metrics", include_in_schema=False)
    async def metrics() -> Response:
        return Response(generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return app
