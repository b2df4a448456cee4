"""`track`, delivered as Pub/Sub delivers, over segments that `sample` and `detect` have seen."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from tests.contract.functions.followed import FPS, SCENE, looked_at, results
from tests.contract.functions.vision_answers import fails, seen
from tests.contract.functions.world import SESSION, World
from tests.unit.tracking.scenes import Scene, overlap

from pipeline.domain import names
from pipeline.domain.model import Box, Kind, SegmentRef

LOGOS: dict[str, Any] = {"kinds": (Kind.LOGO,), "sampling": {"follow_interval": 1.2}}
"""Settings of a stream that has several frames in the scene."""


def place(item: dict[str, Any], ms: int) -> Box:
    """Where an item of `tracks` is, `ms` after its frame."""
    sides = np.array(item["boxes"], float).reshape(-1, 4) / 10_000
    return Box(*(float(np.interp(ms, item["times"], sides[:, side])) for side in range(4)))


def test_a_mark_is_followed_from_each_frame_to_the_next(world: World) -> None:
    stream = world.stream("followed", **LOGOS)
    frames = looked_at(world, stream)
    assert len(frames) > 2

    for ms in frames:
        assert world.deliver("track", results(world, stream, ms)) == 200

    found = world.frames(stream)
    assert "tracks" not in found[frames[-1]], "nothing follows it yet"
    for ms, following in pairwise(frames):
        tracks = found[ms]["tracks"]
        assert (tracks["to"], tracks["kinds"]) == (following, ["logo"])
        [item] = tracks["items"]
        assert (item["kind"], item["label"]) == ("logo", "Mark")
        assert (item["times"][0], item["times"][-1]) == (0, following - ms)
        for at in range(ms, following, 1000 // FPS):
            assert overlap(place(item, at - ms), SCENE.box(round(at / 1000 * FPS))) > 0.7


def test_a_mark_that_goes_ends_where_it_goes(world: World) -> None:
    stream = world.stream("goes", **LOGOS)
    scene = Scene(count=4 * FPS, there=range(35))
    frames = looked_at(world, stream, scene)
    last = max(ms for ms in frames if ms / 1000 * FPS < 35)

    for ms in frames:
        assert world.deliver("track", results(world, stream, ms)) == 200

    [item] = world.frames(stream)[last]["tracks"]["items"]
    assert last + item["times"][-1] == pytest.approx(34 * 1000 / FPS, abs=2 * 1000 / FPS)


def test_a_mark_begins_where_it_comes_also_in_a_segment_without_frames(world: World) -> None:
    stream = world.stream("unseen", kinds=(Kind.LOGO,), sampling={"minimum_interval": 4.5})
    came = 70
    frames = looked_at(world, stream, Scene(count=6 * FPS, there=range(came, 6 * FPS)))
    first, second = frames
    assert second > 4000
    assert (world.segment(stream, 1) or {})["same_as"] == first

    assert world.deliver("track", results(world, stream, second)) == 200

    [item] = world.frames(stream)[first]["tracks"]["items"]
    assert item["times"][0] == pytest.approx(came * 1000 / FPS, abs=2 * 1000 / FPS)


def test_a_segment_in_which_nothing_moves_is_not_decoded(world: World) -> None:
    stream = world.stream("rests", kinds=(Kind.LOGO,), sampling={"maximum_interval": 5.0})
    frames = looked_at(world, stream, Scene(path=lambda _: (320, 180), count=6 * FPS, there=range(110), moves=0))
    first, second, *_ = frames
    assert second > 4400
    assert (world.segment(stream, 1) or {})["same_as"] == first
    world.bucket.delete_blob(names.segment_object(SegmentRef(stream, SESSION, 1)))

    assert world.deliver("track", results(world, stream, second)) == 200

    [item] = world.frames(stream)[first]["tracks"]["items"]
    assert item["times"][-1] == pytest.approx(109 * 1000 / FPS, abs=2 * 1000 / FPS)


def test_what_two_frames_have_missed_is_followed_from_the_next_one_whenever_that_is_analysed(world: World) -> None:
    stream = world.stream("missed", **LOGOS)
    frames = looked_at(world, stream)
    first, second, third, *_ = frames
    for ms in (first, second):
        blind = {"analyses.logo.detections": []}
        world.db.document(names.frame_path(world.frame(stream, ms))).update(blind)

    for ms in frames:
        assert world.deliver("track", results(world, stream, ms)) == 200

    tracks = world.frames(stream)[first]["tracks"]
    [item] = tracks["items"]
    assert (tracks["to"], item["label"], item["confidence"]) == (second, "Mark", pytest.approx(0.9))
    assert (item["times"][0], item["times"][-1]) == (0, second - first)
    assert overlap(place(item, 0), SCENE.box(round(first / 1000 * FPS))) > 0.7
    document = world.db.document(names.frame_path(world.frame(stream, first)))
    before = document.get().update_time
    for ms in (third, first):
        assert world.deliver("track", results(world, stream, ms)) == 200
    assert document.get().update_time == before, "once is enough"


def test_it_does_not_matter_which_of_two_frames_is_analysed_last(world: World) -> None:
    stream, other = world.stream("in-order", **LOGOS), world.stream("out-of-order", **LOGOS)
    frames = looked_at(world, stream)
    assert looked_at(world, other) == frames
    for ms in frames:
        world.deliver("track", results(world, stream, ms))
    for ms in reversed(frames):
        world.deliver("track", results(world, other, ms))

    for ms in frames:
        assert world.deliver("track", results(world, other, ms)) == 200

    tracks = [[found.get("tracks", {}).get("items") for found in world.frames(one).values()] for one in (stream, other)]
    assert tracks[0] == tracks[1]
    paths = (names.minute_path(one, SESSION, 0, "logo-ways") for one in (stream, other))
    minutes = [world.db.document(path).get().to_dict() for path in paths]
    assert minutes[0]["followed"] == minutes[1]["followed"]
    assert [part["labels"][0]["times"] for _, part in sorted(minutes[0]["followed"].items())] == [
        [ms, following] for ms, following in pairwise(frames)
    ]


def test_a_stretch_is_followed_again_once_a_frame_has_been_looked_at_again(world: World) -> None:
    stream = world.stream("again", **LOGOS)
    first, second, *_ = looked_at(world, stream)
    push = results(world, stream, second)
    document = world.db.document(names.frame_path(world.frame(stream, first)))
    assert world.deliver("track", push) == 200
    before = document.get()
    assert world.deliver("track", push) == 200
    same = document.get()
    changed = {"analyses.logo.detections": [], "analyses.logo.analyzed_at": datetime.now(UTC)}
    world.db.document(names.frame_path(world.frame(stream, second))).update(changed)
    assert world.deliver("track", push) == 200

    assert same.update_time == before.update_time
    assert document.get().update_time != before.update_time


def test_results_are_announced_also_where_a_provider_fails(world: World) -> None:
    stream = world.stream("half", kinds=(Kind.LOGO,))
    world.vision.says(fails(14, "away"))
    metadata = {"segment": "0", "reason": "first", "width": "640", "height": "360"}
    push = world.put(names.frame_object(world.frame(stream, 0)), b"jpeg", "image/jpeg", metadata)
    assert world.deliver("detect", push) == 503
    assert world.bucket.get_blob(names.results_object(world.frame(stream, 0))) is not None


def test_kinds_without_boxes_announce_nothing(world: World) -> None:
    stream = world.stream("labels", kinds=(Kind.LABEL,))
    world.vision.says(seen())
    metadata = {"segment": "0", "reason": "first", "width": "640", "height": "360"}
    push = world.put(names.frame_object(world.frame(stream, 0)), b"jpeg", "image/jpeg", metadata)
    assert world.deliver("detect", push) == 200
    assert world.stored(f"{names.RESULTS}{stream}/") == {}


def test_a_frame_that_was_deleted_is_done_with(world: World) -> None:
    stream = world.stream("gone", kinds=(Kind.LOGO,))
    name = names.results_object(world.frame(stream, 0))
    assert world.deliver("track", world.put(name, b"{}", "application/json", {})) == 200


def test_a_segment_that_was_deleted_leaves_the_straight_line(world: World) -> None:
    stream = world.stream("expired", **LOGOS)
    frames = looked_at(world, stream)
    for blob in world.stored(f"{names.SEGMENTS}{stream}/").values():
        blob.delete()
    for ms in frames:
        assert world.deliver("track", results(world, stream, ms)) == 200
    assert not any("tracks" in found for found in world.frames(stream).values())


def test_an_object_of_another_name_is_refused(world: World) -> None:
    push = world.put(f"results/{SESSION}.json", b"{}", "application/json", {})
    assert world.deliver("track", push) == 422
