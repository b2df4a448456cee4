"""Connected regions of a picture that could be a flat mark or a part of one: figure and ground split at many levels.

One tracing of edges gives the regions of both polarities: outer edges are those of figure, edges of holes those of
ground. That is ten times as fast as labelling each polarity.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from .groups import groups
from .model import Indices, Pixels, Rects

LIGHTNESS = (18, 34, 52, 75, 100, 125, 150, 175, 200, 222, 240)
GREEN_RED = (114, 140, 152, 170)
BLUE_YELLOW = (100, 114, 142, 160, 180)
Rect = tuple[int, int, int, int]
Edge = cv2.typing.MatLike  # points (n, 1, 2)
FINE = 24  # part of a region's size by which another must differ to be looked at too
SMALLEST = 5  # pixels of the longer side of a part of a group


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of regions. Sides in pixels, aspect is width over height, fill is area over box."""

    shorter: int = 9
    longer: int = 20
    longest: int = 340
    aspect: tuple[float, float] = (0.2, 9.0)
    fill: tuple[float, float] = (0.08, 0.97)


@dataclass(frozen=True, slots=True)
class Region:
    """A region's box in pixels (x, y, width, height) and its mask, 255 inside, of the box's size.

    The mask is all of the region's colour within its outer edge: what lies in its holes belongs to it.
    """

    rect: Rect
    mask: Pixels


def regions(image: Pixels, limits: Limits) -> list[Region]:
    """Regions of a BGR picture and groups of them that lie close, each once."""
    found: dict[tuple[int, ...], Region] = {}
    seen: set[tuple[int, ...]] = set()
    for above in _levels(image):
        for region in traced(above, limits, seen):
            found.setdefault(_like(region.rect, cv2.countNonZero(region.mask)), region)
    return list(found.values())


def traced(above: Pixels, limits: Limits, seen: set[tuple[int, ...]]) -> Iterator[Region]:
    """Regions and groups, of both polarities, of a binary picture, but those much like one `seen` in another."""
    edges, nesting = cv2.findContours(above, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    long = [index for index, edge in enumerate(edges) if len(edge) >= 2 * SMALLEST]
    if not long:
        return
    holes = nesting[0, long, 3] >= 0
    rects = np.array([cv2.boundingRect(edges[index]) for index in long], np.int32)
    rects[holes] += np.array([1, 1, -2, -2], np.int32)  # a hole's edge runs outside of it
    ends = rects[:, :2] + rects[:, 2:]
    inside = (rects[:, :2] > 0).all(axis=1) & (ends[:, 0] < above.shape[1]) & (ends[:, 1] < above.shape[0])
    for polarity in (~holes, holes):
        chosen = np.flatnonzero(inside & polarity)
        if not len(chosen):
            continue
        figure = above if polarity is not holes else np.asarray(cv2.bitwise_not(above), np.uint8)
        boxes, own = rects[chosen], [edges[long[index]] for index in chosen]
        members = [np.array([index]) for index in range(len(chosen))] + list(groups(boxes))
        for rect, indices in _wanted(boxes, members, limits):
            whose = [own[index] for index in indices]
            key = (*_like(rect, 8 * sum(map(len, whose))), int(polarity is holes))
            if key not in seen:
                seen.add(key)
                if (region := _cut(figure, rect, whose, limits)) is not None:
                    yield region


def _like(rect: Rect, amount: int) -> tuple[int, ...]:
    """A key that is the same for two boxes, and their content, that differ by little for their size."""
    x, y, width, height = rect
    step = max(2, max(width, height) // FINE)
    return x // step, y // step, width // step, height // step, amount // max(24, width * height // FINE)


def _levels(image: Pixels) -> Iterator[Pixels]:
    """Binary pictures, 255 where a plane is above a level."""
    lab = cv2.cvtColor(cv2.GaussianBlur(image, (3, 3), 0), cv2.COLOR_BGR2LAB)
    planes = cv2.split(lab)
    for pixels, levels in zip(planes, (LIGHTNESS, GREEN_RED, BLUE_YELLOW), strict=True):
        for level in levels:
            yield np.asarray(cv2.threshold(pixels, level, 255, cv2.THRESH_BINARY)[1], np.uint8)
    for kind, offset in ((cv2.THRESH_BINARY, -12), (cv2.THRESH_BINARY_INV, 12)):
        local = cv2.adaptiveThreshold(planes[0], 255, cv2.ADAPTIVE_THRESH_MEAN_C, kind, 51, offset)
        yield np.asarray(local, np.uint8)


def _wanted(boxes: Rects, members: Sequence[Indices], limits: Limits) -> Iterator[tuple[Rect, Indices]]:
    """Boxes around each of the groups that are within the limits of size and aspect."""
    starts = np.cumsum([0, *(len(group) for group in members[:-1])])
    every = boxes[np.concatenate(members)]
    low = np.minimum.reduceat(every[:, :2], starts)
    sides = np.maximum.reduceat(every[:, :2] + every[:, 2:], starts) - low
    width, height = sides.T
    shorter, longer = sides.min(axis=1), sides.max(axis=1)
    wanted = (shorter >= limits.shorter) & (longer >= limits.longer) & (longer <= limits.longest)
    wanted &= (width >= limits.aspect[0] * height) & (width <= limits.aspect[1] * height)
    for index in np.flatnonzero(wanted).tolist():
        x, y, w, h = (*low[index].tolist(), *sides[index].tolist())
        yield (x, y, w, h), members[index]


def _cut(figure: Pixels, rect: Rect, edges: Sequence[Edge], limits: Limits) -> Region | None:
    """The part of `figure` within the edges, as one region; None outside of the limits of fill."""
    x, y, width, height = rect
    mask = np.zeros((height, width), np.uint8)
    for edge in edges:
        cv2.drawContours(mask, [edge], 0, 255, cv2.FILLED, offset=(-x, -y))
    cv2.bitwise_and(mask, figure[y : y + height, x : x + width], dst=mask)
    if not limits.fill[0] * mask.size <= cv2.countNonZero(mask) <= limits.fill[1] * mask.size:
        return None
    return Region(rect, mask)
