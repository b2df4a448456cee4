"""Proposals: tiles of several sizes, and the shapes in the picture."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.detection.logos.regions import Limits, regions

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]
TILES = (1, 2, 3)  # sides of tiles, as fractions of the picture's shorter side
PASSES = ((640, Limits()), (320, Limits(shorter=6)))  # longer side, limits of a shape
_SAME = 0.6  # two shapes with this overlap are one
_AROUND = 1.3  # side of the crop, over the shape's longer side
_MAX_SHAPES = 1500


@dataclass(frozen=True, slots=True)
class Proposals:
    """n places, in pixels (x, y, width, height): `boxes` for detections, `squares` to cut.

    `tight`: whether the box is a shape's; a tile's says only roughly where something is.
    """

    boxes: Floats
    squares: Floats
    tight: NDArray[np.bool_]


def propose(image: Pixels, most: int) -> Proposals:
    """All tiles of a BGR picture, and up to `most` of its steadiest shapes."""
    height, width = image.shape[:2]
    shapes, tiles = _steadiest(_shapes(image), most), _tiles(width, height)
    squares = np.concatenate([_squares(shapes, width, height), tiles])
    tight = np.arange(len(squares)) < len(shapes)
    return Proposals(np.concatenate([shapes, tiles]), squares, tight)


def cut(image: Pixels, squares: Floats, side: int) -> Pixels:
    """Squares of a BGR picture, n×side×side×3, RGB. Outside the picture the edge is repeated."""
    crops = np.empty((len(squares), side, side, 3), np.uint8)
    levels = [np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2RGB), np.uint8)]
    for index, (x, y, length, _) in enumerate(squares):
        halved = max(0, int(np.log2(max(float(length), 1.0) / (2 * side))))
        while len(levels) <= halved:  # a large square has twice the pixels that it needs in a smaller picture too
            size = tuple(max(1, part // 2) for part in levels[-1].shape[1::-1])
            levels.append(np.asarray(cv2.resize(levels[-1], size, interpolation=cv2.INTER_AREA), np.uint8))
        level, scale = levels[halved], 0.5**halved
        height, width = level.shape[:2]
        left, top, long = round(float(x) * scale), round(float(y) * scale), max(1, round(float(length) * scale))
        inner = level[max(top, 0) : max(top + long, 1), max(left, 0) : max(left + long, 1)]
        over = (max(-top, 0), max(top + long - height, 0), max(-left, 0), max(left + long - width, 0))
        square = cv2.copyMakeBorder(inner, *over, cv2.BORDER_REPLICATE) if any(over) else inner
        how = cv2.INTER_AREA if long > side else cv2.INTER_CUBIC
        cv2.resize(square, (side, side), dst=crops[index], interpolation=how)
    return crops


def _shapes(image: Pixels) -> Floats:
    found: list[Floats] = []
    for longer, limits in PASSES:
        scale = min(1.0, longer / max(image.shape[:2]))
        small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        if min(small.shape[:2]) >= 3:
            seen = regions(np.asarray(small, np.uint8), limits)
            found += [np.array(region.rect, np.float32) / scale for region in seen]
    return np.stack(found) if found else np.empty((0, 4), np.float32)


def _steadiest(shapes: Floats, most: int) -> Floats:
    """Shapes that are found at many levels, one per place. Marks are; noise is not."""
    shapes = shapes[:_MAX_SHAPES]
    if not len(shapes):
        return shapes
    same = _overlaps(shapes) > _SAME
    taken = np.zeros(len(shapes), bool)
    kept: list[int] = []
    for index in np.argsort(-same.sum(axis=1), kind="stable").tolist():
        if not taken[index]:
            kept.append(index)
            taken |= same[index]
            if len(kept) == most:
                break
    return shapes[kept]


def _overlaps(boxes: Floats) -> Floats:
    """n×n: intersection over union of each two."""
    low, high = boxes[:, :2], boxes[:, :2] + boxes[:, 2:]
    sides = np.minimum(high[:, None], high) - np.maximum(low[:, None], low)
    inner = np.maximum(sides, 0).prod(axis=2)
    area = boxes[:, 2:].prod(axis=1)
    return inner / np.maximum(area[:, None] + area - inner, 1e-6)


def _squares(shapes: Floats, width: int, height: int) -> Floats:
    """A square around each shape, moved into the picture if possible."""
    center = shapes[:, :2] + shapes[:, 2:] / 2
    side = np.minimum(_AROUND * shapes[:, 2:].max(axis=1, initial=0), max(width, height))
    squares = np.stack([center[:, 0] - side / 2, center[:, 1] - side / 2, side, side], axis=1)
    for axis, length in ((0, width), (1, height)):
        squares[:, axis] = np.clip(squares[:, axis], np.minimum(0, length - side), np.maximum(0, length - side))
    return squares.astype(np.float32)


def _tiles(width: int, height: int) -> Floats:
    """Square tiles. Each overlaps the next by half or more."""
    made: list[tuple[float, float, float, float]] = []
    for part in TILES:
        side = min(width, height) / part
        for y in _steps(height, side):
            made += [(x, y, side, side) for x in _steps(width, side)]
    return np.array(made, np.float32)


def _steps(length: int, side: float) -> list[float]:
    count = int(np.ceil((length - side) / (side / 2))) + 1
    return [float(at) for at in np.linspace(0, length - side, count)]
