"""Affine maps (2, 3): joined, turned round, how strange a pose they are, and the one that lays a mask on a picture."""

from __future__ import annotations

import cv2
import numpy as np

from .model import Floats, Pixels

STRANGE, PLAIN, PLAINER = 0.4, 12.0, 0.55  # log units, for each doubling of one side or quarter turn
COARSE, FINE = 3, 3  # pixels, while aligning at half and at full size
HIDING, HIDDEN = 9, 0.45  # pixels around one, whose mean distance from the template tells that something hides it
MOST_STEPS, FEW_STEPS = 10, 4  # the few leave a mark that is partly hidden as large as it is


def inverse(warp: Floats) -> Floats:
    """The map (2, 3) back."""
    return np.asarray(cv2.invertAffineTransform(warp), np.float32)


def joined(outer: Floats, inner: Floats) -> Floats:
    """First `inner`, then `outer`: affine maps (2, 3)."""
    linear = outer[:, :2] @ inner[:, :2]
    return np.concatenate([linear, (outer[:, :2] @ inner[:, 2] + outer[:, 2])[:, None]], axis=1).astype(np.float32)


def leans(warps: Floats) -> Floats:
    """How much longer one way than another the maps (n, 2, 3) make things: shape (n,)."""
    (a, b), (c, d) = warps[:, 0, :2].T, warps[:, 1, :2].T
    half, area = (a * a + b * b + c * c + d * d) / 2, np.abs(a * d - b * c)
    root = np.sqrt(np.maximum(half * half - area * area, 0))
    return np.asarray(np.sqrt((half + root) / np.maximum(half - root, 1e-12)), np.float32)


def strangeness(warps: Floats, plain: Floats) -> Floats:
    """How much less likely marks, that plain (n,), are in such poses (n, 2, 3), in log units: much in the world is like
    a plain one, turned so."""
    (a, b), (c, d) = warps[:, 0, :2].T, warps[:, 1, :2].T
    pose = np.log2(leans(warps)) + np.abs(np.arctan2(c - b, a + d)) / np.float32(np.pi / 2)
    return np.asarray((STRANGE + PLAIN * np.maximum(0, plain - PLAINER)) * pose, np.float32)


def align(
    mask: Floats, alpha: Floats, start: Floats, blur: int, shown: Pixels, steps: int = MOST_STEPS
) -> Floats | None:
    """The affine warp, near identity, that lays `mask` on `alpha`, by what is `shown` of it; both are blurred by so
    many pixels. None if there is none."""
    stop = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_COUNT, steps, 1e-3)
    try:
        found = cv2.findTransformECC(mask, alpha, start.copy(), cv2.MOTION_AFFINE, stop, shown, blur)[1]
    except cv2.error:  # it did not converge
        return None
    warp = np.asarray(found, np.float32)
    if not np.isfinite(warp).all() or np.abs(warp[:, :2] - np.eye(2)).max() > 0.3:
        return None
    return warp


def coarsely(mask: Floats, alpha: Floats) -> Floats:
    """The same from identity, found at half size; identity if there is none."""
    size = max(mask.shape[1] // 2, 1), max(mask.shape[0] // 2, 1)
    small = np.asarray(cv2.resize(mask, size, interpolation=cv2.INTER_AREA), np.float32)
    seen = np.asarray(cv2.resize(alpha, size, interpolation=cv2.INTER_AREA), np.float32)
    scale = np.array(mask.shape[::-1], np.float32) / np.array(size, np.float32)
    start = np.eye(2, 3, dtype=np.float32)
    found = align(small, seen, start, COARSE, np.ones(small.shape, np.uint8), FEW_STEPS)
    if found is None:
        return start
    # Full-size pixel centres are scale * x + (scale - 1) / 2 of the small one's.
    linear = found[:, :2] * scale[:, None] / scale
    centre = (scale - 1) / 2
    return np.column_stack([linear, scale * found[:, 2] + centre - linear @ centre]).astype(np.float32)


def visible(mask: Floats, alpha: Floats) -> Pixels:
    """1 where nothing hides the mark."""
    return np.asarray(cv2.blur(np.abs(alpha - mask), (HIDING, HIDING)) < HIDDEN, np.uint8)


def laid(picture: Floats, warp: Floats) -> Floats:
    """The picture under a template that `warp` lays on it."""
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    size = picture.shape[1], picture.shape[0]
    return np.asarray(cv2.warpAffine(picture, warp, size, flags=flags, borderMode=cv2.BORDER_REPLICATE), np.float32)
