"""Traces leave the machine, so what customers sent must not be in them."""

import pytest
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from shared.runtime.telemetry import TextlessExporter, load_exporter

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
