"""What operators ask of a process: `/live`, `/ready` and `/metrics`. They are served on a port of their own.

The numbers tell how the business goes, and which Python runs: nothing that visitors of the form may read.
"""

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from shared.runtime.health import Health
from shared.web.body_limit import BodyLimitMiddleware
from shared.web.problems import json_renderer


def operations_app(app: Starlette) -> Starlette:
    """The probes of *app*. `/ready` reads `app.state.health`, where the lifespan must put its `Runtime.health`.

    In a process of its own it also asks `app.state.has_started`: the port for visitors listens only after the lifespan.
    """

    async def live(_request: Request) -> Response:
        return JSONResponse({"service": app.state.service})

    async def ready(_request: Request) -> Response:
        health: Health | None = getattr(app.state, "health", None)
        has_started: bool = getattr(app.state, "has_started", lambda: True)()
        missing = await health.missing() if health and has_started else ["start"]
        # With 200: a record that names a key which nobody ever had must not take the process out of service.
        incomplete = health.incomplete if health else []
        return JSONResponse({"missing": missing, "incomplete": incomplete}, status_code=503 if missing else 200)

    async def metrics(_request: Request) -> Response:
        return Response(generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    operations = Starlette(routes=[Route("/live", live), Route("/ready", ready), Route("/metrics", metrics)])
    operations.router.redirect_slashes = False
    operations.add_middleware(BodyLimitMiddleware, render=json_renderer())
    return operations
