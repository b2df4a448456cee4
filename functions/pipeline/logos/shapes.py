"""Describes a flat shape by its mask and compares it with reference shapes seen from many angles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from .model import Floats, Pixels

SIDE = 32
ANGLES = range(-20, 21, 5)
SHEARS = (-0.12, 0.0, 0.12)
ASPECT_TOLERANCE = 0.25  # in log units


def describe(mask: Pixels) -> Floats:
    """A mask of any size as a vector (SIDE²,) of zero mean and unit length: dot products are correlations."""
    vector = cv2.resize(mask, (SIDE, SIDE), interpolation=cv2.INTER_AREA).astype(np.float32).ravel()
    vector -= vector.mean()
    return vector / (float(np.linalg.norm(vector)) + 1e-6)


class ShapeIndex:
    """Reference glyphs, each turned and sheared, as one matrix."""

    def __init__(self, glyphs: Sequence[Pixels]) -> None:
        rows: list[Floats] = []
        owners: list[int] = []
        aspects: list[float] = []
        for owner, glyph in enumerate(glyphs):
            for view in views(glyph):
                rows.append(describe(view))
                owners.append(owner)
                aspects.append(float(np.log(view.shape[1] / view.shape[0])))
        self._matrix = np.stack(rows) if rows else np.zeros((0, SIDE * SIDE), np.float32)
        self._owners = np.array(owners, np.intp)
        self._aspects = np.array(aspects, np.float32)

    def best(self, masks: Sequence[Pixels]) -> tuple[NDArray[np.intp], Floats]:
        """For each mask the glyph that fits best and the correlation, -1..1."""
        if not masks or not len(self._matrix):
            return np.zeros(len(masks), np.intp), np.full(len(masks), -1, np.float32)
        aspects = np.array([np.log(mask.shape[1] / mask.shape[0]) for mask in masks], np.float32)
        scores = np.stack([describe(mask) for mask in masks]) @ self._matrix.T
        scores[np.abs(aspects[:, None] - self._aspects[None]) > ASPECT_TOLERANCE] = -1
        columns = scores.argmax(axis=1)
        return self._owners[columns], scores[np.arange(len(masks)), columns]


def views(glyph: Pixels) -> Iterator[Pixels]:
    """The glyph's mask (255 inside) turned and sheared, each cut to its box, the longer side about 128."""
    scale = 128 / max(glyph.shape)
    small = cv2.resize(glyph, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    padded = cv2.copyMakeBorder(small, 80, 80, 80, 80, cv2.BORDER_CONSTANT, value=0)
    height, width = padded.shape[:2]
    for angle in ANGLES:
        for shear in SHEARS:
            turn = np.vstack([cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1), [0, 0, 1]])
            tilt = np.array([[1, shear, -shear * height / 2], [0, 1, 0], [0, 0, 1]])
            warped = cv2.warpAffine(padded, (turn @ tilt)[:2], (width, height))
            rows, columns = np.flatnonzero((warped > 100).any(1)), np.flatnonzero((warped > 100).any(0))
            yield warped[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].astype(np.uint8, copy=False)
