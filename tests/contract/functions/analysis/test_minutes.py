"""What viewers are told without a key: minutes for the timeline, and what frames are found by over all streams."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from google.cloud.firestore import FieldFilter, WriteBatch
from tests.contract.functions.world import SESSION, STARTED, World

from pipeline.documents import frames
from pipeline.domain import names
from pipeline.domain.errors import Code, Failure
from pipeline.domain.model import Analysis, Box, Detection, FrameRef, Kind, SampledSegment, Segment, SegmentRef
from pipeline.maintenance.removal import delete_documents

PLACE = Box(0.1, 0.1, 0.2, 0.1)


def logo(label: str, confidence: float = 0.9) -> Detection:
    return Detection(label, confidence, Kind.LOGO, PLACE)


def see(ref: FrameRef, *detections: Detection, kind: Kind = Kind.LOGO, error: str | None = None) -> None:
    failure = Failure(Code.QUOTA_EXCEEDED, error) if error else None
    frames.write_analyses(ref, [kind], [Analysis(kind, "vision", "m", 40, detections, failure)])


def segment(stream: str, sequence: int, chosen: tuple[int, ...], same_as: int | None = None) -> SampledSegment:
    start = STARTED + timedelta(seconds=2 * sequence)
    return SampledSegment(
        Segment(SegmentRef(stream, SESSION, sequence), 2.0 * sequence, 2.0, start), start, 10, chosen, same_as, 0.0
    )


def minutes(world: World, stream: str) -> dict[str, dict[str, Any]]:
    found = world.db.collection(f"{names.session_path(stream, SESSION)}/minutes").stream()
    return {snapshot.id: _without_expiry(snapshot.to_dict() or {}) for snapshot in found}


def _without_expiry(fields: dict[str, Any]) -> dict[str, Any]:
    assert fields.pop("expires")
    return fields


def test_each_kind_has_its_looks_by_minute(world: World) -> None:
    stream = world.stream("by-minute")
    for media_ms in (0, 59_999, 60_000):
        see(world.frame(stream, media_ms), logo("Velox"))
    see(world.frame(stream, 0), Detection("FINAL LAP", 0.8, Kind.TEXT), kind=Kind.TEXT)
    found = minutes(world, stream)
    assert found.keys() == {"000000-logo", "000000-text", "000001-logo"}
    seen = [{"label": "Velox", "confidence": 0.9}]
    assert found["000000-logo"] == {
        "minute": 0,
        "kind": "logo",
        "looks": {"0000000000": seen, "0000059999": seen},
    }
    assert found["000001-logo"]["minute"] == 1


def test_a_later_analysis_takes_the_place_of_the_earlier_and_twice_is_once(world: World) -> None:
    stream = world.stream("again")
    ref = world.frame(stream, 4000)
    see(ref, error="quota")
    assert minutes(world, stream)["000000-logo"]["looks"] == {"0000004000": None}
    see(ref, logo("Velox"), logo("Nordal"))
    see(ref, logo("Nordal"))
    once = minutes(world, stream)
    see(ref, logo("Nordal"))
    assert minutes(world, stream) == once
    assert once["000000-logo"]["looks"] == {"0000004000": [{"label": "Nordal", "confidence": 0.9}]}


def test_an_imported_minute_is_dealt_out_so_that_no_document_gets_more_than_ten_writes(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = world.stream("imported")
    session = names.import_session("uploads/imported/a.mp4", 1_772_000_000_000_000)
    written = Counter[str]()
    commit = WriteBatch.commit

    def counted(batch: WriteBatch, *args: Any, **options: Any) -> Any:
        found = [write.update.name for write in batch._write_pbs if "/minutes/" in write.update.name]
        written.update(name.rpartition("/")[2] for name in found)
        return commit(batch, *args, **options)

    monkeypatch.setattr(WriteBatch, "commit", counted)
    for sequence in range(30):
        start = STARTED + timedelta(seconds=2 * sequence)
        ref = SegmentRef(stream, session, sequence)
        sampled = Segment(ref, 2.0 * sequence, 2.0, start)
        frames.write_segment(SampledSegment(sampled, start, 10, (2000 * sequence,), None, 0.0), {})
    for second in range(60):
        see(FrameRef(stream, session, 1000 * second), logo("Velox"))

    assert len(written) == 14
    assert max(written.values()) <= 10
    found = [one.to_dict() or {} for one in world.db.collection(f"{names.session_path(stream, session)}/minutes").get()]
    assert {one["minute"] for one in found} == {0}
    assert len({name for one in found for name in one.get("segments", {})}) == 30
    assert len({name for one in found if one.get("kind") == "logo" for name in one["looks"]}) == 60


def test_a_look_names_each_label_once_and_only_the_surest(world: World) -> None:
    stream = world.stream("crowded")
    crowd = [logo(f"brand {n}", 0.5 + n / 100) for n in range(30)]
    see(world.frame(stream, 0), logo("Velox", 0.6), logo("Velox", 0.95), logo("x" * 500, 0.94), *crowd)
    seen = minutes(world, stream)["000000-logo"]["looks"]["0000000000"]
    assert len(seen) == 8
    assert seen[:2] == [{"label": "Velox", "confidence": 0.95}, {"label": "x" * 80, "confidence": 0.94}]


def test_a_minute_knows_the_segments_that_speak(world: World) -> None:
    stream = world.stream("segments")
    frames.write_segment(segment(stream, 0, (0,)), {})
    frames.write_segment(segment(stream, 1, (), same_as=0), {})
    frames.write_segment(segment(stream, 2, ()), {})
    frames.write_segment(segment(stream, 30, (60_000,)), {})
    found = minutes(world, stream)
    assert found["000000-segments"] == {"minute": 0, "segments": {"00000000": [0, 2000], "00000001": [2000, 4000]}}
    assert found["000001-segments"]["segments"] == {"00000030": [60_000, 62_000]}


def test_a_segment_that_is_done_is_not_written_again(world: World) -> None:
    stream = world.stream("done-once")
    frames.write_segment(segment(stream, 0, (0,)), {})
    frames.write_segment(segment(stream, 0, (), same_as=0), {})
    document = world.segment(stream, 0)
    assert document
    assert document["frames"] == [0]


def shown(stream: str, when: int) -> dict[str, Any]:
    return {"program_date_time": STARTED + timedelta(seconds=when), "media_time": float(when)}


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        (":", [("here", 3), ("there", 2), ("here", 1)]),
        (":velox", [("there", 2), ("here", 1)]),
        ("text:", [("here", 3)]),
        ("logo:velox", [("there", 2), ("here", 1)]),
        ("text:velox", []),
        (":absent", []),
    ],
)
def test_frames_of_all_streams_are_found_by_what_was_seen_newest_first(
    world: World, tag: str, expected: list[tuple[str, int]]
) -> None:
    streams = {name: f"found-{name}-{abs(hash(tag))}" for name in ("here", "there")}
    for stream in streams.values():
        world.stream(stream)
    seen: dict[tuple[str, int], tuple[Kind, list[Detection]]] = {
        ("here", 1): (Kind.LOGO, [logo("Velox")]),
        ("there", 2): (Kind.LOGO, [logo("VELOX"), logo("Nordal")]),
        ("here", 3): (Kind.TEXT, [Detection("FINAL LAP", 0.8, Kind.TEXT)]),
        ("here", 4): (Kind.LOGO, []),
    }
    for (name, when), (kind, detections) in seen.items():
        ref = world.frame(streams[name], when * 1000)
        world.db.document(names.frame_path(ref)).set(shown(streams[name], when))
        see(ref, *detections, kind=kind)
    query = world.db.collection_group("frames").where(filter=FieldFilter("seen", "array_contains", tag))
    found = [
        snapshot.to_dict() or {} for snapshot in query.order_by("program_date_time", direction="DESCENDING").stream()
    ]
    ours = [(one["stream"], one["media_time"]) for one in found if one["stream"] in streams.values()]
    assert ours == [(streams[name], float(when)) for name, when in expected]
    for stream in streams.values():
        delete_documents(stream, lambda: True)


def test_what_a_frame_is_found_by_keeps_what_other_kinds_saw(world: World) -> None:
    stream = world.stream("found-by-both")
    ref = world.frame(stream, 0)
    see(ref, logo("Velox"))
    see(ref, Detection("GO", 0.8, Kind.TEXT), kind=Kind.TEXT)
    see(ref, error="quota")
    assert world.frames(stream)[0]["seen"] == [":", ":velox", "logo:", "logo:velox", ":go", "text:", "text:go"]


def test_minutes_go_with_their_stream(world: World) -> None:
    stream = world.stream("gone")
    see(world.frame(stream, 0), logo("Velox"))
    assert delete_documents(stream, lambda: True)
    assert minutes(world, stream) == {}
