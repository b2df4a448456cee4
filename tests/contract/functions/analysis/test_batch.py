"""What waits for live streams goes the same way, and takes what they leave."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from google.cloud.vision_v1.types import AnnotateImageResponse
from tests.contract.functions.clip_double import ClipDouble, clip_double
from tests.contract.functions.pictures import METADATA
from tests.contract.functions.vision_answers import fails, logo, seen
from tests.contract.functions.world import SESSION, STARTED, World
from tests.unit.sampling.clips import segment as pictures
from tests.unit.sampling.clips import still

from pipeline.cloud.objects import segment_metadata
from pipeline.detection.pace import pace
from pipeline.detection.settings import detection
from pipeline.documents import brands
from pipeline.documents.quota import use
from pipeline.domain import names
from pipeline.domain.model import Brand, FrameRef, Kind, Segment, SegmentRef

IMPORTED = names.import_session("uploads/batch/x/film.mp4", round(STARTED.timestamp() * 1e6))


@pytest.fixture
def behind(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """This process is the function `batch`."""
    monkeypatch.setenv("BATCH_INSTANCES", "1")
    pace.cache_clear()
    yield monkeypatch
    pace.cache_clear()


def put(world: World, stream: str, session: str = IMPORTED, media_ms: int = 0) -> dict[str, Any]:
    """The push that announces a frame."""
    return world.put(names.frame_object(FrameRef(stream, session, media_ms)), b"jpeg", "image/jpeg", METADATA)


def analyses(world: World, stream: str, session: str = IMPORTED, media_ms: int = 0) -> dict[str, Any]:
    found = world.db.document(names.frame_path(FrameRef(stream, session, media_ms))).get().to_dict() or {}
    return found.get("analyses") or {}


def paid(lane: str) -> int:
    return use.frames_paid_for(lane, datetime.now(UTC) - timedelta(minutes=1))


def test_a_segment_of_an_import_leaves_frames_whose_results_are_followed(world: World) -> None:
    stream = world.stream("imported", kinds=(Kind.LOGO,))
    world.vision.says(seen(logo()))
    ref = SegmentRef(stream, IMPORTED, 0)
    name = names.segment_object(ref)
    data, metadata = pictures(still(1, 50)), segment_metadata(Segment(ref, 0.0, 2.0, STARTED))
    assert world.deliver("batch", world.put(name, data, "video/mp2t", metadata)) == 200
    [frame] = world.stored(f"{names.BATCH}{names.FRAMES}{stream}/")
    assert world.deliver("batch", world.announce(frame)) == 200
    [results] = world.stored(f"{names.BATCH}{names.RESULTS}{stream}/")
    assert world.deliver("batch", world.announce(results)) == 200
    assert [one["label"] for one in analyses(world, stream)["logo"]["detections"]] == ["Nike"]
    live = (names.SEGMENTS, names.FRAMES, names.RESULTS)
    assert [name for prefix in live for name in world.stored(f"{prefix}{stream}/")] == []


def test_what_is_no_part_of_a_session_is_refused(world: World) -> None:
    push = world.put("batch/other/one.txt", b"", "text/plain", {})
    assert world.deliver("batch", push) == 422


def test_what_live_streams_paid_for_is_told_from_the_rest(world: World, behind: pytest.MonkeyPatch) -> None:
    stream = world.stream("lanes", kinds=(Kind.LOGO,))
    world.vision.says(seen(logo()))
    before = paid("live"), paid("batch")
    assert world.deliver("batch", put(world, stream)) == 200
    behind.delenv("BATCH_INSTANCES")
    pace.cache_clear()
    for media_ms in (0, 1000):
        assert world.deliver("detect", put(world, stream, SESSION, media_ms)) == 200
    assert (paid("live") - before[0], paid("batch") - before[1]) == (2, 1)


def test_where_live_streams_leave_nothing_a_frame_is_tried_again(world: World, behind: pytest.MonkeyPatch) -> None:
    stream = world.stream("no-turn", kinds=(Kind.LOGO,))
    world.vision.says(seen(logo()))
    behind.setenv("LIVE_RESERVE", "1")
    pace.cache_clear()
    push = put(world, stream)
    assert world.deliver("batch", push) == 429
    assert world.vision.requests == []
    assert analyses(world, stream)["logo"]["error"]["code"] == "busy"
    behind.delenv("LIVE_RESERVE")
    pace.cache_clear()
    assert world.deliver("batch", push) == 200
    assert analyses(world, stream)["logo"]["error"] is None


@pytest.fixture
def clip(monkeypatch: pytest.MonkeyPatch) -> Iterator[ClipDouble]:
    """CLIP, and the topic of those that ask it."""
    with clip_double() as double:
        monkeypatch.setenv("CLIP_URL", double.place)
        monkeypatch.setenv("REMOTE_TOPIC", "projects/test-project/topics/remote")
        detection.cache_clear()
        brands.create(Brand("acme", "Acme"))
        yield double
    brands.delete("acme")
    detection.cache_clear()


def handed_on(world: World, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Delivers what `detect` has published to `remote`, which hands nothing on itself."""
    with monkeypatch.context() as patch:
        patch.delenv("REMOTE_TOPIC")
        detection.cache_clear()
        answers = world.pass_on("remote")
    detection.cache_clear()
    return answers


def test_a_frame_that_is_handed_on_is_asked_for_once(
    world: World, clip: ClipDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = {Kind.LOGO: ("clip",), Kind.LABEL: ("vision",)}
    stream = world.stream("handed-on", kinds=(Kind.LOGO, Kind.LABEL), providers=wanted)
    world.vision.says(AnnotateImageResponse)
    push = put(world, stream, SESSION)
    for _ in range(2):
        assert world.deliver("detect", push) == 200
    assert analyses(world, stream, SESSION).keys() == {"label"}
    assert world.stored(f"{names.RESULTS}{stream}/") == {}, "boxes are followed once all kinds are there"
    assert [topic for topic, _ in world.published] == ["projects/test-project/topics/remote"] * 2
    assert handed_on(world, monkeypatch) == [200, 200]
    assert (len(clip.asked), len(world.vision.requests)) == (1, 1)
    assert analyses(world, stream, SESSION).keys() == {"logo", "label"}
    assert len(world.stored(f"{names.RESULTS}{stream}/")) == 1


def test_a_remote_provider_that_fails_is_tried_again_by_itself(
    world: World, clip: ClipDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = world.stream("remote-fails", kinds=(Kind.LOGO,), providers={Kind.LOGO: ("clip",)})
    clip.status = 503
    assert world.deliver("detect", put(world, stream, SESSION)) == 200
    waiting = list(world.published)
    assert handed_on(world, monkeypatch) == [503]
    clip.status = 200
    world.published[:] = waiting
    assert handed_on(world, monkeypatch) == [200]
    assert analyses(world, stream, SESSION)["logo"]["error"] is None


def test_a_frame_whose_other_provider_fails_is_handed_on_all_the_same(world: World, clip: ClipDouble) -> None:
    wanted = {Kind.LOGO: ("clip",), Kind.LABEL: ("vision",)}
    stream = world.stream("other-fails", kinds=(Kind.LOGO, Kind.LABEL), providers=wanted)
    world.vision.says(fails(14, "down"))
    assert world.deliver("detect", put(world, stream, SESSION)) == 503
    assert len(world.published) == 1
