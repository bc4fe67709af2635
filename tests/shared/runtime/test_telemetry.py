"""Traces leave the machine, so what customers sent must not be in them."""

import re

import pytest
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from shared.runtime.telemetry import TextlessExporter, current_traceparent, load_exporter, tracer_provider

CANARY = "canary@example.jp 03-1234-5678"


def test_a_span_that_failed_says_so_without_the_text_of_its_exception() -> None:
    exported = InMemorySpanExporter()
    traces = TracerProvider()
    traces.add_span_processor(SimpleSpanProcessor(TextlessExporter(exported)))

    with pytest.raises(ValueError, match="canary"), traces.get_tracer("t").start_as_current_span("work"):
        raise ValueError(CANARY)

    (span,) = exported.get_finished_spans()
    assert not span.status.is_ok
    assert CANARY not in span.to_json()


def test_spans_go_to_a_collector_by_otlp() -> None:
    assert isinstance(load_exporter(), OTLPSpanExporter)


def test_without_a_collector_a_trace_goes_on_with_its_event_and_no_span_is_made() -> None:
    """Its ids join what the services do for one request, wherever a collector is set up later."""
    with tracer_provider("intake").get_tracer("t").start_as_current_span("work") as span:
        traceparent, is_made = current_traceparent(), span.is_recording()

    assert not is_made
    assert re.fullmatch("00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}", traceparent or "")
