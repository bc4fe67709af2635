"""The two HTTP servers of a process: one for visitors, one for operators. They share the process's event loop."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import uvicorn
from starlette.applications import Starlette
from starlette.types import ASGIApp

from shared.runtime.connections import LimitedProtocol
from shared.runtime.leaving import Leaving
from shared.runtime.settings import RuntimeSettings
from shared.runtime.watchdog import Watchdog

ANSWERS_S: Final = 10
"""For the answers that are under way when the process stops."""


class _VisitorsServer(uvicorn.Server):
    """The visitors' server. It goes on for a moment when it shall stop, where a proxy must first learn of that."""

    def __init__(self, app: Starlette, settings: RuntimeSettings) -> None:
        self._leaving = Leaving(app, lambda: self.should_exit)
        super().__init__(_config(self._leaving, settings, settings.host, settings.port))

    async def on_tick(self, counter: int) -> bool:
        """Called ten times a second. A second Ctrl-C ends the wait."""
        return await super().on_tick(counter) and (self.force_exit or self._leaving.may_close())


class _OperationsServer(uvicorn.Server):
    """The operators' server. It stops when the visitors' one has stopped; signals are for that one."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals alone."""
        yield


def run_servers(app: Starlette, settings: RuntimeSettings) -> bool:
    """Serve *app* and `app.state.operations` until SIGTERM or Ctrl-C. Returns whether *app* had started.

    The operators' server is there first: while *app* waits for its database, `/ready` says so.
    """
    visitors = _VisitorsServer(app, settings)
    app.state.has_started = lambda: visitors.started
    # An answer that goes on for hours ends itself then: the server waits for every answer before it stops.
    app.state.is_stopping = lambda: visitors.should_exit
    operations = _OperationsServer(_config(app.state.operations, settings, settings.ops_host, settings.ops_port))
    # Without lifespan: the one of *app* is the process's.
    operations.config.lifespan = "off"
    with asyncio.Runner(loop_factory=visitors.config.get_loop_factory()) as runner:
        runner.run(_run(visitors, operations, has_pages=bool(app.routes)))
    return visitors.started


async def _run(visitors: uvicorn.Server, operations: uvicorn.Server, *, has_pages: bool) -> None:
    with Watchdog().watching():
        task = asyncio.create_task(operations.serve())
        # A service without pages listens on no port of its own; the server still runs the app's lifespan.
        await visitors.serve(None if has_pages else [])
        operations.should_exit = True
        await task


def _config(app: ASGIApp, settings: RuntimeSettings, host: str, port: int) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        http=LimitedProtocol,
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_graceful_shutdown=ANSWERS_S,
    )
