"""A gallery of reference marks, and the search for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import cv2
import numpy as np

from ...domain.model import Box
from .boxes import iou, suppress
from .keypoints import KeypointIndex
from .model import Floats, LogoMatch, Mark, Pixels
from .references import Reference, references
from .regions import Limits, regions
from .shapes import Hypothesis, ShapeIndex
from .verify import Verifier, pyramid

THRESHOLD = 0.5
TRIES = 2  # of views of a mark at nearly one place
PASSES = (  # longer side in pixels, what a region must be
    (640, Limits()),
    (240, Limits(shorter=6)),
)
Found = tuple[int, float, Floats]  # number of the reference, score, box in pixels


class Gallery:
    """Prepared reference marks. Immutable: may be used from several threads at once."""

    def __init__(self, marks: Sequence[Reference]) -> None:
        self._marks = marks
        self._shapes = ShapeIndex([mark.views for mark in marks])
        self._verifier = Verifier([mark.templates for mark in marks])
        self._keypoints = KeypointIndex([(mark.brand, mark.picture) for mark in marks])

    @classmethod
    def load(cls, marks: Iterable[Mark]) -> Gallery:
        """Prepares the marks (about 50 ms each)."""
        return cls(references(marks))

    def find(self, image: Pixels, least: float = THRESHOLD) -> list[LogoMatch]:
        """Marks in a BGR picture (H×W×3), best first, one per place. `least`: the lowest score that is returned; it
        does not change which matches reach THRESHOLD."""
        height, width = image.shape[:2]
        if min(width, height) < 16 or not self._marks:
            return []
        placed, guessed = self._from_keypoints(image, least)
        found = [*placed, *self._verified(image, [*guessed, *self._from_regions(image)], least)]
        if not found:
            return []
        boxes = np.stack([box for _, _, box in found])
        kept = suppress(boxes, np.array([score for _, score, _ in found], np.float32))
        return [LogoMatch(self._marks[found[i][0]].brand, found[i][1], _box(boxes[i], width, height)) for i in kept]

    def _from_regions(self, image: Pixels) -> list[Hypothesis]:
        made: list[Hypothesis] = []
        for longer, limits in PASSES:
            scale = min(1.0, longer / max(image.shape[:2]))
            small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
            seen = regions(np.asarray(small, np.uint8), limits)
            made += [hypothesis.scaled(1 / scale) for hypothesis in self._shapes.hypotheses(seen)]
        return made

    def _from_keypoints(self, image: Pixels, least: float) -> tuple[list[Found], list[Hypothesis]]:
        """Photographs that keypoints alone place, and guesses at the places of glyphs."""
        placed: list[Found] = []
        guessed: list[Hypothesis] = []
        for placing in self._keypoints.placings(image):
            mark = self._marks[placing.reference]
            if mark.templates:
                guessed.append(mark.guess(placing))
            elif (score := placing.likelihood) >= least:
                placed.append((placing.reference, score, mark.box(placing)))
        return placed, guessed

    def _verified(self, image: Pixels, hypotheses: Sequence[Hypothesis], least: float) -> list[Found]:
        """Verifies the likeliest first; leaves a place where the mark was found, or missed TRIES times."""
        levels = pyramid(image)
        found: list[Found] = []
        tried: dict[int, list[Hypothesis]] = {}
        for hypothesis in sorted(hypotheses, key=lambda h: -h.resemblance):
            same = tried.setdefault(hypothesis.reference, [])
            rect = np.array(hypothesis.rect, np.float32)
            known = [box for ref, score, box in found if ref == hypothesis.reference and score >= THRESHOLD]
            if known and float(iou(rect, np.stack(known)).max()) > 0.5:
                continue
            near = iou(rect, np.array([other.rect for other in same], np.float32).reshape(-1, 4)) >= 0.85
            if near.sum() >= TRIES or any(same[i].view == hypothesis.view for i in np.flatnonzero(near)):
                continue
            same.append(hypothesis)
            seen = self._verifier.verify(levels, hypothesis)
            if seen is not None and seen[0] >= least:
                found.append((hypothesis.reference, *seen))
        return found


def _box(rect: Floats, width: int, height: int) -> Box:
    """A rectangle in pixels as a box, cut to the frame."""
    left, top = max(float(rect[0]) / width, 0.0), max(float(rect[1]) / height, 0.0)
    right, bottom = min(float(rect[0] + rect[2]) / width, 1.0), min(float(rect[1] + rect[3]) / height, 1.0)
    return Box(left, top, max(right - left, 0.0), max(bottom - top, 0.0))
