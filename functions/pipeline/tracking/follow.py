"""Follows one thing through luma planes. Pure.

`between` knows it at both ends, `onward` at one. What the thing's pictures at two instants share is the thing itself;
what differs lay behind it and has no weight, so that a bare mark is not mistaken for the wall that it passes.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from .patches import Found, Patch, Place, Plane, common, cut, difference, find, size_of, strength

_REACH = 10  # pixels of the plane from where a thing is expected
_FAR = 26  # pixels while its speed is not known, or it has been lost from sight
_SIZES = (0.97, 1.0, 1.03)  # from one picture to the next
_RESIZE = 0.3  # score that another size costs, per unit
_SURE = 0.5  # correlation from which on a find counts, where both ends are known
_THERE = 0.6  # correlation below which a thing is no longer there
_FAINT = 0.3  # share of its contrast below which a thing is no longer there
_SAME, _FADED = 0.8, 0.1  # correlation from which on it is that very thing, and its contrast while it fades
_KEEP = 0.9  # share of a correction of the size that is kept
_LEARN = 2  # pictures from which on what lies behind a thing is known


class Shot(NamedTuple):
    """A picture: its media time in milliseconds, and its luma plane."""

    ms: int
    plane: Plane


class Seen(NamedTuple):
    """A picture, and where a thing is in it."""

    plane: Plane
    place: Place


class Point(NamedTuple):
    """Where a thing is at an instant (ms of media time)."""

    ms: int
    place: Place


def between(shots: Sequence[Shot], first: Place, last: Place) -> list[Point]:
    """Follows a thing from the first shot, where it is at `first`, to the last one, where it is at `last`.

    If it is lost on the way (something passes before it) it is followed back from the end as well. Where neither finds
    it, it goes straight on from where it was found before to where it is found next.
    """
    size = size_of(first, last)
    begin, end = cut(shots[0].plane, first, size), cut(shots[-1].plane, last, size)
    weights = common(difference(begin, end))
    steps = _steps(shots, _Ends(first, last, begin, end), weights)
    if any(step.fit < _SURE for step in steps):
        back = _steps(shots[::-1], _Ends(last, first, end, begin), weights)[::-1]
        steps = [max(pair, key=lambda step: step.fit) for pair in zip(steps, back, strict=True)]
    sure = [number for number, step in enumerate(steps) if step.fit >= _SURE]
    times = [shots[number].ms for number in sure]
    found = np.array([steps[number].offset for number in sure])
    points: list[Point] = []
    for shot in shots:
        line = first.towards(last, (shot.ms - shots[0].ms) / (shots[-1].ms - shots[0].ms))
        x, y, larger = (float(np.interp(shot.ms, times, found[:, part])) for part in range(3))
        place = Place.around(line.centre[0] + x, line.centre[1] + y, line.width * larger, line.height * larger)
        points.append(Point(shot.ms, place))
    return points


class _Ends(NamedTuple):
    """Where a thing is on the first shot and on the last one, and what it looks like there."""

    first: Place
    last: Place
    begin: Patch
    end: Patch


class _Step(NamedTuple):
    """How far a thing is from the straight line (pixels to the right, down; as a multiple of its size there)."""

    offset: tuple[float, float, float]
    fit: float


def _steps(shots: Sequence[Shot], ends: _Ends, weights: Patch) -> list[_Step]:
    """The way from the first shot to the last one, from shot to shot."""
    steps = [_Step((0.0, 0.0, 1.0), 1.0)]
    off_x = off_y = 0.0
    drift = (0.0, 0.0)  # of the distance from the straight line, from shot to shot
    larger, lost = 1.0, False
    for shot in shots[1:-1]:
        share = (shot.ms - shots[0].ms) / (shots[-1].ms - shots[0].ms)
        line = ends.first.towards(ends.last, share)
        x, y = line.centre
        size = line.width * larger, line.height * larger
        expected = Place.around(x + off_x + drift[0], y + off_y + drift[1], *size)
        template = (ends.begin + (ends.end - ends.begin) * share).astype(np.float32)
        found, times = _nearest(shot.plane, template, weights, expected, _FAR if lost or len(steps) == 1 else _REACH)
        lost = found is None or found.fit < _SURE
        if found is None or lost:
            drift = (0.0, 0.0)
            steps.append(_Step((off_x, off_y, 1.0), found.fit if found else -1.0))
            continue
        drift = (_half(drift[0], found.x - x - off_x), _half(drift[1], found.y - y - off_y))
        off_x, off_y = found.x - x, found.y - y
        steps.append(_Step((off_x, off_y, larger * times), found.fit))
        larger = (larger * times) ** _KEEP
    return [*steps, _Step((0.0, 0.0, 1.0), 1.0)]


def onward(shots: Sequence[Shot], start: Place, other: Seen | None = None) -> list[Point]:
    """Follows a thing from the first shot, where it is at `start`, for as long as it is there. Shots may go back.

    `other` is where it was seen at another time: without it, what lies behind the thing is learned on the way.
    """
    size = size_of(start)
    template = cut(shots[0].plane, start, size)
    known = common(difference(template, cut(other.plane, other.place, size))) if other else np.ones_like(template)
    weights, seen = known, np.zeros_like(template)
    points, speed = [Point(shots[0].ms, start)], (0.0, 0.0)
    for number, (before, shot) in enumerate(pairwise(shots), 1):
        here = points[-1].place
        x, y = here.centre
        lapse = shot.ms - before.ms
        expected = Place.around(x + speed[0] * lapse, y + speed[1] * lapse, here.width, here.height)
        found, times = _nearest(shot.plane, template, weights, expected, _FAR if number == 1 else _REACH)
        if found is None or found.fit < _THERE:
            break
        place = Place.around(found.x, found.y, here.width * times, here.height * times)
        patch = cut(shot.plane, place, size)
        if strength(template, patch, weights) < (_FAINT if found.fit < _SAME else _FADED):
            break
        now = (found.x - x) / lapse, (found.y - y) / lapse
        speed = now if number == 1 else (_half(speed[0], now[0]), _half(speed[1], now[1]))
        points.append(Point(shot.ms, place))
        seen += difference(template, patch)
        if number >= _LEARN and other is None:
            weights = common((seen / number).astype(np.float32))
    return points


def _half(one: float, other: float) -> float:
    return (one + other) / 2


def _nearest(plane: Plane, template: Patch, weights: Patch, expected: Place, reach: int) -> tuple[Found | None, float]:
    """The best find in any size, and that size as a multiple of the expected one."""
    best: Found | None = None
    size = 1.0
    for times in _SIZES:
        x, y = expected.centre
        place = Place.around(x, y, expected.width * times, expected.height * times)
        found = find(plane, template, weights, place, reach)
        if found is None:
            continue
        found = found._replace(score=found.score - _RESIZE * abs(times - 1))
        if best is None or found.score > best.score:
            best, size = found, times
    return best, size
