"""The reference marks, ready to be looked for."""

from __future__ import annotations

from collections.abc import Iterable

import cv2
import numpy as np

from ..model import Box
from .boxes import suppress
from .glyphs import glyph
from .model import LogoMatch, Mark, Pixels
from .regions import Limits, regions
from .shapes import ShapeIndex

THRESHOLD = 0.86
WORKING_WIDTHS = (640, 256)  # small marks at the first, big ones and those of several parts at the second


class Gallery:
    """Reference marks and what is known of their shapes. Immutable: may be used from several threads at once."""

    def __init__(self, brands: list[str], shapes: ShapeIndex) -> None:
        self._brands = brands
        self._shapes = shapes

    @classmethod
    def load(cls, marks: Iterable[Mark]) -> Gallery:
        """Prepares the marks (about 10 ms each)."""
        brands: list[str] = []
        glyphs: list[Pixels] = []
        for mark in marks:
            found = glyph(mark.image)
            if found is not None:
                brands.append(mark.brand)
                glyphs.append(found)
        return cls(brands, ShapeIndex(glyphs))

    def find(self, image: Pixels) -> list[LogoMatch]:
        """Marks in a BGR picture (H×W×3), best first, one per place."""
        height, width = image.shape[:2]
        rects: list[tuple[float, ...]] = []
        scores: list[float] = []
        owners: list[int] = []
        for working in WORKING_WIDTHS:
            scale = min(1.0, working / max(width, height))
            small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
            found = regions(small.astype(np.uint8, copy=False), Limits(), join=9)
            owner, score = self._shapes.best([region.mask for region in found])
            for index in np.flatnonzero(score >= THRESHOLD):
                rects.append(tuple(side / scale for side in found[index].rect))
                scores.append(float(score[index]))
                owners.append(int(owner[index]))
        if not rects:
            return []
        boxes = np.array(rects, np.float32)
        return [
            LogoMatch(self._brands[owners[i]], scores[i], _box(rects[i], width, height))
            for i in suppress(boxes, np.array(scores, np.float32))
        ]


def _box(rect: tuple[float, ...], width: int, height: int) -> Box:
    return Box(rect[0] / width, rect[1] / height, rect[2] / width, rect[3] / height)
