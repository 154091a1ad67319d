"""Spans where nobody collects them."""

import pytest
from opentelemetry import trace

from libs.messaging.trace import TRACER, current_trace, span

CAME_IN = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture(autouse=True)
def nobody_collects(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trace, "get_tracer_provider", trace.ProxyTracerProvider)


def test_a_trace_that_came_in_goes_on() -> None:
    with span("command", {"traceparent": CAME_IN}):
        assert (current_trace() or "")[:35] == CAME_IN[:35]


def test_without_one_no_span_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, **__: object) -> None:
        pytest.fail("a span was made")

    monkeypatch.setattr(type(TRACER), "start_as_current_span", never)
    with span("command", {"position": "1"}):
        assert current_trace() is None
