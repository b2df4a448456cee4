"""A board with a mark, seen on a surface and laid into a picture."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from ..paint import Box, Paint
from .surfaces import Surface

FINE = 2  # the patch is made so many times as large, then shrunk
PLATE = 0.22  # of the mark's shorter side, around it


@dataclass(frozen=True)
class Laid:
    """What was laid: shares of ink and of plate in each pixel of `area`, a slice of the picture, and the mark's box."""

    area: tuple[slice, slice]
    ink: np.ndarray
    plate: np.ndarray
    box: Box


def glyph(mark: np.ndarray, size: int) -> np.ndarray:
    """A BGRA mark's shape at FINE times its size: `size` pixels high, or 2.2 `size` wide if that is less."""
    x, y, width, height = cv2.boundingRect((mark[..., 3] > 100).astype(np.uint8))
    scale = FINE * min(size / height, 2.2 * size / width)
    cut = mark[y : y + height, x : x + width, 3]
    return cv2.resize(cut, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)


def lay(shape: tuple[int, ...], drawn: np.ndarray, surface: Surface, random: np.random.Generator) -> Laid | None:
    """A place for the mark on a picture of that shape; None where it does not fit."""
    high, wide = (side / FINE for side in drawn.shape)
    reach = int(0.75 * float(np.hypot(high, wide))) + 8
    at = (np.arange(2 * reach * FINE, dtype=np.float64) + 0.5) / FINE - reach
    u, v = surface(*np.meshgrid(at, at))
    plate = int(PLATE * min(drawn.shape)) + 4 * FINE
    flat = cv2.copyMakeBorder(drawn, plate, plate, plate, plate, cv2.BORDER_CONSTANT, value=0)
    across = ((u * FINE) + flat.shape[1] / 2 - 0.5).astype(np.float32)
    down = ((v * FINE) + flat.shape[0] / 2 - 0.5).astype(np.float32)
    layers = [
        cv2.resize(
            cv2.remap(layer, across, down, cv2.INTER_LINEAR, borderValue=0),
            (2 * reach, 2 * reach),
            interpolation=cv2.INTER_AREA,
        )
        for layer in (flat, np.full_like(flat, 255))
    ]
    left, top, width, height = cv2.boundingRect((layers[1] > 0).astype(np.uint8))
    free = shape[1] - width, shape[0] - height
    if min(free) <= 0:
        return None
    x, y = (int(random.integers(side)) for side in free)
    ink, board = (layer[top : top + height, left : left + width] / 255.0 for layer in layers)
    gx, gy, gw, gh = cv2.boundingRect((ink > 0.4).astype(np.uint8))
    return Laid((slice(y, y + height), slice(x, x + width)), ink, board, (x + gx, y + gy, gw, gh))


def colour(image: np.ndarray, laid: Laid, ink: Paint, plate: Paint | None) -> None:
    """Paints what was laid, in place; without a plate the mark lies bare."""
    area = image[laid.area]
    layers = [(laid.ink, ink)] if plate is None else [(laid.plate, plate), (laid.ink, ink)]
    for layer, color in layers:
        share = layer[..., None]
        area[:] = (area * (1 - share) + np.array(color) * share).round().astype(np.uint8)


def hide(image: np.ndarray, laid: Laid, part: float, other: np.ndarray, random: np.random.Generator) -> None:
    """Covers that part of the ink with a piece of another picture of the same size, or with a plain colour: from one
    side as by a person, or across as by a pole."""
    rows, columns = np.nonzero(laid.ink > 0.4)
    heading = random.uniform(0, 2 * np.pi)
    height, width = laid.ink.shape
    y, x = np.mgrid[0:height, 0:width]
    depth = np.cos(heading) * x + np.sin(heading) * y
    inked = np.sort(depth[rows, columns])
    start = 0.0 if random.random() < 0.7 else random.uniform(0.1, 0.9 - part)
    low = -np.inf if start == 0.0 else inked[int(start * len(inked))]
    covered = (depth >= low) & (depth < inked[min(int((start + part) * len(inked)), len(inked) - 1)])
    plain = np.full((height, width, 3), random.uniform(20, 235, 3)) * (0.8 + 0.4 * x[..., None] / width)
    what = other[laid.area] if random.random() < 0.5 else np.clip(plain, 0, 255)
    share = cv2.GaussianBlur(covered.astype(np.float64), (3, 3), 0)[..., None]
    area = image[laid.area]
    area[:] = (area * (1 - share) + what * share).round().astype(np.uint8)
