"""A segment's way is one trace: what ingest wrote beside it, sample and detect continue, across the objects between."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanContext
from tests.contract.functions.vision_answers import fails, logo, seen
from tests.contract.functions.world import SESSION, STARTED, World
from tests.unit.sampling.clips import segment, still

from ingest.session.publisher import Publisher
from ingest.session.storage import CloudStorage
from pipeline.cloud import tracing
from pipeline.cloud.logs import JsonFormatter
from pipeline.domain import names
from pipeline.domain.model import Segment, SegmentRef
from pipeline.domain.playlist import Playlist
from pipeline.external_segments.clock import moved


@pytest.fixture
def sent(world: World) -> Iterator[InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    tracing.configure("test", exporter)
    yield exporter
    tracing.stop()


def by_name(exporter: InMemorySpanExporter) -> dict[str, ReadableSpan]:
    tracing.stop()
    return {span.name: span for span in exporter.get_finished_spans()}


def context(span: ReadableSpan) -> SpanContext:
    found = span.get_span_context()
    assert found is not None
    return found


def publish(stream: str) -> str:
    """Stores one segment as ingest does; the object's name."""
    stored = Segment(SegmentRef(stream, SESSION, 0), 0.0, 2.0, STARTED)
    publisher = Publisher(stream, SESSION, CloudStorage(20), Playlist(12, 120.0), 2, lambda _segment: None)
    publisher.start()
    publisher.put(stored, moved(segment(still(5, 50)), 0.0))
    publisher.close(ended=False)
    return names.segment_object(stored.ref)


def test_from_the_cut_to_the_result_it_is_one_trace(world: World, sent: InMemorySpanExporter) -> None:
    stream = world.stream("traced")
    world.vision.says(seen(logo()))
    name = publish(stream)
    assert world.deliver("sample", world.announce(name)) == 200
    [frame] = world.stored(f"frames/{stream}/")
    assert world.deliver("detect", world.announce(frame)) == 200
    spans = by_name(sent)
    parents = {
        "store segment": "segment",
        "sample": "segment",
        "read segment": "sample",
        "decode and gate": "sample",
        "store frame": "decode and gate",
        "write frame": "decode and gate",
        "detect": "store frame",
        "look": "detect",
        "write results": "detect",
    }
    ids = {context(span).span_id: name for name, span in spans.items()}
    found = {name: ids[parent.span_id] for name in parents if (parent := spans[name].parent) is not None}
    assert found == parents
    assert len({context(span).trace_id for span in spans.values()}) == 1
    assert spans["segment"].parent is None
    assert spans["look"].attributes == {"provider": "vision", "kinds": "logo,text"}


def test_an_event_without_a_trace_begins_one(world: World, sent: InMemorySpanExporter) -> None:
    stream = world.stream("untraced")
    assert world.deliver("sample", world.put_segment(stream, 0, segment(still(5, 50)))) == 200
    assert by_name(sent)["sample"].parent is None


def test_a_refusal_is_seen_in_the_trace_and_its_log_line_names_it(
    world: World, sent: InMemorySpanExporter, caplog: pytest.LogCaptureFixture
) -> None:
    stream = world.stream("refused-traced")
    world.vision.says(seen())
    assert world.deliver("sample", world.announce(publish(stream))) == 200
    [frame] = world.stored(f"frames/{stream}/")
    world.vision.says(fails(14, "not now"))
    lines: list[str] = []
    writer = logging.Handler()
    writer.emit = lambda record: lines.append(JsonFormatter().format(record))
    logger = logging.getLogger("pipeline.cloud.edge")
    logger.addHandler(writer)
    try:
        assert world.deliver("detect", world.announce(frame)) == 503
    finally:
        logger.removeHandler(writer)
    spans = by_name(sent)
    trace = f"{context(spans['segment']).trace_id:032x}"
    assert f"projects/test-project/traces/{trace}" in lines[-1]
    assert not spans["look"].status.is_ok
    assert "not now" in str(spans["detect"].status.description)
