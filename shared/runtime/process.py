"""One service as one process: an ASGI app whose lifespan holds the ledger, the broker and the relay."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import structlog
import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from fastapi.telemetry import TelemetryConfig
from faststream.kafka import KafkaBroker
from opentelemetry import trace
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.clock import utc_now
from shared.errors import Invalid, Unavailable
from shared.runtime.adapters.mongo import Database, MongoDeadLetters, MongoOutbox, connect, mongo_errors
from shared.runtime.broker import Delivery, new_broker
from shared.runtime.health import EXIT_STUCK, Health, watch
from shared.runtime.logs import set_up_logs
from shared.runtime.outbox import Nudge, Relay
from shared.runtime.publisher import KafkaPublisher
from shared.runtime.settings import RuntimeSettings
from shared.runtime.telemetry import set_up_traces

log = structlog.get_logger(__name__)

RETRY_S = 1.0
STOP_S = 20.0
QUIET_PATHS = ("/live", "/ready", "/metrics", "/static/")
NO_TELEMETRY: Final[TelemetryConfig] = {"tracing": False, "metrics": False, "logs": False, "operation_spans": False}
RETRY_AFTER = {"Retry-After": "5"}

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


@dataclass(frozen=True, slots=True)
class Runtime:
    """What a composition root is handed to put its service together."""

    database: Database
    broker: KafkaBroker
    health: Health
    nudge: Nudge
    _tasks: tuple[Callable[[], Awaitable[None]], ...]
    _close: Callable[[], Awaitable[None]]

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Consume and relay while the block runs. Subscribe first: a broker cannot learn while it runs."""
        tasks = [asyncio.ensure_future(task()) for task in self._tasks]
        for task in tasks:
            task.add_done_callback(_end_with)
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._close(), STOP_S)


def _end_with(task: asyncio.Future[None]) -> None:
    """A process that has lost its relay or its consumer looks alive and does nothing: end it instead."""
    error = None if task.cancelled() else task.exception()
    if error is not None:
        log.critical("process ends itself", reason=type(error).__name__, exc_info=error)
        os._exit(EXIT_STUCK)


@asynccontextmanager
async def open_runtime(
    settings: RuntimeSettings, service: str, *, outboxes: Sequence[str] = (), needs_kafka: bool = True
) -> AsyncIterator[Runtime]:
    """The ledger `mitsumori_<service>`, its broker, and a relay for the collections named in *outboxes*."""
    async with connect(settings.mongo, f"mitsumori_{service}") as database:
        dead_letters = MongoDeadLetters(database)
        delivery = Delivery(service, dead_letters, utc_now)
        broker = new_broker(settings.kafka, delivery, set_up_traces(service))
        outbox = MongoOutbox(database, outboxes)
        publisher = KafkaPublisher(settings.kafka, service)
        relay = Relay(outbox, publisher.publish, utc_now)

        async def ping() -> None:
            with mongo_errors():
                await database.command("ping")

        await _until_available(ping, "mongo")
        await outbox.prepare()

        async def consume() -> None:
            await _until_available(partial(_start, broker), "kafka")
            await watch(broker, delivery, dead_letters.open)

        async def close() -> None:
            await broker.stop()
            await publisher.close()

        yield Runtime(
            database=database,
            broker=broker,
            health=Health(ping, broker, needs_kafka=needs_kafka),
            nudge=relay.nudge,
            _tasks=(relay.run, relay.measure, consume) if outboxes else (consume,),
            _close=close,
        )


async def _until_available(attempt: Callable[[], Awaitable[None]], step: str) -> None:
    while True:
        try:
            return await attempt()
        except Unavailable as error:
            log.warning("waiting", step=step, error=type(error.__cause__).__name__)
            await asyncio.sleep(RETRY_S)


async def _start(broker: KafkaBroker) -> None:
    """Start consuming. Raises `Unavailable`: whatever keeps Kafka away, the form must go on working."""
    try:
        await broker.start()
    except Exception as error:
        with suppress(Exception):
            await broker.stop()
        raise Unavailable("kafka") from error


def new_app(service: str, title: str, lifespan: Lifespan, **options: Any) -> FastAPI:  # noqa: ANN401  # FastAPI's own options
    """A FastAPI app with the probes, one log line a request, and the table from kinds of error to replies.

    The lifespan puts its `Runtime.health` on `app.state.health`, for `/ready` to ask.
    """
    # FastAPI's own telemetry would put exception texts, paths and addresses into spans and logs.
    app = FastAPI(title=title, lifespan=lifespan, telemetry=NO_TELEMETRY, **options)
    app.state.service = service
    app.add_middleware(RequestLog)

    @app.exception_handler(Invalid)
    async def invalid(_request: Request, error: Invalid) -> JSONResponse:
        return problem(422, "invalid", str(error))

    @app.exception_handler(Unavailable)
    async def unavailable(_request: Request, _error: Unavailable) -> JSONResponse:
        return problem(503, "unavailable", "ただいま受け付けられません。しばらくしてからもう一度お試しください。")

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


def problem(
    status: int, code: str, title: str, headers: Mapping[str, str] | None = None, **extra: object
) -> JSONResponse:
    """An `application/problem+json` answer (RFC 9457). A 503 says when to come back."""
    body = {"type": f"urn:mitsumori:problem:{code}", "title": title, "status": status, **extra}
    later = RETRY_AFTER if status == 503 else {}  # noqa: PLR2004  # the HTTP status itself
    return JSONResponse(
        body, status_code=status, media_type="application/problem+json", headers={**later, **(headers or {})}
    )


class RequestLog:
    """One line and one trace span a request; never a query string, a header or a body."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through and say how it went."""
        if scope["type"] != "http" or scope["path"].startswith(QUIET_PATHS):
            await self._app(scope, receive, send)
            return
        started, status = time.perf_counter(), 500

        async def watch_status(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        tracer = trace.get_tracer("mitsumori")
        with tracer.start_as_current_span(f"HTTP {scope['method']}", kind=trace.SpanKind.SERVER):
            try:
                await self._app(scope, receive, watch_status)
            finally:
                took_ms = round((time.perf_counter() - started) * 1000, 1)
                log.info("request served", method=scope["method"], path=_route(scope), status=status, took_ms=took_ms)


def _route(scope: Scope) -> str:
    """The route's pattern, not the path: a stranger can put anything into a path."""
    route = scope.get("route")
    return getattr(route, "path", "unrouted")


def serve(app: FastAPI, settings: RuntimeSettings) -> None:
    """Answer HTTP until SIGTERM or Ctrl-C, then end the process: whatever still hangs is left behind (crash-only)."""
    set_up_logs(app.state.service, settings.log)
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_graceful_shutdown=10,
    )
    server = uvicorn.Server(config)
    for number in (signal.SIGTERM, signal.SIGINT):
        # uvicorn raises the signal anew once it is done, and by default that would end us before the last line here.
        signal.signal(number, lambda *_: None)
    server.run()
    sys.stdout.flush()
    os._exit(0 if server.started else 1)
