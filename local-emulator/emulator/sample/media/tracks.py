"""The track of a mark: points in time, joined linearly. The points that the renderer draws are the ground truth."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise

from pipeline.domain.model import Box


@dataclass(frozen=True, slots=True)
class Key:
    """A mark's centre and the longer side of its glyph, in px, at `t` seconds."""

    t: float
    x: float
    y: float
    side: float


@dataclass(frozen=True, slots=True)
class Point:
    """The place of a glyph at `t` seconds."""

    t: float
    box: Box


@dataclass(frozen=True, slots=True)
class Track:
    """Points in order of time, joined linearly; before the first and after the last there is nothing."""

    points: tuple[Point, ...]

    @property
    def start(self) -> float:
        """Seconds."""
        return self.points[0].t

    @property
    def end(self) -> float:
        """Seconds."""
        return self.points[-1].t

    def at(self, t: float) -> Box | None:
        """The glyph's box at `t`."""
        if not self.start <= t <= self.end:
            return None
        i = min(bisect_right(self.points, t, key=lambda point: point.t), len(self.points) - 1)
        before, after = self.points[i - 1], self.points[i]
        share = (t - before.t) / (after.t - before.t)
        a, b = before.box, after.box
        return Box(
            a.x + (b.x - a.x) * share,
            a.y + (b.y - a.y) * share,
            a.width + (b.width - a.width) * share,
            a.height + (b.height - a.height) * share,
        )


def eased(keys: tuple[Key, ...], aspect: float, frame: tuple[int, int], step: float = 0.2) -> Track:
    """A track that moves smoothly from key to key, as linear pieces of about `step` seconds.

    `aspect` is the glyph's width / height, `frame` the picture's width and height in px.
    """
    points = [_point(keys[0], aspect, frame)]
    for a, b in pairwise(keys):
        pieces = max(1, round((b.t - a.t) / step))
        for i in range(1, pieces + 1):
            linear = i / pieces
            s = linear * linear * (3 - 2 * linear)
            key = Key(
                a.t + (b.t - a.t) * linear,
                a.x + (b.x - a.x) * s,
                a.y + (b.y - a.y) * s,
                a.side + (b.side - a.side) * s,
            )
            points.append(_point(key, aspect, frame))
    return Track(tuple(points))


def _point(key: Key, aspect: float, frame: tuple[int, int]) -> Point:
    width = key.side * min(1.0, aspect)
    height = key.side * min(1.0, 1 / aspect)
    box = Box(
        round((key.x - width / 2) / frame[0], 5),
        round((key.y - height / 2) / frame[1], 5),
        round(width / frame[0], 5),
        round(height / frame[1], 5),
    )
    return Point(round(key.t, 3), box)
