"""Keys, publishers, sessions and looking again, through the API."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from google.cloud.vision_v1.types import AnnotateImageResponse, EntityAnnotation
from tests.contract.functions.described import check
from tests.contract.functions.world import SESSION, STARTED, World, start_session
from tests.unit.sampling.clips import scene, segment, still
from werkzeug.test import TestResponse

from pipeline.documents import leases, pushes, streams
from pipeline.documents.control import stream_keys
from pipeline.domain import names
from pipeline.domain.errors import Conflict, Stopped, Unauthorized
from pipeline.domain.model import Kind, StreamState
from pipeline.external_segments.clock import moved

ADMIN = {"Authorization": "Bearer admin-key-for-tests"}


def call(world: World, method: str, path: str, body: Any = None) -> TestResponse:
    response = world.api().open(path, method=method, headers=ADMIN, json=body)
    check(method, path, response)
    return response


def test_a_new_key_opens_and_the_old_one_does_not(world: World) -> None:
    old = call(world, "POST", "/streams", {"id": "keyed", "name": "K"}).get_json()["key"]
    new = call(world, "POST", "/streams/keyed/key").get_json()["key"]

    stream_keys.authenticate("keyed", new)
    with pytest.raises(Unauthorized):
        stream_keys.authenticate("keyed", old)


def test_a_publisher_with_a_connection_loses_its_lease_when_it_is_stopped(world: World) -> None:
    world.stream("stopped")
    lease = leases.acquire("stopped", "a sender at 192.0.2.1")

    told = call(world, "POST", "/streams/stopped/stop").get_json()["stopped"]

    assert (told["holder"], told["session"]) == ("a sender at 192.0.2.1", lease.session)
    with pytest.raises(Stopped):
        lease.renew()
    assert call(world, "POST", "/streams/keyless-none/stop").status_code == 404


def test_nobody_publishes_and_nobody_is_stopped(world: World) -> None:
    world.stream("quiet")
    assert call(world, "POST", "/streams/quiet/stop").get_json() == {"stopped": None}


def test_an_hls_sender_is_refused_once_it_is_stopped_and_its_session_ends_at_once(world: World) -> None:
    world.stream("pushed")
    sender = "an HLS sender at 192.0.2.7"
    leases.acquire("pushed", sender, origin="hls", session=SESSION, join=True)
    world.put_segment("pushed", 0, moved(segment(still(1, 50)), 0.0))
    streams.set_state("pushed", StreamState.LIVE, session=SESSION)

    call(world, "POST", "/streams/pushed/stop")

    live = world.bucket.blob(names.live_playlist("pushed", SESSION)).download_as_text()
    assert live.endswith("#EXT-X-ENDLIST\n")
    assert streams.get("pushed").state is StreamState.ENDED
    assert leases.held("pushed") is None
    with pytest.raises(Stopped):
        pushes.check("pushed", sender, STARTED, timedelta(seconds=15))
    leases.acquire("pushed", "another sender")


def test_a_session_that_waits_for_its_sender_ends_when_it_is_stopped(world: World) -> None:
    world.stream("waiting")
    lease = leases.acquire("waiting", "a sender", session=SESSION)
    world.put_segment("waiting", 0, moved(segment(still(1, 50)), 0.0))
    lease.suspend(datetime.now(UTC) + timedelta(seconds=30))

    call(world, "POST", "/streams/waiting/stop")

    assert streams.get("waiting").state is StreamState.ENDED
    assert leases.acquire("waiting", "a sender").session != SESSION


def test_sessions_come_newest_first_in_pages(world: World) -> None:
    world.stream("paged")
    for day in range(3):
        start_session("paged", f"session-{day}", STARTED + timedelta(days=day), segments=day)
    first = call(world, "GET", "/streams/paged/sessions?limit=2").get_json()
    second = call(world, "GET", f"/streams/paged/sessions?limit=2&after={first['next']}").get_json()

    assert [s["id"] for s in first["sessions"] + second["sessions"]] == ["session-2", "session-1", "session-0"]
    assert second["next"] is None
    assert call(world, "GET", "/streams/paged/sessions/session-1").get_json()["session"]["segments"] == 1
    assert call(world, "GET", "/streams/paged/sessions?after=none").status_code == 404


def says(label: str) -> AnnotateImageResponse:
    return AnnotateImageResponse(label_annotations=[EntityAnnotation(description=label, score=0.9)])


def analysed(world: World, stream: str) -> list[int]:
    """Four seconds in which the picture changes each second, sampled and analysed; the frames' media_ms."""
    world.stream(stream, kinds=(Kind.LABEL,))
    world.vision.says(lambda: says("before"))
    start_session(stream, SESSION, STARTED)
    for sequence in range(2):
        pictures = [scene(10 * sequence + index // 25) for index in range(50)]
        world.deliver("sample", world.put_segment(stream, sequence, segment(pictures)))
    for name in world.stored(f"{names.FRAMES}{stream}/"):
        assert world.deliver("detect", world.announce(name)) == 200
    return sorted(world.frames(stream))


def labels(world: World, stream: str) -> list[str]:
    frames = world.frames(stream)
    return [frames[ms]["analyses"]["label"]["detections"][0]["label"] for ms in sorted(frames)]


def test_the_frames_of_a_range_are_analysed_again_once_per_request(world: World) -> None:
    stream = "analysed-again"
    frames = analysed(world, stream)
    assert len(frames) >= 3
    world.vision.says(lambda: says("after"))

    path = f"/streams/{stream}/sessions/{SESSION}/analyses"
    told = call(world, "POST", path, {"from": 2, "kinds": ["label"]}).get_json()["analysis"]

    inside = [ms for ms in frames if ms >= 2000]
    assert (told["frames"], told["segments"], told["next"]) == (len(inside), 0, None)
    assert {topic.rpartition("/")[2] for topic, _ in world.published} == {"batch-reanalysis"}
    asked = list(world.published)
    assert world.pass_on("batch") == [200] * len(inside)
    world.published[:] = asked
    assert world.pass_on("batch") == [200] * len(inside), "a redelivery asks no provider"
    assert len(world.vision.requests) == len(inside)
    assert labels(world, stream) == ["before"] * (len(frames) - len(inside)) + ["after"] * len(inside)


def test_boxes_of_a_reanalysis_are_followed_behind_those_of_live_streams(world: World) -> None:
    stream = world.stream("boxes-again", kinds=(Kind.LOGO,))
    start_session(stream, SESSION, STARTED)
    world.vision.says(AnnotateImageResponse)
    assert world.deliver("sample", world.put_segment(stream, 0, segment(still(1, 50)))) == 200
    [frame] = world.stored(f"{names.FRAMES}{stream}/")
    assert world.deliver("detect", world.announce(frame)) == 200
    assert len(world.stored(f"{names.RESULTS}{stream}/")) == 1

    call(world, "POST", f"/streams/{stream}/sessions/{SESSION}/analyses", {})
    assert world.pass_on("batch") == [200]

    assert len(world.stored(f"{names.BATCH}{names.RESULTS}{stream}/")) == 1


def test_a_segment_that_was_never_sampled_is_announced_again(world: World) -> None:
    world.stream("missed")
    start_session("missed", SESSION, STARTED)
    world.put_segment("missed", 0, segment(still(1, 50)))

    told = call(world, "POST", f"/streams/missed/sessions/{SESSION}/analyses", {}).get_json()["analysis"]

    assert (told["frames"], told["segments"]) == (0, 1)
    assert world.pass_on("batch") == [200]
    assert world.segment("missed", 0) is not None


def test_a_long_range_comes_in_parts(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = "parts"
    frames = analysed(world, stream)
    monkeypatch.setattr("pipeline.sessions.reanalysis._MAX_FRAMES", 1)
    path, given, parts = f"/streams/{stream}/sessions/{SESSION}/analyses", {"id": "r1"}, 0
    while True:
        told = call(world, "POST", path, given).get_json()["analysis"]
        parts += told["frames"]
        if told["next"] is None:
            break
        given = {"id": told["id"], "from": told["next"]}
    assert parts == len(frames)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"from": -1}, "'from'"),
        ({"from": 3, "to": 2}, "'to' must be later"),
        ({"kinds": ["colour"]}, "'kinds'"),
        ({"id": "no id"}, "'id'"),
        ({"speed": 1}, "'speed'"),
    ],
)
def test_a_request_to_look_again_that_makes_no_sense_is_refused(world: World, body: Any, says: str) -> None:
    if not world.db.document("streams/asked").get().exists:
        world.stream("asked")
        start_session("asked", SESSION, STARTED)
    response = call(world, "POST", f"/streams/asked/sessions/{SESSION}/analyses", body)
    assert response.status_code == 400
    assert says in response.get_json()["detail"]


def test_whoever_publishes_keeps_others_out(world: World) -> None:
    world.stream("busy")
    leases.acquire("busy", "first")
    with pytest.raises(Conflict, match="first"):
        leases.acquire("busy", "second")
