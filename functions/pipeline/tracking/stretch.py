"""The tracks of a stretch: from one look to the next. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace

from ..domain.model import Box, Detection, Kind, Track, TrackPoint
from ..reports.model import Sight, rect
from ..reports.tracking import match
from .follow import Point, Seen, Shot, between, onward
from .patches import Place, Plane
from .sharpness import sharpness

FULL = 24
"""Boxes of a stretch that are looked for at each step: each costs its share of a core. Of more, each less often."""
MOST = 240
"""Boxes of a stretch that are followed."""
_STRAIGHT = 0.0008  # of the frame, by which a point may lie beside the line between its neighbours
_ORDER = (Kind.LOGO, Kind.FACE, Kind.OBJECT, Kind.TEXT)


def followed(first: Sequence[Detection], last: Sequence[Detection]) -> tuple[Kind, ...]:
    """The kinds whose boxes are followed from a look to the next: whole kinds, up to MOST boxes."""
    kinds: list[Kind] = []
    room = MOST
    for kind in _ORDER:
        count = (
            len(_boxes(first, kind)) + len(_boxes(last, kind)) - len(paired(_boxes(first, kind), _boxes(last, kind)))
        )
        if 0 < count <= room:
            kinds.append(kind)
            room -= count
    return tuple(kinds)


@dataclass(frozen=True, slots=True)
class Aside:
    """A look outside of the stretch, which tells a thing from what lies behind it: its plane and its detections."""

    plane: Plane
    detections: Sequence[Detection]


@dataclass(frozen=True, slots=True)
class Beyond:
    """The stretch before or after: its shots, from the far end to the one that both share, and what was seen at the
    far end, and is in neither look of this stretch. `before` is as of `tracks`, for the stretch before."""

    shots: Sequence[Shot]
    detections: Sequence[Detection]
    before: Aside | None = None


def missed(far: Sequence[Detection], near: Sequence[Detection], other: Sequence[Detection]) -> tuple[Detection, ...]:
    """Detections of the look before or after a stretch that are in neither of its looks, `near` and `other`."""
    found: list[Detection] = []
    for kind in _ORDER:
        boxes = _boxes(far, kind)
        known = {id(one) for look in (near, other) for one, _ in paired(boxes, _boxes(look, kind))}
        found += [one for one in boxes if id(one) not in known]
    return tuple(found)


def tracks(
    shots: Sequence[Shot],
    first: Sequence[Detection],
    last: Sequence[Detection],
    kinds: Iterable[Kind],
    *,
    before: Aside | None = None,
    beyond: Sequence[Beyond] = (),
    step: int = 0,
) -> tuple[Track, ...]:
    """The tracks of all boxes of `kinds`, from the first shot's look to the last one's.

    `before` is the look before the stretch, if it is known. It tells a thing that is in both from what lies behind it:
    of another scene all the better. `beyond` are the stretches before and after: what was missed in both looks may come
    in from there. Shots less than `step` ms apart are looked at only where a thing comes or goes.
    """
    found: list[Track] = []
    kinds = tuple(kinds)
    boxes = sum(max(len(_boxes(first, kind)), len(_boxes(last, kind))) for kind in kinds)
    step = round(step * max(1.0, boxes / FULL))
    for kind in kinds:
        pairs = paired(_boxes(first, kind), _boxes(last, kind))
        going = {id(one) for one, _ in pairs}
        coming = {id(other) for _, other in pairs}
        for one, other in pairs:
            found.append(
                _track(one, between(shots, _place(one, shots[0].plane), _place(other, shots[0].plane), step), shots)
            )
        for one in _boxes(first, kind):
            if id(one) not in going:
                found.append(_track(one, onward(shots, _place(one, shots[0].plane), _seen(one, before), step), shots))
        for other in _boxes(last, kind):
            if id(other) not in coming:
                back = onward(shots[::-1], _place(other, shots[0].plane), step=step)
                found.append(_track(other, back[::-1], shots))
    return (*found, *_strays(shots, beyond, found, step))


def _strays(shots: Sequence[Shot], beyond: Sequence[Beyond], found: Sequence[Track], step: int) -> list[Track]:
    """The tracks of what comes in from beyond the looks."""
    strays: list[Track] = []
    for stretch in beyond:
        onwards = shots if stretch.shots[-1].ms == shots[0].ms else shots[::-1]
        for one in stretch.detections:
            start, other = _place(one, shots[0].plane), _seen(one, stretch.before)
            way = onward([*stretch.shots, *onwards[1:]], start, other, step)
            here = sorted(point for point in way if shots[0].ms <= point.ms <= shots[-1].ms)
            stray = replace(_track(one, here, shots), confidence=one.confidence)
            if len(stray.points) > 1 and not any(_same(stray, other) for other in (*found, *strays)):
                strays.append(stray)
    return strays


def _same(one: Track, other: Track) -> bool:
    """Whether two tracks are of one thing: of one label, and at one place half-way through the time that they share."""
    if (one.kind, one.label) != (other.kind, other.label) or not other.points:
        return False
    begin, end = max(one.points[0].ms, other.points[0].ms), min(one.points[-1].ms, other.points[-1].ms)
    a, b = one.at((begin + end) // 2), other.at((begin + end) // 2)
    if a is None or b is None:
        return False
    aside = abs(2 * a.x + a.width - 2 * b.x - b.width), abs(2 * a.y + a.height - 2 * b.y - b.height)
    return aside[0] < a.width + b.width and aside[1] < a.height + b.height


def paired(first: Sequence[Detection], last: Sequence[Detection]) -> list[tuple[Detection, Detection]]:
    """Detections with boxes of one thing on two looks, as reports and the page pair them: the nearest first."""
    pairs = match([_sight(one) for one in first], [_sight(one) for one in last])
    return [(first[earlier], last[later]) for later, earlier in pairs.items()]


def _sight(detection: Detection) -> Sight:
    assert detection.box
    return Sight(detection.label, 0, rect(asdict(detection.box)))


def _boxes(detections: Sequence[Detection], kind: Kind) -> list[Detection]:
    return [one for one in detections if one.kind is kind and one.box and one.box.width > 0 and one.box.height > 0]


def _seen(detection: Detection, aside: Aside | None) -> Seen | None:
    pairs = paired([detection], _boxes(aside.detections, detection.kind)) if aside else []
    return Seen(aside.plane, _place(pairs[0][1], aside.plane)) if aside and pairs else None


def _place(detection: Detection, plane: Plane) -> Place:
    height, width = plane.shape[:2]
    box = detection.box
    assert box
    return Place(box.x * width, box.y * height, box.width * width, box.height * height)


def _track(detection: Detection, points: Sequence[Point], shots: Sequence[Shot]) -> Track:
    height, width = shots[0].plane.shape[:2]
    inside = [(point.ms, _inside(point.place, width, height)) for point in points]
    kept = _thinned([TrackPoint(ms, box) for ms, box in inside if box])
    return Track(detection.kind, detection.label, tuple(kept), sharpness=_sharpness(kept, shots))


def _sharpness(points: Sequence[TrackPoint], shots: Sequence[Shot]) -> float | None:
    """Of its picture in the middle of its way."""
    middle = points[len(points) // 2] if points else None
    plane = next((shot.plane for shot in shots if middle and shot.ms == middle.ms), None)
    return sharpness(plane, middle.box) if middle and plane is not None else None


def _inside(place: Place, width: int, height: int) -> Box | None:
    """The part of a place that lies on the picture, in 0..1."""
    left, top = max(0.0, place.x / width), max(0.0, place.y / height)
    right, bottom = min(1.0, (place.x + place.width) / width), min(1.0, (place.y + place.height) / height)
    return Box(left, top, right - left, bottom - top) if right > left and bottom > top else None


def _thinned(points: Sequence[TrackPoint]) -> list[TrackPoint]:
    """The points from which the others follow by straight lines (Ramer, Douglas, Peucker)."""
    if len(points) < 3:
        return list(points)
    first, last = points[0], points[-1]
    aside = [_aside(point, first, last) for point in points[1:-1]]
    worst = max(range(len(aside)), key=aside.__getitem__)
    if aside[worst] <= _STRAIGHT:
        return [first, last]
    middle = worst + 1
    return [*_thinned(points[: middle + 1])[:-1], *_thinned(points[middle:])]


def _aside(point: TrackPoint, first: TrackPoint, last: TrackPoint) -> float:
    share = (point.ms - first.ms) / (last.ms - first.ms)
    a, b, c = first.box, last.box, point.box
    pairs = ((a.x, b.x, c.x), (a.y, b.y, c.y), (a.width, b.width, c.width), (a.height, b.height, c.height))
    return max(abs(c - (a + (b - a) * share)) for a, b, c in pairs)
