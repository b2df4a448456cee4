"""Connected regions of a picture that could be a flat mark or a part of one: figure and ground split at many levels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from .model import Indices, Pixels, Rects

LIGHTNESS = (30, 50, 75, 100, 125, 150, 175, 200, 225)
GREEN_RED = (114, 140, 152, 170)
BLUE_YELLOW = (100, 114, 142, 160, 180)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a region must be to be looked at. Sides in pixels, aspect is width over height, fill is area over box."""

    shorter: int = 9
    longer: int = 20
    longest: int = 340
    aspect: tuple[float, float] = (0.2, 9.0)
    fill: tuple[float, float] = (0.08, 0.97)


@dataclass(frozen=True, slots=True)
class Region:
    """A region's box in pixels (x, y, width, height) and its mask, 255 inside, of the box's size."""

    rect: tuple[int, int, int, int]
    mask: Pixels


def regions(image: Pixels, limits: Limits, join: int = 0) -> list[Region]:
    """Regions of a BGR picture, each once. Parts that lie less than `join` pixels apart count as one region."""
    found: list[Region] = []
    seen: set[tuple[int, ...]] = set()
    kernel = np.ones((join, join), np.uint8)
    for figure in _figures(image):
        source = cv2.dilate(figure, kernel) if join else figure
        _, labelled, measured, _ = cv2.connectedComponentsWithStats(source, connectivity=8, ltype=cv2.CV_32S)
        labels, stats = np.asarray(labelled, np.int32), np.asarray(measured, np.int32)
        for index in _plausible(stats, image.shape, limits):
            region = _cut(labels, figure, int(index), stats[index], join > 0)
            key = (*(side // 2 for side in region.rect), cv2.countNonZero(region.mask) // 24)
            if key not in seen:
                seen.add(key)
                found.append(region)
    return found


def _figures(image: Pixels) -> Iterator[Pixels]:
    """Binary pictures, 255 for figure, in both polarities."""
    lab = cv2.cvtColor(cv2.GaussianBlur(image, (3, 3), 0), cv2.COLOR_BGR2LAB)
    planes = cv2.split(lab)
    for pixels, levels in zip(planes, (LIGHTNESS, GREEN_RED, BLUE_YELLOW), strict=True):
        for level in levels:
            above = np.asarray(cv2.threshold(pixels, level, 255, cv2.THRESH_BINARY)[1], np.uint8)
            count = cv2.countNonZero(above)
            if 0 < count < above.size:
                yield above
                yield cv2.bitwise_not(above).astype(np.uint8, copy=False)
    for kind, offset in ((cv2.THRESH_BINARY, -12), (cv2.THRESH_BINARY_INV, 12)):
        local = cv2.adaptiveThreshold(planes[0], 255, cv2.ADAPTIVE_THRESH_MEAN_C, kind, 51, offset)
        yield np.asarray(local, np.uint8)


def _plausible(stats: Rects, shape: tuple[int, ...], limits: Limits) -> Indices:
    """Indices of the components within the limits that do not touch the picture's border; 0 is the ground."""
    x, y, width, height, area = stats.T
    shorter, longer = np.minimum(width, height), np.maximum(width, height)
    rough = np.flatnonzero((longer >= limits.longer) & (longer <= limits.longest) & (shorter >= limits.shorter))
    rough = rough[rough > 0]
    x, y, width, height, area = stats[rough].T
    fill, aspect = area / (width * height), width / height
    inside = (x > 0) & (y > 0) & (x + width < shape[1]) & (y + height < shape[0])
    shaped = (aspect >= limits.aspect[0]) & (aspect <= limits.aspect[1])
    return rough[inside & shaped & (fill >= limits.fill[0]) & (fill <= limits.fill[1])]


def _cut(labels: NDArray[np.int32], figure: Pixels, index: int, stat: NDArray[np.int32], joined: bool) -> Region:
    x, y, width, height = (int(value) for value in stat[:4])
    own = labels[y : y + height, x : x + width] == index
    if joined:  # dilation joined the parts: take it off again
        own &= figure[y : y + height, x : x + width] > 0
        rows, columns = np.flatnonzero(own.any(1)), np.flatnonzero(own.any(0))
        own = own[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        x, y, height, width = x + int(columns[0]), y + int(rows[0]), *own.shape
    return Region((x, y, width, height), own.astype(np.uint8) * 255)
