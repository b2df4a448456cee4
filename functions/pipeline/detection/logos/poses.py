"""Forms of a glyph that a picture may show: the whole, its parts, what is left when something hides a piece of it, and
what blur makes of it. None is turned or tilted: `canonical` compares them in any pose."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np

from .canonical import Spectra, frames, rotations, spectra
from .model import Floats, Pixels
from .regions import Limits, traced
from .upright import Upright, upright

LONGER = 128  # pixels of the glyph's longer side
PART_AREA = 0.05  # of the glyph's box, below which a part is not worth looking for
PART_SIDE = 0.35  # of the glyph's longer side
PLAIN = 0.93  # correlation with a disc or a rectangle above which a part says nothing
MOST_PARTS = 6
PARTS = Limits(shorter=5, longer=12, longest=LONGER, aspect=(0.08, 12.0), fill=(0.05, 0.97))
SIDES, HIDDEN = 8, (0.16, 0.32)  # ways from which something covers a glyph, and how much of it
POLES, POLE = 4, 0.25  # ways in which a pole stands before the middle of it, and how much that covers
BLUR = 0.2  # of the glyph's size, by which the camera moves
SOFT = 0.035  # of the glyph's size: what few pixels leave of it


@dataclass(frozen=True, slots=True)
class Forms:
    """All forms of a glyph, n of them: their spectra, and the frames (n, 2, 3) that lead from whitened coordinates to
    those of the glyph, whose box is 1 long, with its corner at 0, 0. The first is the whole. `plain`: how much that is
    like a disc, a rectangle or a triangle in some pose, -1..1."""

    spectra: Spectra
    frames: Floats
    plain: float
    upright: Upright


def forms(glyph: Pixels) -> Forms:
    """The forms of a glyph's mask (255 inside), cut to its box."""
    scale = LONGER / max(glyph.shape)
    small = np.asarray(cv2.resize(glyph, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    masks, corners = list[Pixels](), list[tuple[int, int]]()
    parts = _parts(small)
    for form in (small, *parts, *_covered(small), *_blurred(small)):
        mask = form if form is small else np.pad(form, 1)
        x, y, width, height = cv2.boundingRect((mask > 100).astype(np.uint8))
        if width >= 4 and height >= 4:
            masks.append(mask[y : y + height, x : x + width])
            off = 0 if form is small else (form.shape[0] - small.shape[0]) // 2 + 1
            corners.append((x - off, y - off))
    waves, placed = spectra(masks)
    placed[:, :, 2] += np.array(corners, np.float32) + 0.5
    simple = _simple()
    plain = float(rotations(np.repeat(waves[:1], len(simple), axis=0), simple)[0].max())
    return Forms(waves, (placed / np.float32(LONGER)).astype(np.float32), plain, upright([small, *parts], LONGER))


@cache
def _simple() -> Spectra:
    """A disc, a rectangle, a triangle, half a disc and rings."""
    disc, triangle = np.zeros((128, 128), np.uint8), np.zeros((128, 128), np.uint8)
    cv2.circle(disc, (64, 64), 63, 255, -1)
    cv2.fillPoly(triangle, [np.array([(64, 0), (127, 127), (0, 127)], np.int32)], 255)
    rings = [np.asarray(cv2.circle(np.zeros_like(disc), (64, 64), 52, 255, wide), np.uint8) for wide in (12, 22)]
    return spectra([disc, np.full_like(disc, 255), triangle, disc[:64], *rings])[0]


def _parts(small: Pixels) -> list[Pixels]:
    """Regions of figure and of ground, and groups of them, that are large and not plain."""
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
    return [mask for _, mask in parts[:MOST_PARTS]]


def _telling(mask: Pixels, shape: tuple[int, ...]) -> bool:
    x, y, width, height = cv2.boundingRect((mask > 100).astype(np.uint8))
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


def _covered(small: Pixels) -> Iterator[Pixels]:
    """What something from one side, or a pole, leaves: ways are even in whitened coordinates."""
    frame = frames([small])[0][0].astype(np.float64)
    if abs(np.linalg.det(frame[:, :2])) < 1e-6:
        return
    height, width = small.shape
    shrunk = max(height, width) / min(max(height, width), 40)
    y, x = np.mgrid[0:height, 0:width]
    at = np.linalg.solve(frame[:, :2], np.stack([x.ravel(), y.ravel()]) / shrunk - frame[:, 2:])
    inked = small.ravel() > 100
    for turn in range(SIDES):
        depth = at[0] * np.cos(2 * np.pi * turn / SIDES) + at[1] * np.sin(2 * np.pi * turn / SIDES)
        ordered = np.sort(depth[inked])
        for hidden in HIDDEN:
            low = ordered[int(hidden * len(ordered))]
            yield np.where((depth >= low).reshape(small.shape), small, np.uint8(0))
    for turn in range(POLES):
        depth = at[0] * np.cos(np.pi * turn / POLES) + at[1] * np.sin(np.pi * turn / POLES)
        ordered = np.sort(depth[inked])
        low, high = (ordered[int((0.5 + side * POLE / 2) * len(ordered))] for side in (-1, 1))
        yield np.where(((depth < low) | (depth > high)).reshape(small.shape), small, np.uint8(0))


def _blurred(small: Pixels) -> Iterator[Pixels]:
    """Half the ink's strength and more, after a move of the camera each of four ways, and of few pixels."""
    size = float(np.sqrt(small.shape[0] * small.shape[1]))
    margin = int(BLUR * size) + 2
    padded = np.pad(small, margin)
    side = 2 * (margin // 2) + 1
    middle = side // 2
    for turn in range(4):
        way = np.array([np.cos(np.pi * turn / 4), np.sin(np.pi * turn / 4)]) * BLUR * size / 2
        kernel = np.zeros((side, side), np.float32)
        start, end = (np.rint(middle + sign * way).astype(int).tolist() for sign in (-1, 1))
        cv2.line(kernel, start, end, 1.0)
        yield _half(cv2.filter2D(padded, -1, kernel / kernel.sum()))
    yield _half(cv2.GaussianBlur(padded, (0, 0), SOFT * size))


def _half(soft: cv2.typing.MatLike) -> Pixels:
    return np.asarray(cv2.threshold(soft, 110, 255, cv2.THRESH_BINARY)[1], np.uint8)
