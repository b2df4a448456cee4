"""BlazeFace (full range) of MediaPipe, run by OpenCV: what `weights/README.md` says about it.

Input 192×192 (RGB, -1..1). For each cell of 4 pixels: how sure it is (a logit), and 16 numbers, of which the first
four are the face's centre from the cell's, and its size, in pixels. The model sees faces from about 10 of its pixels
on, so a picture is searched whole and again in squares of its shorter side: 10 ms each on one core, 40 ms for 16:9.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from ..logos.model import Pixels

WEIGHTS = Path(__file__).parent / "weights" / "blazeface.tflite"
_SIDE, _CELL = 192, 4
_LEAST = 0.5
_OVERLAP = 0.3  # intersection over union of two that are one face
_STEP = 0.7  # of a square's side, at most, to the next: a face on a border is whole in one of them
_MAX_SQUARES = 16  # a very long picture is searched in fewer places, not for ever


@dataclass(frozen=True, slots=True)
class Face:
    """From forehead to chin: 0..1, and left, top, right, bottom in pixels of the picture."""

    score: float
    box: tuple[float, float, float, float]


class BlazeFace:
    """Safe to call from several threads: each has a network of its own, 1 MB."""

    def __init__(self) -> None:
        self._own = threading.local()

    def find(self, image: Pixels) -> list[Face]:
        """Faces in `image` (H×W×3, BGR), best first."""
        found = [face for x, y, side in _squares(image) for face in self._look(image, x, y, side)]
        if not found:
            return []
        boxes = [(left, top, right - left, bottom - top) for left, top, right, bottom in (face.box for face in found)]
        kept = cv2.dnn.NMSBoxes(boxes, [face.score for face in found], _LEAST, _OVERLAP)
        return [found[int(index)] for index in np.ravel(np.asarray(kept))]

    def _look(self, image: Pixels, x: int, y: int, side: int) -> Iterator[Face]:
        height, width = image.shape[:2]
        cut = image[y : y + side, x : x + side]
        scale = _SIDE / side
        size = max(1, round(cut.shape[1] * scale)), max(1, round(cut.shape[0] * scale))
        canvas = np.zeros((_SIDE, _SIDE, 3), np.uint8)
        canvas[: size[1], : size[0]] = cv2.resize(cut, size, interpolation=cv2.INTER_AREA)
        logits, boxes = self._run(canvas)
        scores = 1 / (1 + np.exp(-np.clip(logits, -80, 80)))
        for cell in np.flatnonzero(scores >= _LEAST):
            row, column = divmod(int(cell), _SIDE // _CELL)
            middle = (column + 0.5) * _CELL + boxes[cell, 0], (row + 0.5) * _CELL + boxes[cell, 1]
            half = boxes[cell, 2] / 2, boxes[cell, 3] / 2
            left, right = (x + (middle[0] + sign * half[0]) / scale for sign in (-1, 1))
            top, bottom = (y + (middle[1] + sign * half[1]) / scale for sign in (-1, 1))
            box = (max(left, 0.0), max(top, 0.0), min(right, float(width)), min(bottom, float(height)))
            if box[0] < box[2] and box[1] < box[3]:
                yield Face(float(scores[cell]), (float(box[0]), float(box[1]), float(box[2]), float(box[3])))

    def _run(self, canvas: Pixels) -> tuple[Any, Any]:
        """Logits (2304) and boxes (2304×16)."""
        if not hasattr(self._own, "network"):
            self._own.network = cv2.dnn.readNetFromTFLite(str(WEIGHTS))
        network = self._own.network
        network.setInput(cv2.dnn.blobFromImage(canvas, 1 / 127.5, (_SIDE, _SIDE), (127.5,) * 3, swapRB=True))
        logits, boxes = network.forward(("reshaped_classifier_face_4", "reshaped_regressor_face_4"))
        return logits.ravel(), boxes.reshape(-1, 16)


def files() -> list[Path]:
    """The weights."""
    return [WEIGHTS]


def _squares(image: Pixels) -> list[tuple[int, int, int]]:
    """(x, y, side) of the whole, which reaches beyond the picture, and of squares along its longer side."""
    height, width = image.shape[:2]
    short, long = sorted((height, width))
    if short == long:
        return [(0, 0, long)]
    count = min(math.ceil((long - short) / (short * _STEP)) + 1, _MAX_SQUARES)
    starts = [round(index * (long - short) / (count - 1)) for index in range(count)]
    return [(0, 0, long), *((start, 0, short) if width == long else (0, start, short) for start in starts)]
