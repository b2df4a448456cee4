"""Traces: one for each segment, from its cut at ingest to its last result (OpenTelemetry).

`traceparent` (W3C) travels in the metadata of a segment's object and of its frames' objects, which storage
notifications repeat: so each function continues where the one before it left off. Spans are sent in the background,
over OTLP, in batches and from a bounded queue: spans that cannot be sent are dropped with a line in the log, and the
work goes on. Without an endpoint no span is made, and a parent's context is still handed on.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import copy_context
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from opentelemetry import trace
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from ..domain.settings import Common, load, setting

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
    from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

P = ParamSpec("P")
T = TypeVar("T")
CARRIED = "traceparent"
_QUEUED_SPANS, _BATCH_SPANS = 2048, 256
_BATCH_INTERVAL_SECONDS, _SEND_SECONDS = 1.0, 5.0  # between two batches; for which one is tried
_propagator = TraceContextTextMapPropagator()
_tracer: trace.Tracer = trace.NoOpTracer()
_provider: TracerProvider | None = None


@dataclass(frozen=True, slots=True)
class Telemetry:
    """The endpoint of spans, and the share of segments that is traced."""

    endpoint: str = setting(
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "address that spans and metrics are sent to, by OTLP over HTTP; without it none are made",
        "",
    )
    share: float = setting("TRACE_SHARE", "share of segments, 0 to 1, that are traced", 1.0)


def configure(service: str, exporter: SpanExporter | None = None) -> None:
    """Starts sending the spans of this process, a part of `service`; `exporter` replaces the one of the settings.

    Called once when a process starts, after it has forked.
    """
    global _tracer, _provider
    settings = load(Telemetry)
    if exporter is None and not settings.endpoint:
        return
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor
    from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased

    share = TraceIdRatioBased(settings.share)
    _provider = TracerProvider(
        # Cloud Run's own `traceparent` is seldom sampled: that is no reason to lose the segment.
        sampler=ParentBased(share, remote_parent_not_sampled=share),
        resource=Resource({"service.name": service, "gcp.project_id": load(Common).project}),
    )
    _provider.add_span_processor(
        BatchSpanProcessor(
            exporter or _deferred(f"{settings.endpoint.rstrip('/')}/v1/traces"),
            max_queue_size=_QUEUED_SPANS,
            schedule_delay_millis=_BATCH_INTERVAL_SECONDS * 1000,
            max_export_batch_size=_BATCH_SPANS,
            export_timeout_millis=_SEND_SECONDS * 1000,
        )
    )
    _tracer = _provider.get_tracer("media-analyzer")


def stop() -> None:
    """Sends the waiting spans, and makes no more."""
    global _tracer, _provider
    if _provider is not None:
        _provider.shutdown()
    _tracer, _provider = trace.NoOpTracer(), None


@contextmanager
def span(
    name: str, parent: str | None = None, *, started: int | None = None, **attributes: str | int | float
) -> Generator[None]:
    """A span around the block: a child of `parent` (a `traceparent`), else of the current span, else a root.

    `started` is when the work really began, in nanoseconds of Unix time. An exception is noted and raised on.
    """
    context: Context | None = _propagator.extract({CARRIED: parent}) if parent else None
    made = _tracer.start_span(name, context, attributes=attributes, start_time=started)
    with trace.use_span(made, end_on_exit=True):
        yield


def failed(reason: str) -> None:
    """Marks the current span as failed."""
    trace.get_current_span().set_status(trace.StatusCode.ERROR, reason)


def carried() -> dict[str, str]:
    """Metadata that an object takes along, so that its handlers continue this trace; empty outside of a trace."""
    found: dict[str, str] = {}
    _propagator.inject(found)
    return {CARRIED: found[CARRIED]} if CARRIED in found else {}


def bound(function: Callable[P, T]) -> Callable[P, T]:
    """`function`, to be called once in another thread, within the current span."""
    return partial(copy_context().run, function)


def log_fields(project: str) -> Mapping[str, Any]:
    """Fields of a log line by which Cloud Logging finds its trace; empty outside of a trace."""
    context = trace.get_current_span().get_span_context()
    if not context.is_valid:
        return {}
    return {
        "logging.googleapis.com/trace": f"projects/{project}/traces/{context.trace_id:032x}",
        "logging.googleapis.com/spanId": f"{context.span_id:016x}",
        "logging.googleapis.com/trace_sampled": context.trace_flags.sampled,
    }


def _deferred(url: str) -> SpanExporter:
    """An exporter whose libraries are loaded with the first batch, in its thread: no start waits for them."""
    from opentelemetry.sdk.trace.export import SpanExporter

    class Deferred(SpanExporter):
        made: SpanExporter | None = None

        def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
            made: SpanExporter = self.made or over_http(url)
            self.made = made
            return made.export(spans)

        def shutdown(self) -> None:
            if self.made is not None:
                self.made.shutdown()

    return Deferred()


def over_http(url: str) -> Any:
    """An exporter of OpenTelemetry to `url`: of metrics if it ends so, else of spans. Google gets its token."""
    if url.endswith("/metrics"):
        from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter as Exporter
    else:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter as Exporter
    if not url.startswith("https://telemetry.googleapis.com/"):
        return Exporter(url, timeout=_SEND_SECONDS)
    import google.auth
    from google.auth.transport.requests import AuthorizedSession

    credentials, _ = google.auth.default(scopes=["https://www.googleapis.com/auth/cloud-platform"])  # pyright: ignore
    return Exporter(url, timeout=_SEND_SECONDS, session=AuthorizedSession(credentials))
