"""NanoDet-g, trained on COCO: what `weights/README.md` says about it. 45 ms a picture on one core.

Input 1×3×416×416 (BGR, normalised). For each stride (8, 16, 32) and each cell of so many pixels: how sure it is of each
class (N×80), and how far the object reaches from the cell's centre, left, up, right, down, each as a distribution over
0..10 strides (N×44).
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from ..logos.model import Pixels
from .coco import CATEGORIES, NAMES

WEIGHTS = Path(__file__).parent / "weights" / "nanodet.onnx"
_SIDE = 416
_MEAN, _DEVIATION = (103.53, 116.28, 123.675), (57.375, 57.12, 58.395)
_INPUT = "input_1"
_OUTPUTS = {8: ("Identity", "Identity_3"), 16: ("Identity_1", "Identity_4"), 32: ("Identity_2", "Identity_5")}
_REACH = np.arange(11, dtype=np.float32)  # strides
_LEAST = 0.45  # below, half of what it says is wrong
_OVERLAP = 0.5  # intersection over union of two of one class that are one object
_Numbers = np.ndarray[Any, np.dtype[np.float32]]


@dataclass(frozen=True, slots=True)
class Found:
    """An object: its class (0..79), 0..1, and left, top, right, bottom in 0..1 of the picture."""

    kind: int
    score: float
    box: tuple[float, float, float, float]

    @property
    def name(self) -> str:
        """Its class, as people read it."""
        return NAMES[self.kind]


class NanoDet:
    """Safe to call from several threads. Remembers what each saw last: objects and labels are asked together."""

    def __init__(self) -> None:
        self._session: Any = None
        self._loading = threading.Lock()
        self._last = threading.local()

    def find(self, image: Pixels) -> list[Found]:
        """Objects in `image` (H×W×3, BGR), best first."""
        last = getattr(self._last, "image", None)
        if last is None or last() is not image:
            self._last.found = self._find(image)
            self._last.image = weakref.ref(image)  # weak: a picture can be 225 MB
        return self._last.found

    def _loaded(self) -> Any:
        with self._loading:
            if self._session is None:
                self._session = _load()
            return self._session

    def _find(self, image: Pixels) -> list[Found]:
        session = self._loaded()
        height, width = image.shape[:2]
        scale = _SIDE / max(width, height)
        size = max(1, round(width * scale)), max(1, round(height * scale))
        canvas = np.zeros((_SIDE, _SIDE, 3), np.float32)
        canvas[: size[1], : size[0]] = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
        planes = ((canvas - _MEAN) / _DEVIATION).astype(np.float32).transpose(2, 0, 1)[None]
        names = [name for pair in _OUTPUTS.values() for name in pair]
        outputs = dict(zip(names, session.run(names, {_INPUT: planes}), strict=True))
        levels = [(stride, outputs[scores][0], outputs[reach][0]) for stride, (scores, reach) in _OUTPUTS.items()]
        return _apart([found for level in levels for found in _objects(*level, size)])


def files() -> list[Path]:
    """The weights."""
    return [WEIGHTS]


def labels(objects: Iterable[Found]) -> dict[str, float]:
    """The classes of `objects`, which come best first, and the wider categories: a cat is a "Cat" and an "Animal".

    Each is as sure as the best object of it.
    """
    scores: dict[str, float] = {}
    for found in objects:
        for label in filter(None, (found.name, CATEGORIES[found.kind])):
            scores.setdefault(label, found.score)
    return scores


def _load() -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # The weights lie there as 8-bit numbers to be small, and are floats from now on: that is twice as fast here.
    options.add_session_config_entry("session.disable_quant_qdq", "1")
    return onnxruntime.InferenceSession(str(WEIGHTS), options, providers=["CPUExecutionProvider"])


def _objects(stride: int, scores: _Numbers, reach: _Numbers, size: tuple[int, int]) -> Iterator[Found]:
    """The detections of one stride, cut to the picture, which fills `size` (width, height) of the input."""
    for cell in np.flatnonzero(scores.max(axis=1) >= _LEAST):
        row, column = divmod(int(cell), _SIDE // stride)
        x, y = (column + 0.5) * stride, (row + 0.5) * stride
        odds = np.exp(reach[cell].reshape(4, -1))
        left, up, right, down = (float(far) for far in odds @ _REACH / odds.sum(axis=1) * stride)
        edges = ((x - left) / size[0], (y - up) / size[1], (x + right) / size[0], (y + down) / size[1])
        left, top, right, bottom = (min(max(edge, 0.0), 1.0) for edge in edges)
        if left < right and top < bottom:
            kind = int(scores[cell].argmax())
            yield Found(kind, float(scores[cell, kind]), (left, top, right, bottom))


def _apart(found: list[Found]) -> list[Found]:
    """Best first, without a second one of the same class in the same place."""
    kept: list[Found] = []
    for one in sorted(found, key=lambda one: -one.score):
        if all(one.kind != other.kind or _iou(one.box, other.box) < _OVERLAP for other in kept):
            kept.append(one)
    return kept


def _iou(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> float:
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    both = max(width, 0.0) * max(height, 0.0)
    return both / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - both)
