"""One trace leads from the form to the mail; a mail of hours later is only linked to it."""

from datetime import datetime, timedelta

from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import format_trace_id

from services.notify.entrypoints.delivery_span import SAME_TRACE_FOR, delivery_span
from shared.runtime.telemetry import current_traceparent
from tests.services.notify.builders import NOON, a_letter

TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"
TRACEPARENT = a_letter().traceparent


def span_of(traceparent: str | None, now: datetime) -> tuple[ReadableSpan, str]:
    """The span of a letter of noon, and what is stored within it."""
    exported, traces = InMemorySpanExporter(), TracerProvider()
    traces.add_span_processor(SimpleSpanProcessor(exported))
    with delivery_span(traces.get_tracer("t"), a_letter(traceparent=traceparent), now):
        within = current_traceparent()
    (span,) = exported.get_finished_spans()
    return span, str(within)


def test_a_letter_is_delivered_in_the_trace_in_which_it_was_written() -> None:
    span, within = span_of(TRACEPARENT, NOON + SAME_TRACE_FOR)

    assert span.parent is not None
    assert format_trace_id(span.parent.trace_id) == TRACE_ID
    assert within.split("-")[1] == TRACE_ID


def test_a_letter_that_goes_out_hours_later_has_a_trace_of_its_own_with_a_link_to_the_first() -> None:
    span, within = span_of(TRACEPARENT, NOON + SAME_TRACE_FOR + timedelta(seconds=1))

    assert span.parent is None
    assert [format_trace_id(link.context.trace_id) for link in span.links] == [TRACE_ID]
    assert within.split("-")[1] != TRACE_ID


def test_a_letter_of_before_there_were_traces_begins_one() -> None:
    span, _ = span_of(None, NOON + timedelta(days=1))

    assert (span.parent, len(span.links)) == (None, 0)


def test_a_delivery_says_nothing_of_whom_it_is_for() -> None:
    """Spans leave the machine."""
    span, _ = span_of(TRACEPARENT, NOON)

    assert a_letter().recipient not in span.to_json()
