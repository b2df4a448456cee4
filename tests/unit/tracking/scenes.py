"""Scenes with a bare mark, each picture made here: where it is in each of them is known."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.domain.model import Box, Detection, Kind
from pipeline.tracking.follow import Shot

WIDTH, HEIGHT, STEP = 640, 360, 80  # pixels, ms
MARK = (72, 40)  # pixels
_MOVES = 96  # pixels, of the wall

Path = Callable[[float], tuple[float, float]]
"""The mark's middle (pixels) at a time in 0..1."""


def curve(share: float) -> tuple[float, float]:
    """A way that no straight line is near to."""
    return 150 + 250 * share, 250 - 100 * float(np.sin(np.pi * share))


@dataclass(frozen=True)
class Scene:
    """`count` pictures of a mark on its way before a wall that moves; `there` are those in which it is seen."""

    path: Path = curve
    count: int = 16
    there: range = range(16)
    hidden: range = range(0)  # a pillar stands before half of the mark
    grows: float = 1.0
    moves: int = _MOVES  # pixels, of the wall, that many at most
    fades: int = 0  # pictures in which it comes, and those in which it goes

    def shots(self) -> list[Shot]:
        """The luma planes, a step apart."""
        return [Shot(STEP * number, plane) for number, plane in enumerate(self.planes())]

    def planes(self) -> Iterator[NDArray[np.uint8]]:
        """The pictures in turn."""
        wall = _wall()
        for number in range(self.count):
            moved = round(self.moves * number / self.count)
            plane = np.ascontiguousarray(wall[:, moved : moved + WIDTH])
            if number in self.there:
                bare = plane.copy()
                _draw(plane, self.box(number))
                opacity = self._opacity(number)
                plane[:] = cv2.addWeighted(plane, opacity, bare, 1 - opacity, 0)
            if number in self.hidden:
                x = round(self.box(number).x * WIDTH)
                plane[:, x : x + MARK[0] // 2] = 90
            yield plane

    def _opacity(self, number: int) -> float:
        return min(
            1.0, *(near / (self.fades + 1) for near in (number - self.there.start + 1, self.there.stop - number))
        )

    def box(self, number: int) -> Box:
        """Where the mark is in a picture."""
        share = number / (self.count - 1)
        x, y = self.path(share)
        scale = 1 + (self.grows - 1) * share
        width, height = MARK[0] * scale, MARK[1] * scale
        return Box((x - width / 2) / WIDTH, (y - height / 2) / HEIGHT, width / WIDTH, height / HEIGHT)

    def seen(self, number: int) -> list[Detection]:
        """What a perfect detector sees in a picture."""
        return [Detection("Mark", 0.9, Kind.LOGO, self.box(number))] if number in self.there else []


def overlap(a: Box, b: Box) -> float:
    """Intersection over union."""
    width = min(a.x + a.width, b.x + b.width) - max(a.x, b.x)
    height = min(a.y + a.height, b.y + b.height) - max(a.y, b.y)
    both = max(0.0, width) * max(0.0, height)
    return both / (a.width * a.height + b.width * b.height - both)


def _wall() -> NDArray[np.uint8]:
    random = np.random.default_rng(7)
    coarse = random.integers(90, 200, (HEIGHT // 12, 60), dtype=np.uint8)
    return np.asarray(cv2.resize(coarse, (WIDTH + _MOVES, HEIGHT), interpolation=cv2.INTER_CUBIC), np.uint8)


def _draw(plane: NDArray[np.uint8], box: Box) -> None:
    """A black check mark: most of its box is wall."""
    left, top = box.x * WIDTH, box.y * HEIGHT
    width, height = box.width * WIDTH, box.height * HEIGHT
    points = [(0.05, 0.4), (0.3, 0.95), (0.98, 0.05), (0.35, 0.7)]
    shape = np.array([[(left + x * width) * 16, (top + y * height) * 16] for x, y in points], np.int32)
    cv2.fillPoly(plane, [shape], 15, cv2.LINE_AA, 4)
