"""Spans: who is whose part, what objects take along, what a log line names; and that none can fail the work."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanContext

from pipeline.cloud import tracing
from pipeline.cloud.logs import JsonFormatter

PARENT = "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01"
UNSAMPLED = PARENT[:-2] + "00"


@pytest.fixture
def project(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GOOGLE_CLOUD_PROJECT", "MEDIA_BUCKET"):
        monkeypatch.setenv(name, "acme-video")
    monkeypatch.delenv("OTEL_EXPORTER_OTLP_ENDPOINT", raising=False)
    monkeypatch.delenv("TRACE_SHARE", raising=False)


@pytest.fixture
def sent(project: None) -> Iterator[InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    tracing.configure("unit", exporter)
    yield exporter
    tracing.stop()


def finished(sent: InMemorySpanExporter) -> dict[str, ReadableSpan]:
    tracing.stop()
    return {span.name: span for span in sent.get_finished_spans()}


def context(span: ReadableSpan) -> SpanContext:
    found = span.get_span_context()
    assert found is not None
    return found


def test_a_span_is_part_of_the_one_around_it_also_in_another_thread(sent: InMemorySpanExporter) -> None:
    def work() -> None:
        with tracing.span("inner"):
            pass

    with tracing.span("outer"), ThreadPoolExecutor(1) as pool:
        pool.submit(tracing.bound(work)).result()
    spans = finished(sent)
    assert spans["inner"].parent == context(spans["outer"])
    assert spans["outer"].parent is None


def test_an_object_takes_its_writer_s_span_along(sent: InMemorySpanExporter) -> None:
    assert tracing.carried() == {}
    with tracing.span("writer"):
        metadata = tracing.carried()
    with tracing.span("reader", metadata["traceparent"]):
        pass
    spans = finished(sent)
    assert spans["reader"].parent is not None
    assert spans["reader"].parent.span_id == context(spans["writer"]).span_id
    assert context(spans["reader"]).trace_id == context(spans["writer"]).trace_id


@pytest.mark.parametrize("parent", [PARENT, UNSAMPLED])
def test_the_caller_s_trace_is_continued_whether_it_was_sampled_or_not(sent: InMemorySpanExporter, parent: str) -> None:
    with tracing.span("segment", parent):
        pass
    assert f"{context(finished(sent)['segment']).trace_id:032x}" == PARENT.split("-")[1]


@pytest.mark.parametrize("parent", ["", "nonsense", "00-" + "0" * 32 + "-" + "0" * 16 + "-01"])
def test_a_parent_that_is_none_begins_a_trace(sent: InMemorySpanExporter, parent: str) -> None:
    with tracing.span("segment", parent):
        pass
    assert finished(sent)["segment"].parent is None


def test_of_segments_only_the_share_is_sent(project: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACE_SHARE", "0")
    exporter = InMemorySpanExporter()
    tracing.configure("unit", exporter)
    with tracing.span("segment"):
        flags = int(tracing.carried()["traceparent"].rpartition("-")[2], 16)
        assert not flags & 1, "those that follow know that it is not sent"
    assert finished(exporter) == {}


def test_without_an_address_nothing_is_made_and_a_parent_is_handed_on(project: None) -> None:
    tracing.configure("unit")
    with tracing.span("segment"):
        assert tracing.carried() == {}
    with tracing.span("segment", PARENT):
        assert tracing.carried() == {"traceparent": PARENT}


def test_what_is_raised_is_noted_and_goes_on(sent: InMemorySpanExporter) -> None:
    with pytest.raises(ValueError, match="why"), tracing.span("segment"):
        raise ValueError("why")
    assert finished(sent)["segment"].status.description == "ValueError: why"


def test_a_log_line_names_its_trace(sent: InMemorySpanExporter) -> None:
    record = logging.makeLogRecord({"msg": "here"})
    with tracing.span("segment", PARENT):
        line = json.loads(JsonFormatter().format(record))
    assert line["logging.googleapis.com/trace"] == f"projects/acme-video/traces/{PARENT.split('-')[1]}"
    assert len(line["logging.googleapis.com/spanId"]) == 16
    assert "logging.googleapis.com/trace" not in json.loads(JsonFormatter().format(record))


class Stuck(SpanExporter):
    """Takes one batch and does not come back until it is let go."""

    def __init__(self) -> None:
        self.free = threading.Event()
        self.taken = 0

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        self.free.wait(30)
        self.taken += len(spans)
        return SpanExportResult.FAILURE


def test_work_goes_on_while_spans_cannot_be_sent(project: None) -> None:
    stuck = Stuck()
    tracing.configure("unit", stuck)
    for _ in range(5000):  # more than the queue holds: what does not fit is dropped
        with tracing.span("segment"):
            pass
    stuck.free.set()
    tracing.stop()
    assert 0 < stuck.taken < 5000


def test_what_sends_is_loaded_with_the_first_batch_not_at_the_start() -> None:
    code = (
        "import os, sys; os.environ.update(GOOGLE_CLOUD_PROJECT='p', MEDIA_BUCKET='b',"
        "OTEL_EXPORTER_OTLP_ENDPOINT='http://127.0.0.1:9');"
        "from pipeline.cloud import tracing; tracing.configure('unit');"
        "print([m for m in sys.modules if m.startswith(('opentelemetry.exporter', 'opentelemetry.proto', 'requests'))])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert done.stdout.strip() == "[]", done.stderr
