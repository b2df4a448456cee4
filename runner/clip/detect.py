"""Classifies the crops, and keeps one detection per place."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from pipeline.detection.logos.boxes import iou
from pipeline.domain.model import Box

from .classes import NONE, Named
from .models.calibration import Calibration
from .proposals import Proposals

Floats = NDArray[np.float32]
_OVERLAP = 0.3
_INSIDE = 0.6  # two boxes are one place if they share this much of the smaller one
_TIGHT_BONUS = 0.1  # a shape's box is preferred to a tile's, which only says roughly where
_MAX_LISTS = 64  # of brands, whose embedded texts are kept
_DIGITS = 4  # of a confidence: the last bits depend on the processor, and on the crops in the same batch


@dataclass(frozen=True, slots=True)
class Found:
    """A detection: `box` in 0..1 of the picture."""

    label: str
    confidence: float
    box: Box


class Texts:
    """Embedded texts, cached per list of brands."""

    def __init__(self, embed: Callable[[Sequence[str]], Floats]) -> None:
        self._embed = embed
        self._known: OrderedDict[tuple[tuple[Named, ...], tuple[str, ...]], Floats] = OrderedDict()
        self._lock = Lock()

    def of(self, wanted: tuple[Named, ...], none: tuple[str, ...] = NONE) -> Floats:
        """One row per class (the mean of its prompts), then one per prompt of `none`."""
        key = wanted, none
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                return self._known[key]
            rows = self._embed([prompt for one in wanted for prompt in one.prompts] + list(none))
            ends = np.cumsum([len(one.prompts) for one in wanted])
            middles = np.stack([part.mean(axis=0) for part in np.split(rows, ends)[:-1]])
            middles /= np.linalg.norm(middles, axis=1, keepdims=True)
            self._known[key] = np.concatenate([middles, rows[ends[-1] :]])
            if len(self._known) > _MAX_LISTS:
                self._known.popitem(last=False)
            return self._known[key]


def margins(crops: Floats, texts: Floats, scale: float, brands: int) -> Floats:
    """n×brands: the logit of each brand minus that of everything else together. `texts`: rows of `Texts.of`."""
    logits = scale * crops @ texts.T
    high = logits.max(axis=1, keepdims=True)
    shares = np.exp(logits - high)
    total = shares.sum(axis=1, keepdims=True)
    others = np.maximum(total - shares[:, :brands], 1e-9)
    return (logits[:, :brands] - high - np.log(others)).astype(np.float32)


def detections(
    margin: Floats, places: Proposals, wanted: Sequence[Named], calibration: Calibration, threshold: float
) -> list[tuple[int, str, float]]:
    """The proposals to keep, each with its label and confidence; best first.

    Confidences that are equal in their first four digits are ordered by brand, then by box.
    """
    confidence = calibration.confidence(margin).astype(np.float64).round(_DIGITS)
    best = confidence.argmax(axis=1)
    score = confidence[np.arange(len(best)), best]
    kept: list[int] = []
    for index in _ordered((score + _TIGHT_BONUS * places.tight).round(_DIGITS), places.boxes):
        if score[index] >= threshold and not (kept and _taken(places.boxes[index], places.boxes[kept])):
            kept.append(index)
    best_first = (kept[i] for i in _ordered(score[kept], places.boxes[kept]))
    return [(i, wanted[best[i]].label, float(score[i])) for i in best_first]


def found(kept: Sequence[tuple[int, str, float]], places: Proposals, width: int, height: int) -> list[Found]:
    """Detections with boxes in 0..1 of a picture of that size."""
    size = np.array([width, height, width, height], np.float32)
    return [
        Found(label, score, Box(*(round(float(side), 5) for side in np.clip(places.boxes[i] / size, 0, 1))))
        for i, label, score in kept
    ]


def _ordered(rank: NDArray[np.float64], boxes: Floats) -> list[int]:
    """Indices by falling `rank`, then by box from left to right."""
    x, y, width, height = boxes.T
    return [int(index) for index in np.lexsort((height, width, y, x, -rank))]


def _taken(box: Floats, kept: Floats) -> bool:
    """Whether `kept` has a box at the same place."""
    if float(iou(box, kept).max()) >= _OVERLAP:
        return True
    low = np.maximum(box[:2], kept[:, :2])
    inner = np.prod(np.maximum(np.minimum(box[:2] + box[2:], kept[:, :2] + kept[:, 2:]) - low, 0), axis=1)
    smaller = np.minimum(np.prod(box[2:]), np.prod(kept[:, 2:], axis=1))
    return bool((inner / np.maximum(smaller, 1e-6)).max() >= _INSIDE)
