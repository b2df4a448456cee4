"""Tracks from one look to the next."""

from __future__ import annotations

import pytest
from tests.unit.tracking.scenes import STEP, Scene, overlap

from pipeline.domain.model import Box, Detection, Kind, Track, TrackPoint
from pipeline.tracking import stretch
from pipeline.tracking.follow import Shot
from pipeline.tracking.stretch import MOST, Aside, Beyond, followed, missed, paired, tracks

KINDS = (Kind.LOGO,)


def of(scene: Scene, before: Aside | None = None) -> Track:
    shots = scene.shots()
    [track] = tracks(shots, scene.seen(0), scene.seen(scene.count - 1), KINDS, before=before)
    assert (track.kind, track.label) == (Kind.LOGO, "Mark")
    return track


def overlaps(scene: Scene, track: Track) -> list[float]:
    boxes = {number: track.at(number * STEP) for number in scene.there}
    return [overlap(box, scene.box(number)) if box else 0.0 for number, box in boxes.items()]


@pytest.mark.parametrize("grows", [1.0, 1.5, 0.7])
def test_a_bare_mark_is_followed_along_a_curve_before_a_wall_that_moves(grows: float) -> None:
    scene = Scene(grows=grows)
    found = overlaps(scene, of(scene))
    assert min(found) >= 0.75
    assert sum(found) / len(found) >= 0.88


def test_a_mark_that_something_passes_before_is_followed_on_both_sides() -> None:
    scene = Scene(hidden=range(6, 9))
    found = overlaps(scene, of(scene))
    assert min(found[:6] + found[9:]) >= 0.75
    assert min(found[6:9]) >= 0.4


@pytest.mark.parametrize("last", [4, 9, 14])
def test_a_mark_that_goes_is_followed_to_where_it_goes(last: int) -> None:
    scene = Scene(there=range(last + 1))
    track = of(scene, Aside(Scene().shots()[2].plane, Scene().seen(2)))
    assert abs(track.points[-1].ms - last * STEP) <= STEP
    assert min(overlaps(scene, track)[:-1]) >= 0.7


@pytest.mark.parametrize("first", [2, 7, 12])
def test_a_mark_that_comes_is_followed_back_to_where_it_came(first: int) -> None:
    scene = Scene(there=range(first, 16))
    track = of(scene)
    assert track.points[-1] == TrackPoint(15 * STEP, track.points[-1].box)
    assert abs(track.points[0].ms - first * STEP) <= STEP
    assert overlap(track.points[-1].box, scene.box(15)) >= 0.99


@pytest.mark.parametrize("fades", [0, 4])
def test_a_mark_begins_and_ends_to_the_picture_also_where_it_fades(fades: int) -> None:
    frame = 40
    scene = Scene(count=60, there=range(17, 44), fades=fades)
    shots = [Shot(frame * number, plane) for number, plane in enumerate(scene.planes())]
    [comes] = tracks(shots[:31], [], scene.seen(30), KINDS, step=2 * frame)
    aside = Aside(shots[25].plane, scene.seen(25))
    [goes] = tracks(shots[30:], scene.seen(30), [], KINDS, before=aside, step=2 * frame)
    assert abs(comes.points[0].ms - 17 * frame) <= 2 * frame
    assert abs(goes.points[-1].ms - 43 * frame) <= 2 * frame


def test_a_mark_that_something_passes_before_while_it_goes_is_found_again() -> None:
    scene = Scene(path=lambda share: (150 + 100 * share, 200), count=60, there=range(50))
    shots = [Shot(40 * number, plane) for number, plane in enumerate(scene.planes())]
    for number in range(15, 27):
        shots[number].plane[:, :] = 90
    [track] = tracks(shots, scene.seen(0), [], KINDS, before=Aside(shots[5].plane, scene.seen(5)), step=80)
    assert abs(track.points[-1].ms - 49 * 40) <= 80
    hidden = track.at(21 * 40)
    assert hidden and overlap(hidden, scene.box(21)) >= 0.6


@pytest.mark.parametrize("backwards", [False, True])
def test_what_two_looks_have_missed_comes_in_from_the_look_beside_them(backwards: bool) -> None:
    scene = Scene(count=32, there=range(4, 28))
    shots = scene.shots()
    if backwards:
        here, far = shots[:16], shots[:14:-1]
        things = missed(scene.seen(27), [], [])
    else:
        here, far = shots[16:], shots[4:17]
        things = missed(scene.seen(4), [], [])
    start = far if not backwards else [shot for shot in far if shot.ms <= 27 * STEP]
    [track] = tracks(here, [], [], KINDS, beyond=[Beyond(start, things)])
    assert track.confidence == things[0].confidence
    begin, end = (4, 15) if backwards else (16, 27)
    assert abs(track.points[0].ms - begin * STEP) <= STEP
    assert abs(track.points[-1].ms - end * STEP) <= STEP
    middle = track.at(10 * STEP if backwards else 20 * STEP)
    assert middle and overlap(middle, scene.box(10 if backwards else 20)) >= 0.7


def test_what_one_of_two_looks_has_seen_is_followed_from_there_alone() -> None:
    scene = Scene()
    assert missed(scene.seen(0), [], scene.seen(1)) == ()
    shots = Scene(count=32, there=range(32)).shots()
    long = Scene(count=32, there=range(32))
    beyond = [Beyond(shots[:17], long.seen(0))]
    assert len(tracks(shots[16:], [], long.seen(31), KINDS, beyond=beyond)) == 1


def test_many_boxes_are_looked_for_less_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stretch, "FULL", 1)
    scene = Scene(count=31, there=range(31))
    shots = [Shot(40 * number, plane) for number, plane in enumerate(scene.planes())]

    def looked_at(boxes: int) -> int:
        straight = [Detection(f"{number}", 0.9, Kind.LOGO, scene.box(0)) for number in range(boxes)]
        later = [Detection(f"{number}", 0.9, Kind.LOGO, scene.box(30)) for number in range(boxes)]
        return max(len(track.points) for track in tracks(shots, straight, later, KINDS, step=80))

    assert looked_at(1) > looked_at(4) > 2


def test_nothing_goes_on_over_a_cut() -> None:
    scene, other = Scene(there=range(8)), Scene(path=lambda _: (500, 80), there=range(8, 16))
    shots = [*scene.shots()[:8], *other.shots()[8:]]
    gone, new = tracks(shots, scene.seen(0), [Detection("Other", 0.9, Kind.LOGO, other.box(15))], KINDS)
    assert (gone.label, new.label) == ("Mark", "Other")
    assert gone.points[-1].ms <= 8 * STEP
    assert new.points[0].ms >= 7 * STEP


def test_what_stands_still_has_two_points() -> None:
    scene = Scene(path=lambda _: (320, 180))
    first = scene.shots()[0]
    shots = [Shot(STEP * number, first.plane) for number in range(16)]
    [track] = tracks(shots, scene.seen(0), scene.seen(15), KINDS)
    assert [point.ms for point in track.points] == [0, 15 * STEP]


def test_ends_are_the_boxes_of_the_looks() -> None:
    scene = Scene()
    track = of(scene)
    for point, number in ((track.points[0], 0), (track.points[-1], 15)):
        box = scene.box(number)
        found = (point.box.x, point.box.y, point.box.width, point.box.height)
        assert found == pytest.approx((box.x, box.y, box.width, box.height), abs=1e-4)


def test_a_thing_at_rest_that_is_gone_at_once_after_it_ends_there() -> None:
    scene = Scene(path=lambda _: (320, 180), there=range(8))
    here, gone = scene.shots()[0].plane, scene.shots()[8].plane
    shots = [Shot(0, here), Shot(STEP, here), Shot(4999, here), *(Shot(5000 + STEP * n, gone) for n in range(16))]
    [track] = tracks(shots, scene.seen(0), [], KINDS, step=STEP)
    assert (track.points[0].ms, track.points[-1].ms) == (0, 4999)


def test_things_of_one_label_are_paired_by_where_they_are() -> None:
    def things(*places: float) -> list[Detection]:
        return [Detection("Mark", 0.9, Kind.LOGO, Box(x, 0.4, 0.1, 0.1)) for x in places]

    first, last = things(0.1, 0.7), things(0.72, 0.15)
    assert paired(first, last) == [(first[1], last[0]), (first[0], last[1])], "the nearest first"
    assert paired(first, [Detection("Other", 0.9, Kind.LOGO, Box(0.1, 0.4, 0.1, 0.1))]) == []
    assert paired(first, [Detection("Mark", 0.9, Kind.LOGO, Box(0.1, 0.4, 0.9, 0.6))]) == []


def test_kinds_with_more_boxes_than_are_followed_are_left_out() -> None:
    def many(kind: Kind, count: int) -> list[Detection]:
        return [Detection(f"{number}", 0.9, kind, Box(0.1, 0.1, 0.1, 0.1)) for number in range(count)]

    assert followed(many(Kind.TEXT, MOST + 1), many(Kind.LOGO, 2)) == (Kind.LOGO,)
    assert followed(many(Kind.TEXT, 3), []) == (Kind.TEXT,)
    assert followed([Detection("dog", 0.9, Kind.LABEL)], []) == ()
