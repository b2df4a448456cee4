"""The console takes spans as Cloud Trace does, keeps a bounded number, and shows a segment's way."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span
from tests.servers import free_port
from tests.wait import until

from emulator.errors import CallFailed
from emulator.paths import StackPaths
from emulator.rest import fetch
from emulator.stack.console import Console
from emulator.stack.console.traces import Traces
from emulator.stack.state import State, StateFile
from pipeline.cloud import metrics, tracing


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    paths, port = StackPaths("unit", tmp_path), free_port()
    console = Console(port, paths, StateFile(paths.state, State("unit", 1)), lambda name: [])
    console.start()
    yield f"127.0.0.1:{port}"
    console.stop()


def batch(trace: int, *names: str) -> bytes:
    spans = [
        Span(trace_id=trace.to_bytes(16, "big"), span_id=n.to_bytes(8, "big"), name=name, start_time_unix_nano=n)
        for n, name in enumerate(names, 1)
    ]
    request = ExportTraceServiceRequest(resource_spans=[ResourceSpans(scope_spans=[ScopeSpans(spans=spans)])])
    return request.SerializeToString()


def test_what_the_workloads_send_is_shown_as_one_way(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "GOOGLE_CLOUD_PROJECT": "p",
        "MEDIA_BUCKET": "b",
        "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://{address}",
    }.items():
        monkeypatch.setenv(name, value)
    tracing.configure("ingest")
    with tracing.span("segment", object="segments/s/1.ts"):
        carried = tracing.carried()["traceparent"]
    tracing.stop()
    tracing.configure("sample")
    with pytest.raises(ValueError, match="no frame"), tracing.span("sample", carried):
        raise ValueError("no frame")
    tracing.stop()
    [shown] = until(lambda: json.loads(fetch("GET", address, "/traces")), 10)
    assert (shown["about"], shown["services"], shown["failed"]) == ("segments/s/1.ts", ["ingest", "sample"], True)
    first, second = json.loads(fetch("GET", address, f"/traces/{shown['id']}"))
    assert (first["name"], second["name"], second["parent"]) == ("segment", "sample", first["id"])
    assert second["error"] == "ValueError: no frame"


def test_what_the_workloads_measure_is_shown_summed_over_their_instances(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "GOOGLE_CLOUD_PROJECT": "p",
        "MEDIA_BUCKET": "b",
        "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://{address}",
    }.items():
        monkeypatch.setenv(name, value)
    for _instance in range(2):
        metrics.configure("detect")
        metrics.count("provider_calls", provider="vision", outcome="ok")
        metrics.measure("provider_seconds", 0.5, provider="vision")
        metrics.stop()
    shown = json.loads(fetch("GET", address, "/metrics"))
    calls = {"service": "detect", "name": "provider_calls", "labels": "outcome=ok, provider=vision"}
    assert shown == [
        {**calls, "count": 2.0, "mean": None},
        {**calls, "name": "provider_seconds", "labels": "provider=vision", "count": 2.0, "mean": 0.5},
    ]


def test_memory_is_bounded_by_traces_and_by_spans() -> None:
    traces = Traces()
    for trace in range(1, 300):
        traces.take(batch(trace, "one"))
    assert len(traces.newest()) == 200
    assert traces.newest()[0]["id"].endswith(f"{299:x}")
    traces.take(batch(299, *(["more"] * 1000)))
    assert traces.newest()[0]["spans"] == 400


def test_what_is_no_batch_is_refused(address: str) -> None:
    with pytest.raises(CallFailed, match="400"):
        fetch("POST", address, "/v1/traces", b"\xff\xff")
    with pytest.raises(CallFailed, match="404"):
        fetch("POST", address, "/v1/other", b"")
