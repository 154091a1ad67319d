"""W3C trace context, carried in NATS headers and beside the event."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.trace import SpanKind
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

TRACER = trace.get_tracer("spojka")
W3C = TraceContextTextMapPropagator()
"""The trace alone: baggage is free text of a stranger's, and goes nowhere."""


def trace_headers() -> dict[str, str]:
    """Headers that carry the current span on."""
    headers: dict[str, str] = {}
    W3C.inject(headers)
    return headers


def current_trace() -> str | None:
    """The current span as a W3C `traceparent`, or None outside of any."""
    return trace_headers().get("traceparent")


@contextmanager
def span(
    name: str, headers: Mapping[str, str] | None = None, kind: SpanKind = SpanKind.INTERNAL
) -> Generator[None, None, None]:
    """A span named for what is done (a subject, a projection), never for whom; it goes on where `headers` came from.

    Where nobody collects spans and no trace came in there is nothing to tell and nothing to pass on.
    """
    if isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider) and "traceparent" not in (headers or ()):
        yield
        return
    parent = W3C.extract(dict(headers)) if headers else None
    with TRACER.start_as_current_span(
        name, context=parent, kind=kind, record_exception=False, set_status_on_exception=False
    ):
        yield
