"""Compares the patches with queries, and keeps one detection per thing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.detection.logos.boxes import iou, suppress
from pipeline.domain.model import Box

from ..models.calibration import Calibration
from .model import Patches

Floats = NDArray[np.float32]
_OVERLAP = 0.5  # of two boxes of one thing
_MOST = 50  # things of a request's words, and as many brands, as of Vision
_MOST_BOXES = 400  # that are compared with one another
_NEAR = 0.8  # of the best overlap: boxes that show a mark about as well
_DIGITS = 4  # of a confidence: the last bits depend on the processor, and on the pictures in the same batch


@dataclass(frozen=True, slots=True)
class Wanted:
    """A thing to look for: `label` names it in a detection, any of `queries` (n×d) finds it."""

    label: str
    queries: Floats


@dataclass(frozen=True, slots=True)
class Found:
    """A detection: `box` in 0..1 of the picture."""

    label: str
    confidence: float
    box: Box


def of_mark(patches: Patches, box: Floats) -> Floats:
    """The query of a reference mark, from the patches of its picture: of the boxes that show the mark whole, as `box`
    says where it is, that which looks most like a thing."""
    overlap = iou(box, _corners(patches.boxes))
    candidates = np.flatnonzero(overlap >= _NEAR * overlap.max())
    return patches.vectors[candidates[patches.objectness[candidates].argmax()]]


def find(
    patches: Patches, wanted: Sequence[Wanted], calibration: Calibration, threshold: float, shape: Sequence[int]
) -> list[Found]:
    """The things in a picture of `shape` (height, width), best first. Each patch names one thing at most."""
    if not wanted:
        return []
    logits = patches.logits(np.concatenate([one.queries for one in wanted]))
    ends = np.cumsum([len(one.queries) for one in wanted])[:-1]
    best = np.stack([part.max(axis=1) for part in np.split(logits, ends, axis=1)], axis=1)
    confidence = calibration.confidence(best).astype(np.float64).round(_DIGITS)
    label = confidence.argmax(axis=1)
    score = confidence[np.arange(len(label)), label]
    boxes = _within(patches.boxes, shape)
    seen = np.flatnonzero((score >= threshold) & (boxes[:, 2] > 0) & (boxes[:, 3] > 0))
    seen = seen[np.argsort(-score[seen], kind="stable")][:_MOST_BOXES]
    kept = sorted(_kept(seen, label, score, boxes), key=lambda index: (-score[index], index))[:_MOST]
    return [Found(wanted[label[i]].label, float(score[i]), _box(boxes[i])) for i in kept]


def _kept(seen: NDArray[np.intp], label: NDArray[np.intp], score: NDArray[np.float64], boxes: Floats) -> Iterable[int]:
    for one in np.unique(label[seen]):
        own = seen[label[seen] == one]
        yield from (int(own[index]) for index in suppress(boxes[own], score[own].astype(np.float32), _OVERLAP))


def _corners(boxes: Floats) -> Floats:
    """From centre and size to x, y, width, height."""
    return np.concatenate([boxes[:, :2] - boxes[:, 2:] / 2, boxes[:, 2:]], axis=1).astype(np.float32)


def _within(boxes: Floats, shape: Sequence[int]) -> Floats:
    """Boxes of the square as boxes (x, y, width, height) in 0..1 of the picture, which lies in its upper left."""
    longer = max(shape[:2])
    scale = np.array([longer / shape[1], longer / shape[0]], np.float32)
    low = np.clip((boxes[:, :2] - boxes[:, 2:] / 2) * scale, 0, 1)
    high = np.clip((boxes[:, :2] + boxes[:, 2:] / 2) * scale, 0, 1)
    return np.concatenate([low, high - low], axis=1).astype(np.float32)


def _box(sides: Floats) -> Box:
    return Box(*(round(float(side), 5) for side in sides))
