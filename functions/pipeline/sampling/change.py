"""Change between two luma planes, apart from the camera's move and the light. Pure.

A value is explained if it lies between the darkest and the lightest near its place in the other plane, give or take the
noise: a thing that moved a little is explained so, one that appeared is not. The test costs two small morphological
operations.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from .picture import HEIGHT, WIDTH, Plane

Mask = NDArray[np.bool_]

_NEAR = np.ones((3, 3), np.uint8)  # of a plane: 16 pixels of 720p each way
_TOLERANCE = 9.0  # levels of 255, beside noise
_NOISES = 3.0  # deviations of the noise
_LIGHT = 14.0  # levels by which all of a picture may be lighter or darker and still be the same: lamps, exposure
_GAIN = 0.1  # and more or less contrasty
_SURE = 0.12  # of a phase correlation's peak; less is not a move of the camera
_MOST_NOISE = 4.0  # levels: a larger difference is a change
_EVEN = 40  # rows: OpenCV is half a pixel off where the size it works in, here 45, is odd
_OUTLIER = np.int16(12)  # levels: a larger difference is not noise, and counts as this much
_MEAN_TO_DEVIATION = 1.2533 / 2**0.5  # of the mean absolute difference of two noisy values
_PIECES = ((0.005, 2), (0.012, 3), (0.025, 4), (1.1, 5))  # unrest below which, pixels of a piece's side
_WINDOW = cv2.createHanningWindow((WIDTH, _EVEN), cv2.CV_32F)


@dataclass(frozen=True, slots=True)
class Shift:
    """A move of the picture's content, in pixels of a plane."""

    x: float = 0.0
    y: float = 0.0

    def __add__(self, other: Shift) -> Shift:
        return Shift(self.x + other.x, self.y + other.y)

    @property
    def any(self) -> bool:
        """More than a tremor."""
        return abs(self.x) >= 0.5 or abs(self.y) >= 0.5


def shift(before: Plane, now: Plane) -> Shift:
    """The shift of the content by the camera's move, by phase correlation; zero unless it is plain."""
    (x, y), peak = cv2.phaseCorrelate(before[:_EVEN].astype(np.float32), now[:_EVEN].astype(np.float32), _WINDOW)
    return Shift(x, y) if peak >= _SURE and abs(x) < WIDTH / 3 and abs(y) < HEIGHT / 3 else Shift()


def moved(plane: Plane, by: Shift) -> tuple[Plane, Mask | None]:
    """The plane shifted, and the mask of the part that came into view and is unknown; None if there is none."""
    if not by.any:
        return plane, None
    matrix = np.array([[1, 0, by.x], [0, 1, by.y]])
    shifted = cv2.warpAffine(plane, matrix, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REPLICATE)
    known = cv2.warpAffine(np.ones_like(plane), matrix, (WIDTH, HEIGHT), flags=cv2.INTER_NEAREST)
    return np.asarray(shifted, np.uint8), np.asarray(known == 0)


def relit(before: Plane, now: Plane) -> Plane:
    """`now` in the light of `before`, as far as lamps and a camera's exposure go: a fade is more than that."""
    x, y = before.astype(np.float32), now.astype(np.float32)
    offset = float(np.clip(np.median(y - x), -_LIGHT, _LIGHT))
    same = np.abs(y - x - offset) <= 2 * _LIGHT
    if np.count_nonzero(same) < same.size / 2:
        return now
    kept, spread = y[same], float(x[same].var())
    gain = float(np.mean((x[same] - x[same].mean()) * (kept - kept.mean()))) / spread if spread >= 1 else 1.0
    gain = float(np.clip(gain, 1 - _GAIN, 1 + _GAIN))
    offset = float(np.clip(kept.mean() - gain * x[same].mean(), -_LIGHT, _LIGHT))
    return ((y - offset) / gain).clip(0, 255).round().astype(np.uint8)


def noise(before: Plane, now: Plane) -> float:
    """The deviation of the noise, in levels, from two planes in one light that follow each other."""
    off = np.minimum(np.abs(now.astype(np.int16) - before), _OUTLIER)
    return min(_MOST_NOISE, float(np.mean(off)) * _MEAN_TO_DEVIATION)


def unexplained(before: Plane, now: Plane, deviation: float) -> Mask:
    """Mask of pixels of either plane without a match near by in the other: a thing came or went."""
    lit, tolerance = relit(before, now), np.int16(round(_TOLERANCE + _NOISES * deviation))
    return _outside(lit, before, tolerance) | _outside(before, lit, tolerance)


def _outside(plane: Plane, other: Plane, tolerance: np.int16) -> Mask:
    darkest, lightest = cv2.erode(other, _NEAR).astype(np.int16), cv2.dilate(other, _NEAR).astype(np.int16)
    return np.asarray((plane < darkest - tolerance) | (plane > lightest + tolerance))


def compact(mask: Mask, unrest: float = 0.0) -> Plane:
    """The compact parts of a mask, 0 or 1: the edges of moving things are scattered, a thing that comes is not.

    `unrest` is the share of the picture that is new at each look: the more, the larger a piece must be.
    """
    whole = mask.astype(np.uint8)
    size = next(size for limit, size in _PIECES if unrest < limit)
    return np.asarray(cv2.morphologyEx(whole, cv2.MORPH_OPEN, np.ones((size, size), np.uint8)), np.uint8)


def share(mask: Mask | Plane) -> float:
    """Share of the picture that a mask covers, 0 to 1."""
    return float(np.count_nonzero(mask)) / mask.size
