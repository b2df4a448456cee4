"""Poses of a glyph: turned and sheared views of the whole and of its parts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from .model import Floats, Pixels
from .regions import Limits, traced

ANGLES = range(-18, 19, 6)  # degrees
SHEARS = (-0.12, 0.0, 0.12)
LONGER = 128  # pixels of the glyph's longer side
PART_AREA = 0.05  # of the glyph's box, below which a part is not worth looking for
PART_SIDE = 0.35  # of the glyph's longer side
PLAIN = 0.93  # correlation with a disc or a rectangle above which a part says nothing
MOST_PARTS = 6
PARTS = Limits(shorter=5, longer=12, longest=LONGER, aspect=(0.1, 12.0), fill=(0.05, 0.97))


@dataclass(frozen=True, slots=True)
class View:
    """One view of a glyph: its mask, cut to its box, and the part that is searched for with its place in that box.

    `place` is x, y, width, height of the part in 0..1 of the glyph's box: (0, 0, 1, 1) for the whole. `frame` is x, y,
    width, height of the box, from the glyph's centre, in lengths of its longer side.
    """

    angle: float
    shear: float
    frame: tuple[float, float, float, float]
    whole: Pixels
    part: Pixels
    place: tuple[float, float, float, float]

    @property
    def is_whole(self) -> bool:
        """True if the part is the glyph itself."""
        return self.place == (0, 0, 1, 1)


def views(glyph: Pixels) -> Iterator[View]:
    """Views of a glyph's mask (255 inside): each angle and shear, the whole first, then each telling part."""
    scale = LONGER / max(glyph.shape)
    small = np.asarray(cv2.resize(glyph, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    layers = [np.pad(layer, LONGER // 2) for layer in _layers(small)]
    height, width = layers[0].shape
    for angle in ANGLES:
        for shear in SHEARS:
            turn = np.vstack([cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1), [0, 0, 1]])
            tilt = np.array([[1, shear, -shear * height / 2], [0, 1, 0], [0, 0, 1]])
            seen = [np.asarray(cv2.warpAffine(x, (turn @ tilt)[:2], (width, height)), np.uint8) for x in layers]
            frame = box_of(seen[0])
            x, y, *size = frame
            around = ((x - width / 2) / LONGER, (y - height / 2) / LONGER, size[0] / LONGER, size[1] / LONGER)
            for part in seen:
                place = _place(box_of(part), frame)
                yield View(angle, shear, around, crop(seen[0], frame), crop(part, box_of(part)), place)


def _layers(small: Pixels) -> list[Pixels]:
    """The glyph, then its parts: regions of figure and of ground, and groups of them, that are large and not plain."""
    figure = np.pad(np.asarray(cv2.threshold(small, 127, 255, cv2.THRESH_BINARY)[1], np.uint8), 2)
    parts: list[tuple[int, Pixels]] = []
    for region in traced(figure, PARTS, set()):
        x, y, width, height = region.rect
        mask = np.zeros_like(figure)
        mask[y : y + height, x : x + width] = region.mask
        mask = mask[2:-2, 2:-2]
        if _telling(mask, small.shape):
            parts.append((cv2.countNonZero(mask), mask))
    parts.sort(key=lambda part: -part[0])
    return [small, *(mask for _, mask in parts[:MOST_PARTS])]


def _telling(mask: Pixels, shape: tuple[int, ...]) -> bool:
    x, y, width, height = box_of(mask)
    if max(width, height) < PART_SIDE * max(shape) or width * height > 0.92 * shape[0] * shape[1]:
        return False
    if cv2.countNonZero(mask) < PART_AREA * shape[0] * shape[1]:
        return False
    part = mask[y : y + height, x : x + width].astype(np.float32)
    disc = np.zeros((height, width), np.float32)
    cv2.ellipse(disc, (width // 2, height // 2), (width // 2, height // 2), 0, 0, 360, 1, -1)
    return _correlation(part, disc) < PLAIN and float(part.mean()) < 0.9 * 255


def _correlation(a: Floats, b: Floats) -> float:
    a, b = a - a.mean(), b - b.mean()
    return float((a * b).sum() / (np.linalg.norm(a) * np.linalg.norm(b) + 1e-6))


def box_of(mask: Pixels) -> tuple[int, int, int, int]:
    """x, y, width, height of the pixels above 100."""
    x, y, width, height = cv2.boundingRect((mask > 100).astype(np.uint8))
    return x, y, width, height


def crop(mask: Pixels, box: tuple[int, int, int, int]) -> Pixels:
    """The mask within a box."""
    x, y, width, height = box
    return mask[y : y + height, x : x + width]


def _place(part: tuple[int, int, int, int], whole: tuple[int, int, int, int]) -> tuple[float, float, float, float]:
    x, y, width, height = whole
    return (part[0] - x) / width, (part[1] - y) / height, part[2] / width, part[3] / height
