"""Pictures as OWLv2 takes them: square, grey where they have nothing."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]
_GREY = 128  # what the model was trained with, below and beside a picture
_SHARE = 0.7  # of the square that a mark's longer side takes
_LIGHT, _WHITE, _DARK = 190, 245, 25  # grey levels
_OPAQUE = 40  # of 255


def square(image: Pixels, side: int) -> Pixels:
    """A BGR picture in the upper left of a square of `side` pixels, RGB."""
    scale = side / max(image.shape[:2])
    height, width = (max(1, min(side, round(length * scale))) for length in image.shape[:2])
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    made = np.full((side, side, 3), _GREY, np.uint8)
    made[:height, :width] = cv2.cvtColor(cv2.resize(image, (width, height), interpolation=how), cv2.COLOR_BGR2RGB)
    return made


def mark(picture: Pixels, side: int) -> tuple[Pixels, Floats]:
    """A reference mark (grey, BGR or BGRA) in the middle of a square, RGB, and its box (x, y, width, height) in 0..1.

    One with transparency lies on white, or on a dark ground if it is light itself.
    """
    opaque = _laid(picture)
    scale = _SHARE * side / max(opaque.shape[:2])
    height, width = (max(1, round(length * scale)) for length in opaque.shape[:2])
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    resized = cv2.resize(opaque, (width, height), interpolation=how)
    small = np.asarray(cv2.cvtColor(resized, cv2.COLOR_BGR2RGB), np.uint8)
    made = np.full((side, side, 3), np.median(_border(small), axis=0).astype(np.uint8), np.uint8)
    y, x = (side - height) // 2, (side - width) // 2
    made[y : y + height, x : x + width] = small
    return made, (np.array([x, y, width, height]) / side).astype(np.float32)


def _laid(picture: Pixels) -> Pixels:
    """Without transparency, and without the empty margin."""
    if picture.ndim == 2:
        return np.asarray(cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR), np.uint8)
    if picture.shape[2] == 3:
        return picture
    x, y, width, height = cv2.boundingRect((picture[..., 3] > _OPAQUE).astype(np.uint8))
    cut = picture[y : y + height, x : x + width]
    ink = cut[..., :3][cut[..., 3] > _OPAQUE]
    ground = _DARK if float(ink.mean()) > _LIGHT else _WHITE
    share = cut[..., 3:].astype(np.float32) / 255
    return np.asarray((cut[..., :3] * share + ground * (1 - share)).round(), np.uint8)


def _border(image: Pixels) -> Pixels:
    return np.concatenate([image[0], image[-1], image[:, 0], image[:, -1]])
