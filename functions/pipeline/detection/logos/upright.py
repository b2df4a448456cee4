"""Shapes nearly upright, in their boxes: finer than `canonical` for what is long, such as words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from .model import Floats, Pixels

SIDE = 20  # pixels of a shape's box, whatever its aspect
ANGLES = (-14.0, -7.0, 0.0, 7.0, 14.0)  # degrees


@dataclass(frozen=True, slots=True)
class Upright:
    """Shapes as vectors (n, SIDE²), and maps (n, 2, 3) from the glyph's coordinates to the shape's box, 0..1."""

    vectors: Floats
    into: Floats


def describe(masks: Sequence[Pixels]) -> Floats:
    """Masks of any size as vectors (n, SIDE²) of zero mean and unit length: dot products are correlations."""
    small = [cv2.resize(mask, (SIDE, SIDE), interpolation=cv2.INTER_AREA) for mask in masks]
    vectors = np.array(small, np.float32).reshape(-1, SIDE * SIDE)
    vectors -= vectors.mean(axis=1, keepdims=True)
    return vectors / (np.linalg.norm(vectors, axis=1, keepdims=True) + np.float32(1e-6))


def upright(layers: Sequence[Pixels], longer: int) -> Upright:
    """Layers of a glyph, of one size, whose box is `longer` pixels long, each turned a little."""
    made = [one for layer in layers for one in _turned(layer, longer)]
    return Upright(describe([mask for mask, _ in made]), np.stack([into for _, into in made]).astype(np.float32))


def _turned(layer: Pixels, longer: int) -> Iterator[tuple[Pixels, Floats]]:
    margin = longer // 3
    padded = np.pad(layer, margin)
    height, width = padded.shape
    for angle in ANGLES:
        turn = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), angle, 1)
        mask = np.asarray(cv2.warpAffine(padded, turn, (width, height)), np.uint8)
        x, y, w, h = cv2.boundingRect((mask > 100).astype(np.uint8))
        if w >= 4 and h >= 4:
            shift = turn[:, :2] @ np.full(2, margin - 0.5) + turn[:, 2] + 0.5 - (x, y)
            into = np.column_stack([turn[:, :2] * longer, shift]) / np.array([[w], [h]])
            yield mask[y : y + h, x : x + w], np.asarray(into, np.float32)
