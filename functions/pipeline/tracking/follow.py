"""Follows one thing through luma planes. Pure.

`between` knows it at both ends, `onward` at one. What the thing's pictures at two instants share is the thing itself;
what differs lay behind it and has no weight, so that a bare mark is not mistaken for the wall that it passes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from .patches import FLOOR, Found, Patch, Place, Plane, common, cut, difference, find, peak, size_of, strength

_REACH = 10  # pixels of the plane from where a thing is expected
_FAR = 26  # pixels while its speed is not known, or it has been lost from sight
_SIZES = (0.97, 1.0, 1.03)  # from one picture to the next
_RESIZE = 0.3  # score that another size costs, per unit
_SURE = 0.5  # correlation from which on a find counts, where both ends are known
_THERE = 0.6  # correlation below which a thing is no longer there
_FAINT, _FAINT_BARE = 0.3, 0.6  # share of its contrast below which a thing is no longer there, unless it fades
_SAME, _FADED = 0.8, 0.1  # correlation from which on it is that very thing, and its contrast while it fades
_FADING, _NEAR = 0.3, 3  # correlation, and reach, while it fades
_FAINTER = (0.45, 0.9)  # its contrast then, as shares of that in the picture before: what is gone at once does not fade
_WHOLE, _PATIENCE = 0.75, 800  # contrast of what is whole; ms for which something may pass before it
_FLAT, _UNCHANGED = 3.0, 6.0  # levels: deviation of what has no pattern, and difference up to which it is the same
_SOLID = 0.5  # mean weight from which on half of a thing says enough: of a bare mark, too little is its own
_VERY_SAME = 0.9  # correlation from which on such a one is found again
_EXACT = 0.9995  # correlation from which on its size has not changed
_STRONGER = 1.15  # contrast of what is still fading in
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


def between(shots: Sequence[Shot], first: Place, last: Place, step: int = 0) -> list[Point]:
    """Follows a thing from the first shot, where it is at `first`, to the last one, where it is at `last`.

    If it is lost on the way (something passes before it) it is followed back from the end as well. Where neither finds
    it, it goes straight on from where it was found before to where it is found next. Of shots less than `step` ms apart
    one is looked at.
    """
    shots = _apart(shots, step)
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


def _apart(shots: Sequence[Shot], step: int) -> list[Shot]:
    kept, at = [shots[0]], 0
    while (ahead := _ahead(shots, at, step)) is not None:
        kept.append(shots[ahead])
        at = ahead
    return kept


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


def onward(shots: Sequence[Shot], start: Place, other: Seen | None = None, step: int = 0) -> list[Point]:
    """Follows a thing from the first shot, where it is at `start`, for as long as it is there. Shots may go back.

    `other` is where it was seen at another time: without it, what lies behind the thing is learned on the way. Shots
    less than `step` ms apart are looked at only where it comes or goes.
    """
    thing = _Thing(shots[0], start, other)
    last = 0
    while (ahead := _ahead(shots, last, step)) is not None:
        if thing.find(shots[ahead]):
            last = ahead
            continue
        fading = last
        while fading + 1 < len(shots) and thing.find_hardly(shots[fading + 1]):
            fading += 1
        back = _again(shots, fading, step, thing)
        if back is None:
            break
        last = back
    return thing.points


def _ahead(shots: Sequence[Shot], number: int, step: int) -> int | None:
    """The next shot that lies `step` ms from this one, or the last one; None after that."""
    for ahead in range(number + 1, len(shots)):
        if abs(shots[ahead].ms - shots[number].ms) >= step or ahead == len(shots) - 1:
            return ahead
    return None


def _again(shots: Sequence[Shot], number: int, step: int, thing: _Thing) -> int | None:
    """The shot, soon after this one, in which a thing is found again that something has passed before."""
    ahead = _ahead(shots, number, step)
    while ahead is not None and abs(shots[ahead].ms - shots[number].ms) <= _PATIENCE:
        if thing.find_again(shots[ahead]):
            return ahead
        ahead = _ahead(shots, ahead, step)
    return None


class _Thing:
    """A thing on its way: its template, what of that is the thing itself, and where it was seen."""

    def __init__(self, shot: Shot, start: Place, other: Seen | None) -> None:
        self.points = [Point(shot.ms, start)]
        self._size = size_of(start)
        self._template = cut(shot.plane, start, self._size)
        self._learns = other is None
        ones = np.ones_like(self._template)
        self._weights = common(difference(self._template, cut(other.plane, other.place, self._size))) if other else ones
        self._seen, self._learned = np.zeros_like(self._template), 0
        self._speed = (0.0, 0.0)
        self._strength = 1.0

    def find(self, shot: Shot) -> bool:
        """Whether it is there in the next shot."""
        if self._template.std() < _FLAT:
            return self._find_flat(shot)
        found, times = self._nearest(shot, _FAR if len(self.points) == 1 else _REACH)
        if found is None or found.fit < _THERE:
            return False
        faint = _FAINT if self._weights.mean() >= _SOLID else _FAINT_BARE
        return self._goes_on(shot, found, times, faint if found.fit < _SAME else _FADED, 2.0)

    def _find_flat(self, shot: Shot) -> bool:
        """What has no pattern is there as long as nothing changes where it is."""
        patch = cut(shot.plane, self.points[-1].place, self._size)
        if np.abs(patch - self._template).mean() > _UNCHANGED:
            return False
        self.points.append(Point(shot.ms, self.points[-1].place))
        return True

    def find_hardly(self, shot: Shot) -> bool:
        """Whether it is there, if only half of it can be seen, or if it is fainter than before."""
        if self._template.std() < _FLAT:
            return self._find_flat(shot)
        return self.find(shot) or self._find_half(shot) or self._find_fading(shot)

    def _find_half(self, shot: Shot) -> bool:
        if self._weights.mean() < _SOLID:
            return False
        height, width = self._template.shape
        for part in (np.s_[:, width // 2 :], np.s_[:, : width // 2], np.s_[height // 2 :], np.s_[: height // 2]):
            weights = np.full_like(self._weights, FLOOR)
            weights[part] = self._weights[part]
            found, times = self._nearest(shot, _NEAR, (1.0,), weights)
            if found and found.fit >= _SAME and self._goes_on(shot, found, times, _WHOLE, 1 / _WHOLE, weights):
                return True
        return False

    def _find_fading(self, shot: Shot) -> bool:
        found, times = self._nearest(shot, _NEAR, (1.0,))
        if found is None or found.fit < _FADING:
            return False
        least, most = (self._strength * part for part in _FAINTER)
        return self._goes_on(shot, found, times, max(_FADED, least), most)

    def find_again(self, shot: Shot) -> bool:
        """Whether it is there after it was not: no other thing will do."""
        if self._template.std() < _FLAT:
            return self._find_flat(shot)
        found, times = self._nearest(shot, _REACH, (1.0,))
        least = _SAME if self._weights.mean() >= _SOLID else _VERY_SAME
        whole = found is not None and found.fit >= least and self._goes_on(shot, found, times, _WHOLE, 1 / _WHOLE)
        return whole or self._find_half(shot)

    def _nearest(
        self, shot: Shot, reach: int, sizes: Sequence[float] = _SIZES, weights: Patch | None = None
    ) -> tuple[Found | None, float]:
        before = self.points[-1]
        x, y = before.place.centre
        lapse = shot.ms - before.ms
        place = Place.around(
            x + self._speed[0] * lapse, y + self._speed[1] * lapse, before.place.width, before.place.height
        )
        return _nearest(shot.plane, self._template, self._weights if weights is None else weights, place, reach, sizes)

    def _goes_on(
        self, shot: Shot, found: Found, times: float, least: float, most: float, weights: Patch | None = None
    ) -> bool:
        """Takes a find as the next point if its contrast, as a share of the first one's, lies between these."""
        before = self.points[-1]
        place = Place.around(found.x, found.y, before.place.width * times, before.place.height * times)
        patch = cut(shot.plane, place, self._size)
        contrast = strength(self._template, patch, self._weights if weights is None else weights)
        if not least <= contrast <= most:
            return False
        lapse = shot.ms - before.ms
        x, y = before.place.centre
        now = (found.x - x) / lapse, (found.y - y) / lapse
        speed = self._speed
        self._speed = now if len(self.points) == 1 else (_half(speed[0], now[0]), _half(speed[1], now[1]))
        self._strength = contrast
        self.points.append(Point(shot.ms, place))
        if weights is None and contrast >= _STRONGER:
            self._take(patch)
        elif self._learns and weights is None and contrast >= _WHOLE:
            self._learn(patch)
        return True

    def _take(self, patch: Patch) -> None:
        """Looks for this from now on: it was seen while it faded in, and is still becoming what it is."""
        self._template, self._strength = patch, 1.0
        if self._learns:
            self._weights = np.ones_like(patch)
            self._seen, self._learned = np.zeros_like(patch), 0

    def _learn(self, patch: Patch) -> None:
        self._seen += difference(self._template, patch)
        self._learned += 1
        if self._learned >= _LEARN:
            self._weights = common((self._seen / self._learned).astype(np.float32))


def _half(one: float, other: float) -> float:
    return (one + other) / 2


def _nearest(
    plane: Plane, template: Patch, weights: Patch, expected: Place, reach: int, sizes: Sequence[float] = _SIZES
) -> tuple[Found | None, float]:
    """The best find in any size, and that size as a multiple of the expected one."""
    best: Found | None = None
    size = 1.0
    scores: list[float] = []
    for times in sizes:
        x, y = expected.centre
        place = Place.around(x, y, expected.width * times, expected.height * times)
        found = find(plane, template, weights, place, reach)
        if found is None:
            continue
        scores.append(found.score)
        found = found._replace(score=found.score - _RESIZE * abs(times - 1))
        if best is None or found.score > best.score:
            best, size = found, times
    if best and best.fit < _EXACT and size == 1.0 and tuple(sizes) == _SIZES and len(scores) == len(_SIZES):
        size += peak(np.array(scores), 1) * (_SIZES[2] - _SIZES[1])  # to a fraction of a step
    return best, size
