"""A gallery of reference marks, and the search for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import cv2
import numpy as np

from ...domain.model import Box
from .boxes import suppress, within
from .keypoints import KeypointIndex
from .model import Floats, LogoMatch, Mark, Pixels
from .references import Reference, references
from .regions import Limits, regions
from .shapes import Hypothesis, ShapeIndex
from .verify import Verifier, pyramid

THRESHOLD = 0.5
LOOKS, JUDGED = 800, 24  # hypotheses that are looked at, and that are judged
WORTH = 0.2  # of a hypothesis, below which it is not judged
TRIES = 2  # of a mark at one place, that are judged
PART = 0.85  # of a box, that lies within another
SAME, PLACE = 0.04, 0.3  # of a mark's diagonal, within which corners are the same, or at one place
PASSES = (  # longer side in pixels, what a region must be
    (640, Limits()),
    (240, Limits(shorter=6)),
)
Found = tuple[int, float, float, Floats, Floats]  # number of the reference, score, rank, box, corners in pixels


class Gallery:
    """Prepared reference marks. Immutable: may be used from several threads at once."""

    def __init__(self, marks: Sequence[Reference]) -> None:
        self._marks = marks
        self._shapes = ShapeIndex([mark.forms for mark in marks])
        self._verifier = Verifier(
            [mark.template for mark in marks], [mark.forms.plain if mark.forms else 0.0 for mark in marks]
        )
        self._keypoints = KeypointIndex([(mark.brand, mark.texture) for mark in marks])

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
        boxes = np.stack([box for *_, box, _ in found])
        kept = [found[i] for i in suppress(boxes, np.array([rank for _, _, rank, _, _ in found], np.float32))]
        matches = [self._match(one, width, height) for one in kept if not _part(one, kept)]
        return sorted(matches, key=lambda match: -match.score)

    def _match(self, found: Found, width: int, height: int) -> LogoMatch:
        reference, score, _, rect, corners = found
        at = tuple((float(x) / width, float(y) / height) for x, y in corners)
        return LogoMatch(self._marks[reference].brand, score, _box(rect, width, height), at)

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
            if mark.template is not None:
                guessed.append(mark.guess(placing))
            elif (score := placing.likelihood) >= least:
                corners = mark.corners(placing)
                low, high = corners.min(axis=0), corners.max(axis=0)
                box = np.array([*low, *(high - low)], np.float32)
                placed.append((placing.reference, score, float(placing.agreeing), box, corners))
        return placed, guessed

    def _verified(self, image: Pixels, hypotheses: Sequence[Hypothesis], least: float) -> list[Found]:
        """Looks at the likeliest, each mark once at a place, and judges those that are most alike."""
        levels = pyramid(image)
        likely = sorted(hypotheses, key=lambda one: -one.resemblance)[:LOOKS]
        worths = self._verifier.worths(levels, likely)
        chosen = self._chosen(likely, worths)
        seen = [one for each in chosen if (one := self._verifier.look(levels, each)) is not None]
        return [
            (reference, verified.score, verified.rank, verified.box, verified.corners)
            for reference, verified in self._verifier.judge(seen)
            if verified.score >= least
        ]

    def _chosen(self, likely: Sequence[Hypothesis], worths: Floats) -> list[Hypothesis]:
        """Those that are worth most, of one mark few at a place, and none twice."""
        chosen: list[Hypothesis] = []
        places: dict[int, list[Floats]] = {}
        for index in np.argsort(-worths, kind="stable").tolist():
            if worths[index] < WORTH or len(chosen) == JUDGED:
                break
            one = likely[index]
            corners, mine = self._verifier.corners(one), places.setdefault(one.reference, [])
            if any(_near(corners, at, SAME) for at in mine) or sum(_near(corners, at, PLACE) for at in mine) >= TRIES:
                continue
            mine.append(corners)
            chosen.append(one)
        return chosen


def _part(one: Found, kept: Sequence[Found]) -> bool:
    """Whether it is only a part of another mark that is surely there, such as a letter of a word."""
    others = [other[3] for other in kept if other is not one and other[1] >= THRESHOLD]
    return bool(others) and float(within(one[3], np.stack(others)).max()) > PART


def _near(one: Floats, other: Floats, part: float) -> bool:
    """Whether corners lie within that part of the other's diagonal."""
    size = float(np.hypot(*(other[2] - other[0])))
    return float(np.abs(one - other).max()) < part * size


def _box(rect: Floats, width: int, height: int) -> Box:
    """A rectangle in pixels as a box, cut to the frame."""
    left, top = max(float(rect[0]) / width, 0.0), max(float(rect[1]) / height, 0.0)
    right, bottom = min(float(rect[0] + rect[2]) / width, 1.0), min(float(rect[1] + rect[3]) / height, 1.0)
    return Box(left, top, max(right - left, 0.0), max(bottom - top, 0.0))
