"""Connected regions of a picture that could be a flat mark: figure and ground split at many levels of three planes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from .model import Pixels, Rects

LIGHTNESS = (40, 70, 100, 130, 160, 190, 215)
GREEN_RED = (114, 146, 165)
BLUE_YELLOW = (100, 114, 142, 160, 180)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a region must be to be looked at. Sides in pixels, aspect is width over height, fill is area over box."""

    min_side: int = 18
    max_side: int = 300
    aspect: tuple[float, float] = (0.2, 9.0)
    fill: tuple[float, float] = (0.06, 0.98)


@dataclass(frozen=True, slots=True)
class Region:
    """A region's box in pixels (x, y, width, height) and its mask, 255 inside, of the box's size."""

    rect: tuple[int, int, int, int]
    mask: Pixels


def regions(image: Pixels, limits: Limits, join: int) -> list[Region]:
    """Regions of a BGR picture, each once. `join` is how far, in pixels, the parts of one mark may lie apart."""
    found: list[Region] = []
    seen: set[tuple[int, ...]] = set()
    kernel = np.ones((join, join), np.uint8)
    for figure in _figures(image):
        for joined in (False, True):
            source = cv2.dilate(figure, kernel) if joined else figure
            _, labelled, measured, _ = cv2.connectedComponentsWithStats(source, connectivity=8, ltype=cv2.CV_32S)
            labels, stats = np.asarray(labelled, np.int32), np.asarray(measured, np.int32)
            for index in _plausible(stats, image.shape, limits):
                region = _cut(labels, figure, int(index), stats[index], joined)
                key = (*(side // 2 for side in region.rect), int(np.count_nonzero(region.mask)) // 24)
                if key not in seen and min(region.rect[2:]) >= limits.min_side:
                    seen.add(key)
                    found.append(region)
    return found


def _figures(image: Pixels) -> Iterator[Pixels]:
    """Binary pictures, 255 for figure, in both polarities."""
    lab = cv2.cvtColor(cv2.GaussianBlur(image, (3, 3), 0), cv2.COLOR_BGR2LAB)
    lightness = np.ascontiguousarray(lab[..., 0])
    for plane, levels in enumerate((LIGHTNESS, GREEN_RED, BLUE_YELLOW)):
        pixels = np.ascontiguousarray(lab[..., plane])
        for level in levels:
            above = cv2.threshold(pixels, level, 255, cv2.THRESH_BINARY)[1].astype(np.uint8, copy=False)
            yield above
            yield cv2.bitwise_not(above).astype(np.uint8, copy=False)
    for kind, offset in ((cv2.THRESH_BINARY, -12), (cv2.THRESH_BINARY_INV, 12)):
        local = cv2.adaptiveThreshold(lightness, 255, cv2.ADAPTIVE_THRESH_MEAN_C, kind, 51, offset)
        yield local.astype(np.uint8, copy=False)


def _plausible(stats: Rects, shape: tuple[int, ...], limits: Limits) -> NDArray[np.intp]:
    """Indices of the components within the limits that do not touch the picture's border; 0 is the ground."""
    x, y, width, height, area = stats[:, 0], stats[:, 1], stats[:, 2], stats[:, 3], stats[:, 4]
    fill = area / np.maximum(width * height, 1)
    aspect = width / np.maximum(height, 1)
    inside = (x > 0) & (y > 0) & (x + width < shape[1]) & (y + height < shape[0])
    sized = (np.minimum(width, height) >= limits.min_side) & (np.maximum(width, height) <= limits.max_side)
    shaped = (aspect >= limits.aspect[0]) & (aspect <= limits.aspect[1])
    filled = (fill >= limits.fill[0]) & (fill <= limits.fill[1])
    chosen = np.flatnonzero(inside & sized & shaped & filled)
    return chosen[chosen > 0]


def _cut(labels: NDArray[np.int32], figure: Pixels, index: int, stat: NDArray[np.int32], joined: bool) -> Region:
    x, y, width, height = (int(value) for value in stat[:4])
    own = labels[y : y + height, x : x + width] == index
    if joined:  # dilation joined the parts: take it off again
        own &= figure[y : y + height, x : x + width] > 0
        rows, columns = np.flatnonzero(own.any(1)), np.flatnonzero(own.any(0))
        own = own[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        x, y, height, width = x + int(columns[0]), y + int(rows[0]), *own.shape
    return Region((x, y, width, height), own.astype(np.uint8) * 255)
