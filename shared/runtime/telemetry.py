"""Traces that survive the ledger: a document keeps the `traceparent` of what made it, and the relay sends it on.

Spans are exported when `OTEL_EXPORTER_OTLP_ENDPOINT` is set; without it only the ids are made.
"""

import os

from opentelemetry import propagate, trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor


def set_up_traces(service: str) -> TracerProvider:
    """This process's tracer; call once."""
    provider = TracerProvider(resource=Resource.create({"service.name": f"mitsumori-{service}"}))
    if os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT"):  # noqa: TID251  # OTEL_* is OpenTelemetry's own convention
        # Imported here because it costs 15 MB that nobody without a collector should pay.
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415

        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    return provider


def current_traceparent() -> str | None:
    """The W3C `traceparent` of the work at hand, if it is being traced."""
    carrier: dict[str, str] = {}
    propagate.inject(carrier)
    return carrier.get("traceparent")
