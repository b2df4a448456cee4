"""Sharpness of what a box holds, from the plane of a picture. Pure."""

from __future__ import annotations

import numpy as np

from ..domain.model import Box
from .patches import Plane

LEAST = 6  # pixels of a plane: what is smaller shows no edge
CONTRAST = 12.0  # levels of 255 between its dark and its light, below which there is nothing to be sharp


def sharpness(plane: Plane, box: Box) -> float | None:
    """How steep its steepest edges are, 0..1, whatever their contrast: 1 where dark becomes light from one pixel of the
    plane to the next. None where there is too little to see."""
    height, width = plane.shape
    left, right = max(round(box.x * width), 0), min(round((box.x + box.width) * width), width)
    top, bottom = max(round(box.y * height), 0), min(round((box.y + box.height) * height), height)
    if right - left < LEAST or bottom - top < LEAST:
        return None
    part = plane[top:bottom, left:right].astype(np.float32)
    dark, light = np.percentile(part, (2, 98))
    if light - dark < CONTRAST:
        return None
    across, down = np.abs(np.diff(part, axis=1)), np.abs(np.diff(part, axis=0))
    steps = np.concatenate([across.ravel(), down.ravel()])
    return round(min(float(np.percentile(steps, 99)) / float(light - dark), 1.0), 3)
