"""Reads and writes of documents that the report of costs counts are those that are really made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from google.cloud.firestore_v1.services.firestore.client import FirestoreClient
from google.cloud.vision_v1.types import AnnotateImageResponse
from tests.contract.functions.followed import looked_at, results
from tests.contract.functions.world import SESSION, World
from tests.unit.sampling.clips import segment, still

from ingest.session.recorder import Recorder
from pipeline.documents import analysis_config, streams
from pipeline.documents.spoken import transcripts
from pipeline.domain import names
from pipeline.domain.model import Kind, Segment, SegmentRef, Transcript
from pipeline.maintenance import announced, imports, quotas, sessions, silence
from pipeline.reports import cost


@dataclass
class Billed:
    """Documents read, those that do not exist too, and written since `during` began."""

    reads: int = 0
    writes: int = 0

    def during(self, action: Callable[[], object]) -> tuple[int, int]:
        """Reads and writes that `action` causes."""
        self.reads = self.writes = 0
        action()
        return self.reads, self.writes


@pytest.fixture
def billed(monkeypatch: pytest.MonkeyPatch) -> Iterator[Billed]:
    found = Billed()
    commit, get = FirestoreClient.commit, FirestoreClient.batch_get_documents
    query = FirestoreClient.run_query

    def counted_commit(self: Any, request: Any = None, **options: Any) -> Any:
        found.writes += len(request["writes"])
        return commit(self, request, **options)

    def counted_get(self: Any, request: Any = None, **options: Any) -> Any:
        found.reads += len(request["documents"])
        return get(self, request, **options)

    def counted_query(self: Any, request: Any = None, **options: Any) -> Any:
        for answer in query(self, request, **options):
            found.reads += bool(answer.document)
            yield answer

    monkeypatch.setattr(FirestoreClient, "commit", counted_commit)
    monkeypatch.setattr(FirestoreClient, "batch_get_documents", counted_get)
    monkeypatch.setattr(FirestoreClient, "run_query", counted_query)
    yield found


def test_a_segment_of_a_running_session_and_its_frame(world: World, billed: Billed) -> None:
    stream = world.stream("counted", kinds=(Kind.TEXT, Kind.OBJECT))
    world.vision.says(AnnotateImageResponse)
    pushes = [world.put_segment(stream, sequence, segment(still(sequence, 50))) for sequence in range(6)]
    for push in pushes[:5]:
        assert world.deliver("sample", push) == 200
    [name] = [one for one in world.stored(f"{names.FRAMES}{stream}/") if one.endswith("/0000000000.jpg")]
    frame = world.announce(name)
    world.deliver("detect", frame)  # tells that the provider is well, which it then does not for a while

    analysis_config.refresh()
    before = len(world.stored(f"{names.FRAMES}{stream}/"))
    read, written = billed.during(lambda: world.deliver("sample", pushes[5]))
    sent = len(world.stored(f"{names.FRAMES}{stream}/")) - before
    assert read == cost.SAMPLE_READS + cost.SETTINGS_READS
    assert written == cost.SAMPLE_WRITES + sent * cost.FRAME_WRITES

    analysis_config.refresh()
    assert billed.during(lambda: world.deliver("transcribe", pushes[5])) == (cost.SETTINGS_READS, 0)

    analysis_config.refresh()
    other = next(one for one in sorted(world.stored(f"{names.FRAMES}{stream}/")) if one != name)
    unseen = world.announce(other)
    read, written = billed.during(lambda: world.deliver("detect", unseen))
    assert read == cost.FRAME_READS + cost.SETTINGS_READS
    assert written == cost.PROVIDER_WRITES + 2 * cost.KIND_WRITES


def test_a_frame_costs_what_reports_reckon(world: World, billed: Billed) -> None:
    stream = world.stream("counted-tracks", kinds=(Kind.LOGO,), sampling={"follow_interval": 1.2})
    frames = looked_at(world, stream)
    push = results(world, stream, frames[-1])

    read, written = billed.during(lambda: world.deliver("track", push))

    assert written == cost.TRACK_WRITES + cost.TRACK_KIND_WRITES
    assert 0 < read <= cost.TRACK_READS


def test_a_segment_that_ingest_has_listed(world: World, billed: Billed) -> None:
    stream = world.stream("counted-ingest")
    recorder = Recorder(stream, SESSION, streams.record, lambda: None)

    def listed() -> None:
        recorder.start()
        recorder.note({"last_segment_at": datetime.now(UTC)}, {"segments": 1, "media_seconds": 2.0})
        recorder.close()

    assert billed.during(listed) == (0, cost.INGEST_WRITES)


def test_a_segment_that_is_transcribed(world: World, billed: Billed) -> None:
    ref = SegmentRef(world.stream("counted-speech"), SESSION, 0)

    def transcribed() -> None:
        assert not transcripts.done(ref)
        transcripts.write(Transcript(Segment(ref, 0.0, 2.0, datetime.now(UTC)), 0.0))

    assert billed.during(transcribed) == (cost.SPEECH_READS, cost.SPEECH_WRITES)


def test_housekeeping_while_nobody_streams(world: World, billed: Billed, monkeypatch: pytest.MonkeyPatch) -> None:
    """docs/costs.md counts a read for each query that finds nothing, once a minute."""
    asked = list[Any]()

    def finds_nothing(_: Any, request: Any = None, **__: Any) -> Iterator[Any]:
        asked.append(request)
        return iter(())

    monkeypatch.setattr(FirestoreClient, "run_query", finds_nothing)
    for duty in (sessions.sweep, announced.sweep, imports.sweep, silence.sweep, quotas.sweep):
        assert duty(datetime.now(UTC)) == 0
    assert (len(asked), billed.reads, billed.writes) == (5, 0, 0)
