"""`sample`, delivered as Pub/Sub delivers."""

from __future__ import annotations

import logging
import zlib
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import cv2
import numpy as np
import pytest
from tests.contract.functions.world import SESSION, STARTED, World
from tests.unit.sampling.clips import noisy, scene, segment, still

from pipeline.documents import analysis_config
from pipeline.domain import names
from pipeline.maintenance.removal import delete_documents

STILL = segment(noisy(still(1, 50), 3))
CUT = segment([*still(1, 30), *still(2, 20)])


def without_time(document: dict[str, Any] | None) -> dict[str, Any]:
    assert document is not None
    return {name: value for name, value in document.items() if name not in ("sampled_at", "expires")}


def frames_without_time(world: World, stream: str) -> dict[int, dict[str, Any]]:
    return {media_ms: without_time(frame) for media_ms, frame in world.frames(stream).items()}


def test_a_segment_becomes_a_frame_with_what_can_be_said_of_it_at_once(world: World) -> None:
    stream = world.stream("whole")
    push = world.put_segment(stream, 0, STILL)
    assert world.deliver("sample", push) == 200
    [(media_ms, frame)] = world.frames(stream).items()
    assert media_ms == 0
    assert (frame["reason"], frame["segment"], frame["width"], frame["height"]) == ("first", 0, 640, 360)
    assert (frame["media_time"], frame["program_date_time"]) == (0, STARTED)
    assert frame["snapshot"] == f"frames/{stream}/{SESSION}/0000000000.jpg"
    assert 0 < frame["visual"]["brightness"] < 1
    assert frame["visual"]["colors"][0]["hex"].startswith("#")
    assert "analyses" not in frame
    done = world.segment(stream, 0)
    assert done is not None
    assert (done["looked_at"], done["frames"], done["same_as"]) == (10, [0], None)
    assert done["finalized_at"] == frame["finalized_at"] <= frame["sampled_at"] <= done["sampled_at"]
    [stored] = world.stored(f"segments/{stream}/").values()
    assert (done["bytes"], done["discontinuity"]) == (stored.size, False)
    assert done["motion"] < 0.05


def test_the_frames_object_is_the_picture_with_its_metadata(world: World) -> None:
    stream = world.stream("picture")
    world.deliver("sample", world.put_segment(stream, 0, segment(still(5, 50))))
    [blob] = world.stored(f"frames/{stream}/").values()
    assert blob.content_type == "image/jpeg"
    said: dict[str, str] = dict(blob.metadata or {})
    assert said.pop("revision")
    assert said == {"segment": "0", "reason": "first", "width": "640", "height": "360"}
    assert "immutable" in blob.cache_control
    pixels = cv2.imdecode(np.frombuffer(blob.download_as_bytes(), np.uint8), cv2.IMREAD_COLOR)
    assert pixels is not None
    assert np.abs(pixels.astype(int) - scene(5)).mean() < 6


def test_a_cut_is_sent_on_at_its_media_time(world: World) -> None:
    stream = world.stream("cut")
    assert world.deliver("sample", world.put_segment(stream, 3, CUT)) == 200
    frames = world.frames(stream)
    assert {media_ms: frame["reason"] for media_ms, frame in frames.items()} == {6000: "first", 7200: "cut"}
    assert frames[7200]["program_date_time"] == STARTED + timedelta(seconds=7.2)
    assert frames[7200]["motion"] > 0.5


def test_a_still_picture_goes_on_across_segments_and_is_sent_on_at_the_interval(world: World) -> None:
    stream = world.stream("still", sampling={"maximum_interval": 4.0})
    for sequence in range(4):
        assert world.deliver("sample", world.put_segment(stream, sequence, STILL)) == 200
    assert {ms: frame["reason"] for ms, frame in world.frames(stream).items()} == {0: "first", 4000: "interval"}
    inherited = [(world.segment(stream, sequence) or {})["same_as"] for sequence in range(4)]
    assert inherited == [None, 0, None, 4000]


def test_a_redelivered_segment_changes_nothing(world: World) -> None:
    stream = world.stream("redelivered")
    push = world.put_segment(stream, 0, CUT)
    assert world.deliver("sample", push) == 200
    frames, done, stored = world.frames(stream), world.segment(stream, 0), world.stored(f"frames/{stream}/")
    assert world.deliver("sample", push) == 200
    assert (world.frames(stream), world.segment(stream, 0)) == (frames, done)
    assert {n: b.generation for n, b in world.stored(f"frames/{stream}/").items()} == {
        name: blob.generation for name, blob in stored.items()
    }


def test_a_segment_whose_first_delivery_died_half_way_is_finished(world: World) -> None:
    stream = world.stream("half")
    push = world.put_segment(stream, 0, CUT)
    world.deliver("sample", push)
    frames, done = frames_without_time(world, stream), world.segment(stream, 0)
    world.db.document(f"{names.session_path(stream, SESSION)}/segments/00000000").delete()
    world.bucket.blob(f"frames/{stream}/{SESSION}/0000001200.jpg").delete()
    assert world.deliver("sample", push) == 200
    assert frames_without_time(world, stream) == frames
    assert without_time(world.segment(stream, 0)) == without_time(done)
    assert len(world.stored(f"frames/{stream}/")) == 2


def test_deliveries_at_once_write_the_same_things(world: World) -> None:
    stream = world.stream("together")
    push = world.put_segment(stream, 0, CUT)
    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(lambda _: world.deliver("sample", push), range(3))) == [200] * 3
    assert sorted(world.frames(stream)) == [0, 1200]
    assert (world.segment(stream, 0) or {})["frames"] == [0, 1200]


def test_a_segment_goes_on_from_the_nearest_one_before_that_is_done(world: World) -> None:
    stream = world.stream("gap")
    for sequence in (0, 2, 1, 3):
        assert world.deliver("sample", world.put_segment(stream, sequence, STILL)) == 200
    assert {ms: frame["reason"] for ms, frame in world.frames(stream).items()} == {0: "first"}
    assert [(world.segment(stream, sequence) or {})["same_as"] for sequence in range(4)] == [None, 0, 0, 0]


def test_segments_that_come_all_at_once_wait_for_each_other(world: World) -> None:
    stream = world.stream("all-at-once")
    pushes = [world.put_segment(stream, sequence, STILL) for sequence in range(4)]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda push: world.deliver("sample", push), reversed(pushes))) == [200] * 4
    assert {ms: frame["reason"] for ms, frame in world.frames(stream).items()} == {0: "first"}


def test_another_configuration_is_a_look_at_a_still_picture(world: World) -> None:
    stream = world.stream("renewed")
    world.deliver("sample", world.put_segment(stream, 0, STILL))
    world.db.document(names.stream_path(stream)).update({"settings.kinds": ["text"]})
    analysis_config.forget()
    for sequence in (1, 2):
        world.deliver("sample", world.put_segment(stream, sequence, STILL))
    assert {ms: frame["reason"] for ms, frame in world.frames(stream).items()} == {0: "first", 2000: "interval"}


def test_what_moves_is_followed_more_closely_where_there_are_boxes(world: World) -> None:
    def sent(stream: str, box: Any) -> int:
        world.stream(stream, sampling={"follow_interval": 1.6, "minimum_interval": 0.2})
        wide = cv2.GaussianBlur(np.hstack([scene(1), scene(2)]), (0, 0), 20)
        for sequence in range(6):
            at = sequence * 60
            pictures: list[Any] = [wide[:, at + x : at + x + 640] for x in np.linspace(0, 60, 50).astype(int)]
            world.deliver("sample", world.put_segment(stream, sequence, segment(pictures)))
            for media_ms in world.frames(stream):
                document = world.db.document(names.frame_path(world.frame(stream, media_ms)))
                analysis = {"error": None, "detections": [{"label": "Nike", "kind": "logo", "box": box}]}
                document.set({"kinds": ["logo"], "analyses": {"logo": analysis}}, merge=True)
        return len(world.frames(stream))

    assert sent("with-boxes", {"x": 0.1, "y": 0.1, "width": 0.1, "height": 0.1}) > sent("without-boxes", None)


def test_a_streams_own_budget_is_kept(world: World) -> None:
    stream = world.stream("budget", sampling={"calls_per_hour": 2.0})
    for sequence in range(3):
        world.deliver("sample", world.put_segment(stream, sequence, CUT))
    assert len(world.frames(stream)) == 1


def test_a_segment_that_comes_long_before_any_other_starts_afresh(world: World) -> None:
    stream = world.stream("disorder")
    first, second = (world.put_segment(stream, sequence, STILL) for sequence in (0, 1))
    assert [world.deliver("sample", push) for push in (second, first)] == [200, 200]
    assert {ms: frame["reason"] for ms, frame in world.frames(stream).items()} == {0: "first", 2000: "first"}


def test_a_frame_that_detect_wrote_to_first_keeps_what_detect_wrote(world: World) -> None:
    stream = world.stream("merge")
    document = world.db.document(names.frame_path(world.frame(stream, 0)))
    document.set({"analyses": {"logo": {"provider": "vision", "error": None}}, "kinds": ["logo"]})
    world.deliver("sample", world.put_segment(stream, 0, STILL))
    frame = world.frames(stream)[0]
    assert frame["analyses"] == {"logo": {"provider": "vision", "error": None}}
    assert frame["reason"] == "first"


@pytest.mark.parametrize(
    ("data", "reason"), [(b"no video at all", "MPEG-TS"), (STILL[:376], "no video|no frame|MPEG-TS")]
)
def test_a_segment_that_cannot_be_decoded_is_refused_each_time_with_the_reason_in_the_log(
    world: World, data: bytes, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    stream = world.stream(f"poison-{len(data)}")
    push = world.put_segment(stream, 0, data)
    for _ in range(3):
        caplog.clear()
        with caplog.at_level(logging.ERROR):
            assert world.deliver("sample", push) == 422
        [record] = [record for record in caplog.records if record.name == "pipeline.cloud.edge"]
        assert record.getMessage().startswith("dead-letter: ")
        assert any(part in record.getMessage() for part in reason.split("|"))
        assert record.labels["object"] == push["message"]["attributes"]["objectId"]  # type: ignore[attr-defined]
    assert world.segment(stream, 0) is None


def test_a_segment_without_its_metadata_is_refused(world: World) -> None:
    push = world.put(f"segments/{world.stream('bare')}/{SESSION}/00000000.ts", STILL, "video/mp2t", {})
    assert world.deliver("sample", push) == 422


def test_a_segment_that_is_too_large_is_refused_unread(world: World) -> None:
    push = world.put_segment(world.stream("large"), 0, STILL)
    payload = {
        "name": push["message"]["attributes"]["objectId"],
        "bucket": "media",
        "generation": "1",
        "size": str(65 << 20),
        "timeCreated": datetime.now(UTC).isoformat(),
        "metadata": world.bucket.get_blob(push["message"]["attributes"]["objectId"]).metadata,
    }
    assert world.deliver("sample", world.push(payload)) == 422


def test_a_segment_of_a_deleted_stream_is_acknowledged(world: World) -> None:
    stream = world.stream("gone")
    push = world.put_segment(stream, 0, STILL)
    delete_documents(stream, lambda: True)
    assert world.deliver("sample", push) == 200
    assert world.frames(stream) == {}


def test_a_segment_that_was_deleted_or_replaced_is_acknowledged(world: World) -> None:
    stream = world.stream("replaced")
    old = world.put_segment(stream, 0, STILL)
    new = world.put_segment(stream, 0, CUT)
    assert world.deliver("sample", old) == 200
    assert world.segment(stream, 0) is None
    assert world.deliver("sample", new) == 200
    assert sorted(world.frames(stream)) == [0, 1200]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"[]",
        b"{}",
        b'{"subscription": "s", "message": {"messageId": "1"}}',
        b'{"subscription": "s", "message": {"messageId": "1", "data": ""}}',
        b'{"subscription": "s", "message": {"messageId": "1", "data": "e30="}}',
        b'{"subscription": "s", "message": {"messageId": "1", "data": "e30=", "attributes": {"eventType": "X"}}}',
    ],
)
@pytest.mark.parametrize("target", ["sample", "detect", "track"])
def test_a_push_that_is_no_notification_is_refused(world: World, target: str, body: bytes) -> None:
    client = world.apps[target].test_client()
    response = client.post(f"/projects/p/topics/{target}", data=body, content_type="application/json")
    assert response.status_code >= 400


def test_an_event_of_another_type_is_refused(world: World) -> None:
    push = world.put_segment(world.stream("deleted-event"), 0, STILL)
    push["message"]["attributes"]["eventType"] = "OBJECT_DELETE"
    assert world.deliver("sample", push) == 422


def test_a_memory_of_an_earlier_release_is_not_gone_on_from(world: World) -> None:
    stream = world.stream("upgrade")
    small = zlib.compress(bytes(64 * 36))
    document = world.db.document(f"{names.session_path(stream, SESSION)}/segments/00000000")
    document.set({"gate": {"media_time": 0.0, "analysed": small, "look": small}})
    assert world.deliver("sample", world.put_segment(stream, 1, STILL)) == 200
    assert {ms: frame["reason"] for ms, frame in world.frames(stream).items()} == {2000: "first"}
