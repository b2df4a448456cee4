"""What the matcher would have judged in the crops, and whether it is right: the training set of the judge."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import cv2
import numpy as np

from pipeline.detection.logos import judge, verify
from pipeline.detection.logos.boxes import iou
from pipeline.detection.logos.model import Floats
from pipeline.detection.logos.references import Reference
from pipeline.detection.logos.regions import Limits, regions
from pipeline.detection.logos.shapes import Hypothesis, ShapeIndex

from .crops import Crop

PASSES = ((0.5, Limits()), (0.19, Limits(shorter=6)), (1.0, Limits(longest=70)))  # scale of a 720p picture
MOST, NEGATIVES = 60, 8  # hypotheses that are looked at in a crop; wrong ones that are kept
RIGHT, WRONG = 0.6, 0.3  # overlap with the true box, from which it is right, and up to which it is wrong


def seen(marks: Sequence[Reference], crops: Iterator[Crop]) -> Iterator[tuple[judge.View, bool]]:
    """Views with their truth."""
    index, verifier = (
        ShapeIndex([mark.forms for mark in marks]),
        verify.Verifier([mark.template for mark in marks], [0.0] * len(marks)),
    )
    for crop in crops:
        made = _hypotheses(index, crop.image)
        levels = verify.pyramid(crop.image)
        looks = [verifier.look(levels, one) for one in sorted(made, key=lambda one: -one.resemblance)[:MOST]]
        alike = sorted((look for look in looks if look is not None), key=lambda look: -look.likeness)
        wrong = 0
        for look in alike:
            same = marks[look.hypothesis.reference].brand == crop.brand
            if not same and wrong == NEGATIVES:
                continue
            if (viewed := verifier.viewed(look)) is None:
                continue
            view, box = viewed
            overlap = float(iou(np.array(crop.box, np.float32), box[None])[0])
            if same and overlap >= RIGHT:
                yield view, True
            elif not same or overlap < WRONG:
                wrong += 1
                yield view, False


def _hypotheses(index: ShapeIndex, image: np.ndarray) -> list[Hypothesis]:
    made: list[Hypothesis] = []
    for scale, limits in PASSES:
        small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        made += [one.scaled(1 / scale) for one in index.hypotheses(regions(np.asarray(small, np.uint8), limits))]
    return made


def stacked(views: Sequence[tuple[judge.View, bool]]) -> tuple[Floats, Floats, Floats]:
    """Planes (n, 3, SIDE, SIDE), facts (n, FACTS) and truth (n,)."""
    return (
        np.stack([view.planes for view, _ in views]),
        np.stack([view.facts for view, _ in views]),
        np.array([right for _, right in views], np.float32),
    )
