"""Traces that continue after an event was stored: its document keeps the `traceparent`, and the relay publishes it.

Spans are made and exported when `OTEL_EXPORTER_OTLP_ENDPOINT` is set; `OTEL_TRACES_SAMPLER` says of which requests,
for example one in ten (`parentbased_traceidratio`, with `OTEL_TRACES_SAMPLER_ARG=0.1`). Without a collector only the
ids are made.
"""

import os
from collections.abc import Sequence
from importlib.metadata import entry_points

from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF
from opentelemetry.trace import Status


def set_up_traces(service: str) -> None:
    """This process's tracer; call once."""
    trace.set_tracer_provider(tracer_provider(service))


def tracer_provider(service: str) -> TracerProvider:
    """Makes spans for the collector; without one it makes ids, which cost half as much."""
    resource = Resource.create({"service.name": f"mitsumori-{service}"})
    if not os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT"):  # noqa: TID251  # OTEL_* is OpenTelemetry's own convention
        return TracerProvider(ALWAYS_OFF, resource)
    provider = TracerProvider(resource=resource)
    provider.add_span_processor(BatchSpanProcessor(TextlessExporter(load_exporter())))
    return provider


def load_exporter() -> SpanExporter:
    """OTLP over HTTP, found by OpenTelemetry's name for it. It needs 15 MB, so it is imported only for a collector."""
    (exporter,) = entry_points(group="opentelemetry_traces_exporter", name="otlp_proto_http")
    otlp: SpanExporter = exporter.load()()
    return otlp


class TextlessExporter(SpanExporter):
    """Exports spans without the texts of exceptions, which may quote what was sent."""

    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """The spans with their status, but without its words and without events."""
        return self._exporter.export([_without_texts(span) for span in spans])

    def shutdown(self) -> None:
        """Close the exporter."""
        self._exporter.shutdown()


def _without_texts(span: ReadableSpan) -> ReadableSpan:
    return ReadableSpan(
        name=span.name,
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes=span.attributes,
        links=span.links,
        kind=span.kind,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


def current_traceparent() -> str | None:
    """The W3C `traceparent` of the current span, if it is being traced."""
    context = trace.get_current_span().get_span_context()
    if not context.is_valid:
        return None
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}"
