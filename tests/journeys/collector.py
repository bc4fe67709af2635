"""A collector of spans (OTLP over HTTP) that keeps what it is sent."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from local.children import LOOPBACK


@dataclass(frozen=True)
class Span:
    """As it arrived."""

    service: str
    name: str
    id: bytes
    parent: bytes


@dataclass
class Collector:
    """What has arrived so far. `bodies`: as bytes, for whoever looks for what must not be in them."""

    port: int = 0
    bodies: list[bytes] = field(default_factory=list)

    @property
    def endpoint(self) -> str:
        """For `OTEL_EXPORTER_OTLP_ENDPOINT`."""
        return f"http://{LOOPBACK}:{self.port}"

    def trace(self, trace_id: str) -> list[Span]:
        """The spans of that trace."""
        return [
            Span(
                {one.key: one.value.string_value for one in resource.resource.attributes}["service.name"],
                span.name,
                span.span_id,
                span.parent_span_id,
            )
            for body in list(self.bodies)
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
            if span.trace_id.hex() == trace_id
        ]


@contextmanager
def a_collector() -> Iterator[Collector]:
    """On a free port, while the block runs."""
    collector = Collector()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            collector.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class calls it so
            """Say nothing."""

    server = ThreadingHTTPServer((LOOPBACK, 0), Handler)
    collector.port = server.server_port
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield collector
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
