"""Rectangles (x, y, width, height) in pixels: overlap, and non-maximum suppression."""

from __future__ import annotations

import numpy as np

from .model import Floats, Rects


def iou(one: Rects | Floats, many: Rects | Floats) -> Floats:
    """Intersection over union of one rectangle (4,) with many (n, 4): shape (n,)."""
    inner = _inner(one, many)
    union = np.prod(one[2:]) + np.prod(many[:, 2:], axis=1) - inner
    return (inner / np.maximum(union, 1e-6)).astype(np.float32)


def within(one: Floats, many: Floats) -> Floats:
    """How much of one rectangle (4,) lies within each of many (n, 4): shape (n,), 0..1."""
    return (_inner(one, many) / max(float(np.prod(one[2:])), 1e-6)).astype(np.float32)


def _inner(one: Rects | Floats, many: Rects | Floats) -> Floats:
    left_top = np.maximum(one[:2], many[:, :2])
    right_bottom = np.minimum(one[:2] + one[2:], many[:, :2] + many[:, 2:])
    return np.asarray(np.prod(np.maximum(right_bottom - left_top, 0), axis=1), np.float32)


def suppress(rects: Floats, scores: Floats, overlap: float = 0.3) -> list[int]:
    """Indices that survive non-maximum suppression, best first."""
    kept: list[int] = []
    for index in np.argsort(-scores, kind="stable"):
        if not kept or float(iou(rects[index], rects[kept]).max()) < overlap:
            kept.append(int(index))
    return kept
