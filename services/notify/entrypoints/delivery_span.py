"""The span of a letter's delivery, so that one trace shows a request from its form to its mails.

Hours later that trace is over, and whoever collects spans may have let go of it: then the delivery has a trace of its
own, with a link to the first.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final

from opentelemetry import propagate, trace
from opentelemetry.context import Context
from opentelemetry.trace import Link, SpanKind, Tracer

from services.notify.domain.letter import Letter

SAME_TRACE_FOR: Final = timedelta(minutes=15)


@contextmanager
def delivery_span(tracer: Tracer, letter: Letter, now: datetime) -> Iterator[None]:
    """What happens in the block is a part of the trace in which *letter* was written."""
    written_in = propagate.extract({"traceparent": letter.traceparent} if letter.traceparent else {}, Context())
    first = trace.get_current_span(written_in).get_span_context()
    links = []
    if first.is_valid and now - letter.created_at > SAME_TRACE_FOR:
        written_in, links = Context(), [Link(first)]
    with tracer.start_as_current_span("letter deliver", written_in, SpanKind.CLIENT, links=links):
        yield
