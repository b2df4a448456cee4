"""Patches of luma planes: cut out, compared, found again. Pure. Places are in pixels of the plane."""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.uint8]
Patch = NDArray[np.float32]

SIDE = 72  # pixels of a patch, at most: a larger thing is looked for in a smaller plane
_LEAST = 6  # pixels of a template's side
_ALIKE = 14.0  # levels by which two pictures of one thing differ, after compression
_BINS = 85  # of the histogram of a change, 6 levels each
FLOOR = 0.02  # weight of what differs: a mask without any weight has no correlation
_STRAY = 0.06  # score that a find loses at the edge of the reach


class Place(NamedTuple):
    """A rectangle: its top left corner and its size."""

    x: float
    y: float
    width: float
    height: float

    @property
    def centre(self) -> tuple[float, float]:
        """The middle."""
        return self.x + self.width / 2, self.y + self.height / 2

    @classmethod
    def around(cls, x: float, y: float, width: float, height: float) -> Place:
        """The rectangle of this size whose middle is at (x, y)."""
        return cls(x - width / 2, y - height / 2, width, height)

    def towards(self, other: Place, share: float) -> Place:
        """The rectangle `share` (0 to 1) of the way to `other`."""
        return Place(*(a + (b - a) * share for a, b in zip(self, other, strict=True)))


class Found(NamedTuple):
    """Where a template fits best: its middle, its correlation (-1 to 1), and that less what the way there costs."""

    x: float
    y: float
    fit: float
    score: float


def size_of(*places: Place) -> tuple[int, int]:
    """The size of patches of a thing at these places: its largest, in the smaller plane where it is large."""
    width, height = max(one.width for one in places), max(one.height for one in places)
    scale = min(1.0, SIDE / max(width, height))
    return max(_LEAST, round(width * scale)), max(_LEAST, round(height * scale))


def cut(plane: Plane, place: Place, size: tuple[int, int]) -> Patch:
    """The part of the plane at `place`, brought to `size`."""
    x, y = place.width / size[0], place.height / size[1]
    back = np.array([[x, 0, place.x - 0.5 + x / 2], [0, y, place.y - 0.5 + y / 2]], np.float32)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(plane, back, size, flags=flags, borderMode=cv2.BORDER_REPLICATE).astype(np.float32)


def difference(one: Patch, other: Patch) -> Patch:
    """Levels by which two patches of the same size differ, where the largest part that changed alike did not."""
    change = one - other
    counts, edges = np.histogram(change, bins=_BINS, range=(-255.0, 255.0))
    peak = int(np.convolve(counts, (1, 2, 1), "same").argmax())
    alike = change[np.abs(change - (edges[peak] + edges[peak + 1]) / 2) <= _ALIKE]
    return np.abs(change - (alike.mean() if alike.size else 0.0)).astype(np.float32)


def common(difference: Patch) -> Patch:
    """Weights, 0 to 1: what two patches of one thing share is the thing, the rest is what lay behind it."""
    smooth = cv2.GaussianBlur(difference, (0, 0), 1.0)
    return (np.exp(-((smooth / _ALIKE) ** 2)) * (1 - FLOOR) + FLOOR).astype(np.float32)


def strength(template: Patch, patch: Patch, weights: Patch) -> float:
    """The contrast of a patch, as a share of the template's: what fades out still fits, and goes to 0."""
    total = float(weights.sum())
    one = template - float((template * weights).sum()) / total
    other = patch - float((patch * weights).sum()) / total
    return float((weights * one * other).sum() / max(1e-6, float((weights * one * one).sum())))


def find(plane: Plane, patch: Patch, weights: Patch, expected: Place, reach: int) -> Found | None:
    """The place near `expected`, up to `reach` pixels away, at which the patch fits best in this size.

    None if the picture has no room for it there.
    """
    scale = min(1.0, SIDE / max(expected.width, expected.height))
    width, height = (max(_LEAST, round(side * scale)) for side in (expected.width, expected.height))
    x, y = expected.centre
    left, top = max(0, round(x - expected.width / 2) - reach), max(0, round(y - expected.height / 2) - reach)
    right, bottom = round(x + expected.width / 2) + reach, round(y + expected.height / 2) + reach
    region = plane[top : max(top, bottom), left : max(left, right)]
    if scale < 1 and region.size:
        smaller = (max(1, round(region.shape[1] * scale)), max(1, round(region.shape[0] * scale)))
        region = cv2.resize(region, smaller, interpolation=cv2.INTER_AREA)
    if region.shape[0] < height or region.shape[1] < width:
        return None
    template = cv2.resize(patch, (width, height), interpolation=cv2.INTER_AREA)
    mask = cv2.resize(weights, (width, height), interpolation=cv2.INTER_AREA)
    fit = cv2.matchTemplate(region.astype(np.float32), template, cv2.TM_CCOEFF_NORMED, mask=mask)
    fit = np.where(np.isfinite(fit) & (np.abs(fit) <= 1.0001), fit, -1.0)
    rows, columns = np.mgrid[0 : fit.shape[0], 0 : fit.shape[1]]
    across, down = (columns + width / 2) / scale + left, (rows + height / 2) / scale + top
    score = fit - _STRAY * ((across - x) ** 2 + (down - y) ** 2) / reach**2
    row, column = divmod(int(score.argmax()), fit.shape[1])
    return Found(
        float(across[row, column]) + peak(fit[row, :], column) / scale,
        float(down[row, column]) + peak(fit[:, column], row) / scale,
        float(fit[row, column]),
        float(score[row, column]),
    )


def peak(line: NDArray[np.floating], at: int) -> float:
    """How far the peak of a line of fits lies from its largest value, in pixels: by a parabola."""
    if not 0 < at < len(line) - 1:
        return 0.0
    before, here, after = (float(one) for one in line[at - 1 : at + 2])
    bend = before - 2 * here + after
    return max(-0.5, min(0.5, 0.5 * (before - after) / bend)) if bend < -1e-6 else 0.0
