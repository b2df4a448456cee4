"""The reference marks, ready to be looked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import cv2
import numpy as np

from ..model import Box
from .boxes import iou, suppress
from .glyphs import glyph
from .model import Floats, LogoMatch, Mark, Pixels
from .regions import Limits, regions
from .shapes import Hypothesis, ShapeIndex
from .verify import Template, Verifier, pyramid, template
from .views import View, views

THRESHOLD = 0.5
PASSES = ((640, 0), (320, 5))  # longer side in pixels, and how far apart parts of one region may lie


class Gallery:
    """Reference marks and what is known of their shapes. Immutable: may be used from several threads at once."""

    def __init__(self, brands: Sequence[str], shapes: ShapeIndex, verifier: Verifier) -> None:
        self._brands = brands
        self._shapes = shapes
        self._verifier = verifier

    @classmethod
    def load(cls, marks: Iterable[Mark]) -> Gallery:
        """Prepares the marks (about 10 ms each)."""
        brands: list[str] = []
        entries: list[tuple[int, int, View]] = []
        templates: list[list[Template]] = []
        for mark in marks:
            found = glyph(mark.image)
            if found is None:
                continue
            masks: list[Template] = []
            for view in views(found):
                if view.place == (0, 0, 1, 1):
                    masks.append(template(view.whole))
                entries.append((len(brands), len(masks) - 1, view))
            brands.append(mark.brand)
            templates.append(masks)
        return cls(brands, ShapeIndex(entries), Verifier(templates))

    def find(self, image: Pixels) -> list[LogoMatch]:
        """Marks in a BGR picture (H×W×3), best first, one per place."""
        height, width = image.shape[:2]
        if min(width, height) < 16:
            return []
        levels = pyramid(image)
        rects: list[Floats] = []
        scores: list[float] = []
        owners: list[int] = []
        for hypothesis in _distinct(self._hypotheses(image)):
            verified = self._verifier.verify(levels, hypothesis)
            if verified is not None and verified[0] >= THRESHOLD:
                scores.append(verified[0])
                rects.append(verified[1])
                owners.append(hypothesis.glyph)
        if not rects:
            return []
        boxes = np.stack(rects)
        return [
            LogoMatch(self._brands[owners[i]], scores[i], _box(boxes[i], width, height))
            for i in suppress(boxes, np.array(scores, np.float32))
        ]

    def _hypotheses(self, image: Pixels) -> list[Hypothesis]:
        made: list[Hypothesis] = []
        for longer, join in PASSES:
            scale = min(1.0, longer / max(image.shape[:2]))
            small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
            for found in self._shapes.hypotheses(regions(np.asarray(small, np.uint8), Limits(), join)):
                x, y, width, height = (side / scale for side in found.rect)
                made.append(Hypothesis(found.glyph, found.view, (x, y, width, height), found.resemblance))
        return made


def _distinct(hypotheses: Sequence[Hypothesis]) -> list[Hypothesis]:
    """The likeliest of those that say the same glyph at nearly the same place."""
    kept: dict[int, list[Hypothesis]] = {}
    for hypothesis in sorted(hypotheses, key=lambda h: -h.resemblance):
        same = kept.setdefault(hypothesis.glyph, [])
        rect = np.array(hypothesis.rect, np.float32)
        if not same or float(iou(rect, np.array([other.rect for other in same], np.float32)).max()) < 0.85:
            same.append(hypothesis)
    return [hypothesis for same in kept.values() for hypothesis in same]


def _box(rect: Floats, width: int, height: int) -> Box:
    """Cut to the frame."""
    left, top = max(float(rect[0]) / width, 0.0), max(float(rect[1]) / height, 0.0)
    right, bottom = min(float(rect[0] + rect[2]) / width, 1.0), min(float(rect[1] + rect[3]) / height, 1.0)
    return Box(left, top, max(right - left, 0.0), max(bottom - top, 0.0))
