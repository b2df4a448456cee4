"""Documents go with the media that they are about: each says when."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.contract.functions.world import SESSION, STARTED, World, start_session

from pipeline.documents import frames, imports, leases, retention, streams
from pipeline.documents.spoken import transcripts
from pipeline.domain import names
from pipeline.domain.model import (
    Analysis,
    FrameRef,
    ImportState,
    Kind,
    Reason,
    SampledFrame,
    SampledSegment,
    Segment,
    SegmentRef,
    StreamState,
    Transcript,
    Visual,
)
from pipeline.maintenance import announced

ROOT = Path(__file__).parents[4]


@pytest.fixture(autouse=True)
def days(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name, value in (("SEGMENT_DAYS", "3"), ("FRAME_DAYS", "5"), ("UPLOAD_DAYS", "2")):
        monkeypatch.setenv(name, value)
    retention.retention.cache_clear()
    yield
    retention.retention.cache_clear()


def expires(world: World, path: str) -> timedelta:
    """In how long a document does, counted from about now."""
    at = (world.db.document(path).get().to_dict() or {})["expires"]
    return timedelta(days=round((at - datetime.now(UTC)) / timedelta(days=1), 2))


def test_what_came_of_a_session_stays_as_long_as_the_last_of_its_media(world: World) -> None:
    stream = world.stream("kept")
    ref, frame = SegmentRef(stream, SESSION, 0), FrameRef(stream, SESSION, 0)
    segment = Segment(ref, 0.0, 2.0, STARTED)
    streams.record(stream, SESSION, {"state": "live"}, {"segments": 1})
    visual = Visual(0.5, 0.5, 0.5)
    about = (STARTED, STARTED, Reason.FIRST, 640, 360, visual, 0.0, names.frame_object(frame))
    frames.write_frame(SampledFrame(frame, 0.0, 0, *about))
    frames.write_segment(SampledSegment(segment, STARTED, 10, (0,), None, 0.0), {})
    transcripts.write(Transcript(segment, 0.0))
    paths = [names.session_path(stream, SESSION), names.frame_path(frame), names.segment_path(ref)]
    paths += [names.transcript_path(ref), names.minute_path(stream, SESSION, 0, "segments")]
    assert [expires(world, path) for path in paths] == [timedelta(days=5)] * 5

    first = FrameRef(stream, SESSION, 2000)  # `detect` may write before `sample` does
    frames.write_analyses(first, [Kind.LOGO], [Analysis(Kind.LOGO, "vision", "m", 40)])
    for path in (names.frame_path(first), names.minute_path(stream, SESSION, 0, "logo")):
        assert expires(world, path) == timedelta(days=5)


def test_a_session_is_kept_by_each_of_its_writes(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = world.stream("kept-on")
    path = names.session_path(stream, SESSION)
    old = {"expires": datetime.now(UTC)}

    def forgotten() -> None:
        world.db.document(path).set(old, merge=True)

    start_session(stream, SESSION, STARTED)
    assert expires(world, path) == timedelta(days=5)
    forgotten()
    streams.update_session(stream, SESSION, ended=STARTED)
    assert expires(world, path) == timedelta(days=5)
    forgotten()
    lease = leases.acquire(stream, "a test", clock=lambda: datetime.now(UTC) - timedelta(minutes=5))
    [left] = [one for one in leases.lapsed(datetime.now(UTC)) if one.stream == stream]
    leases.record(left, SESSION, {"ended": STARTED}, {}, (StreamState.LIVE,))
    assert expires(world, path) == timedelta(days=5)
    lease.release()
    forgotten()
    said = {"state": "live", "source": "events", "session": SESSION, "last_segment_at": STARTED}
    streams.record(stream, SESSION, said, {})
    assert expires(world, path) == timedelta(0)
    monkeypatch.setattr(announced.stored, "close", lambda *_: {"ended": STARTED})
    announced.sweep(datetime.now(UTC))
    assert expires(world, path) == timedelta(days=5)


def test_an_import_is_kept_as_long_as_its_file_from_its_last_word_on(world: World) -> None:
    stream = world.stream("kept-file")
    begun = imports.begin(stream, f"uploads/{stream}/a.mp4", 1_772_000_000_000_000, 10)
    path = names.import_path(stream, begun.session)
    assert expires(world, path) == timedelta(days=2)
    for change in (
        lambda: imports.claim(stream, begun.session, "runner"),
        lambda: imports.change(stream, begun.session, state=ImportState.DONE.value),
    ):
        world.db.document(path).update({"expires": datetime.now(UTC)})
        change()
        assert expires(world, path) == timedelta(days=2)


def test_every_collection_of_them_is_declared_to_expire() -> None:
    declared = json.loads((ROOT / "infra" / "firestore.indexes.json").read_text())["fieldOverrides"]
    expiring = {one["collectionGroup"] for one in declared if one["fieldPath"] == "expires" and one.get("ttl")}
    media = {"sessions", "segments", "frames", "minutes", "transcripts", "imports"}
    acting = {"alerts", "clips", "deliveries"}
    assert expiring == media | acting | {"audit", "dead_letters", "transcriptions", "upload_grants"}
