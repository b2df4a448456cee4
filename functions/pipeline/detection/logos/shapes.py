"""First pass: reference views that resemble a region. Cheap and generous; `verify` decides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from .model import Floats, Pixels
from .poses import View
from .regions import Region

SIDE = 20
TOLERANCE = 0.22  # of aspect, in log units
RESEMBLANCE = 0.72
HYPOTHESES = 3  # of different marks, for one region
TOGETHER = 24  # regions of nearly one aspect, that are compared at once


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A reference mark that may be at `rect` (x, y, width, height of the whole, pixels), and which view of it."""

    reference: int
    view: int
    rect: tuple[float, float, float, float]
    resemblance: float

    def scaled(self, factor: float) -> Hypothesis:
        """The same in pixels of a picture `factor` times as large."""
        x, y, width, height = (side * factor for side in self.rect)
        return Hypothesis(self.reference, self.view, (x, y, width, height), self.resemblance)


def describe(masks: Sequence[Pixels]) -> Floats:
    """Masks of any size as vectors (n, SIDE²) of zero mean and unit length: dot products are correlations."""
    small = [cv2.resize(mask, (SIDE, SIDE), interpolation=cv2.INTER_AREA) for mask in masks]
    vectors = np.array(small, np.float32).reshape(-1, SIDE * SIDE)
    vectors -= vectors.mean(axis=1, keepdims=True)
    return vectors / (np.linalg.norm(vectors, axis=1, keepdims=True) + np.float32(1e-6))


class ShapeIndex:
    """Every view of every mark as one matrix, in the order of their aspects."""

    def __init__(self, marks: Sequence[Sequence[tuple[int, View]]]) -> None:
        """For each reference mark its views, numbered by angle and shear."""
        views = [(reference, number, view) for reference, mark in enumerate(marks) for number, view in mark]
        views.sort(key=lambda entry: _log_aspect(entry[2].part))
        self._references = [reference for reference, _, _ in views]
        self._numbers = [number for _, number, _ in views]
        self._places = [view.place for _, _, view in views]
        self._aspects = np.array([_log_aspect(view.part) for _, _, view in views], np.float32)
        self._matrix = describe([view.part for _, _, view in views])

    def hypotheses(self, found: Sequence[Region]) -> list[Hypothesis]:
        """For each region the marks that it, as a whole or as a part, resembles."""
        made: list[Hypothesis] = []
        ordered = sorted(found, key=lambda region: _log_aspect(region.mask))
        for start in range(0, len(ordered), TOGETHER):
            some = ordered[start : start + TOGETHER]
            aspects = [_log_aspect(region.mask) for region in some]
            first, last = np.searchsorted(self._aspects, (aspects[0] - TOLERANCE, aspects[-1] + TOLERANCE)).tolist()
            scores = describe([region.mask for region in some]) @ self._matrix[first:last].T
            for row in np.flatnonzero((scores >= RESEMBLANCE).any(axis=1)).tolist():
                made += self._of(some[row], scores[row], first)
        return made

    def _of(self, region: Region, scores: Floats, first: int) -> Iterator[Hypothesis]:
        """The best few; `scores` are of the views from `first` on."""
        alike = np.flatnonzero(scores >= RESEMBLANCE)
        made: set[int] = set()
        for column in alike[np.argsort(-scores[alike], kind="stable")].tolist():
            reference = self._references[first + column]
            if reference not in made:
                made.add(reference)
                rect = _whole(region.rect, self._places[first + column])
                yield Hypothesis(reference, self._numbers[first + column], rect, float(scores[column]))
            if len(made) == HYPOTHESES:
                return


def _log_aspect(mask: Pixels) -> float:
    return float(np.log(mask.shape[1] / mask.shape[0]))


def _whole(
    part: tuple[int, int, int, int], place: tuple[float, float, float, float]
) -> tuple[float, float, float, float]:
    width, height = part[2] / place[2], part[3] / place[3]
    return part[0] - place[0] * width, part[1] - place[1] * height, width, height
