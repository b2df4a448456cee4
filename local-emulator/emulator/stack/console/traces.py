"""Traces of segments: taken over OTLP, as Cloud Trace takes them, and shown as a waterfall."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

_MAX_TRACES, _MAX_SPANS = 200, 400  # kept, and of each
MAX_BATCH_BYTES = 4 << 20  # bytes of one batch


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a trace. Times in ms of Unix time; `parent` is empty for the first one."""

    service: str
    name: str
    id: str
    parent: str
    start: float
    end: float
    error: str
    attributes: Mapping[str, str]


class Traces:
    """The newest traces, in memory that is bounded. Used by several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._traces: OrderedDict[str, list[Span]] = OrderedDict()

    def take(self, body: bytes) -> None:
        """Adds an ExportTraceServiceRequest. Raises ValueError for other bytes."""
        from google.protobuf.message import DecodeError
        from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

        try:
            request = ExportTraceServiceRequest.FromString(body)
        except DecodeError as error:
            raise ValueError(f"invalid body: expected an ExportTraceServiceRequest: {error}") from None
        for resource in request.resource_spans:
            service = attributes(resource.resource.attributes).get("service.name", "")
            for scope in resource.scope_spans:
                for span in scope.spans:
                    self._add(span.trace_id.hex(), _span(service, span))

    def newest(self) -> list[dict[str, Any]]:
        """A summary of each trace, the newest first: id, object, start and duration."""
        with self._lock:
            kept = [(id, list(spans)) for id, spans in reversed(self._traces.items())]
        return [_summary(id, spans) for id, spans in kept]

    def spans(self, trace: str) -> list[dict[str, Any]]:
        """The spans of a trace in the order of their start; empty for a trace that is not known, or no longer."""
        with self._lock:
            found = list(self._traces.get(trace, ()))
        return [asdict(span) for span in sorted(found, key=lambda span: (span.start, -span.end))]

    def _add(self, trace: str, span: Span) -> None:
        with self._lock:
            spans = self._traces.setdefault(trace, [])
            if len(spans) < _MAX_SPANS:
                spans.append(span)
            while len(self._traces) > _MAX_TRACES:
                self._traces.popitem(last=False)


def _span(service: str, span: Any) -> Span:
    failed = span.status.message or "failed" if span.status.code == 2 else ""
    start, end = span.start_time_unix_nano / 1e6, span.end_time_unix_nano / 1e6
    said = attributes(span.attributes)
    return Span(service, span.name, span.span_id.hex(), span.parent_span_id.hex(), start, end, failed, said)


def attributes(pairs: Any) -> dict[str, str]:
    """OTLP's key-value pairs, each value as text."""
    return {pair.key: str(getattr(pair.value, pair.value.WhichOneof("value") or "string_value")) for pair in pairs}


def _summary(id: str, spans: list[Span]) -> dict[str, Any]:
    spans = sorted(spans, key=lambda span: span.start)  # they come as they end, and from several workloads
    first = spans[0]
    about = next((span.attributes["object"] for span in spans if span.attributes.get("object")), "")
    return {
        "id": id,
        "about": about,
        "start": first.start,
        "ms": round(max(span.end for span in spans) - first.start, 1),
        "spans": len(spans),
        "services": sorted({span.service for span in spans}),
        "failed": any(span.error for span in spans),
    }
