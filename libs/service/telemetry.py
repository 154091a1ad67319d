"""Traces, metrics and structured logs. None of them ever holds content: only kinds, codes, positions, times."""

import json
import logging
import sys
from datetime import UTC, datetime

from opentelemetry import metrics, trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from libs.service.settings import Settings

ALLOWED = (
    "service", "organisation", "follower", "source", "reaction", "position", "code", "error", "subject",
    "stream", "partner", "number", "reason", "count", "seconds", "state",
)  # fmt: skip
"""The only extra fields a log line may carry; a record's other attributes are dropped."""


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, logger, message, allowed fields, and a traceback without messages."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.msg if not record.args else "(suppressed: it had arguments)",
        }
        line |= {name: getattr(record, name) for name in ALLOWED if name in record.__dict__}
        if record.exc_info and record.exc_info[2] is not None:
            line["trace"] = _frames(record.exc_info[2])
        return json.dumps(line, default=str, ensure_ascii=False)


def start_telemetry(service: str, settings: Settings) -> None:
    """Structured logs to stderr always; traces and metrics where a collector is named."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for noisy in ("httpx", "uvicorn.access", "nats"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    if not settings.telemetry.otlp:
        return
    from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    resource = Resource.create({"service.name": service, "service.namespace": settings.organisation.code})
    tracer = TracerProvider(resource=resource)
    tracer.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(f"{settings.telemetry.otlp}/v1/traces")))
    trace.set_tracer_provider(tracer)
    reader = PeriodicExportingMetricReader(OTLPMetricExporter(f"{settings.telemetry.otlp}/v1/metrics"))
    metrics.set_meter_provider(MeterProvider(resource=resource, metric_readers=[reader]))


def _frames(traceback: object) -> list[str]:
    frames: list[str] = []
    while traceback is not None:
        code = traceback.tb_frame.f_code  # type: ignore[attr-defined]
        frames.append(f"{code.co_filename}:{traceback.tb_lineno} {code.co_name}")  # type: ignore[attr-defined]
        traceback = traceback.tb_next  # type: ignore[attr-defined]
    return frames
