"""Reference marks, prepared: views and templates of those with a glyph, the bare picture of those without."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from .glyphs import Glyph, flatten, glyph
from .keypoints import Placing
from .model import Floats, Mark, Pixels
from .poses import View, views
from .shapes import Hypothesis, describe
from .templates import Template, template

TELLING = 0.2  # share of detail in a glyph, below which it is a plain shape: a disc, a bar, a label
SAME = 0.995  # correlation above which two glyphs of a brand are one


@dataclass(frozen=True, slots=True)
class Reference:
    """`picture` is BGR; `views` has for each view of `templates` the whole and its parts.

    A photograph has neither, nor has a plain shape.
    """

    brand: str
    picture: Pixels
    glyph: Glyph | None
    views: Sequence[tuple[int, View]]
    templates: Sequence[Template]

    def box(self, placing: Placing) -> Floats:
        """x, y, width, height around the mark, in pixels of the frame."""
        x, y, width, height = self._box()
        corners = np.array([[x, y], [x + width, y], [x + width, y + height], [x, y + height]], np.float32)
        placed = corners @ placing.warp[:, :2].T + placing.warp[:, 2]
        low, high = placed.min(axis=0), placed.max(axis=0)
        return np.array([*low, *(high - low)], np.float32)

    def guess(self, placing: Placing) -> Hypothesis:
        """A hypothesis at the placing, of the view that is turned most like it."""
        wholes = {number: view for number, view in self.views if view.is_whole}
        number = min(wholes, key=lambda n: (abs(wholes[n].angle - placing.angle), abs(wholes[n].shear)))
        x, y, width, height = self._box()
        center = placing.warp[:, :2] @ np.array([x + width / 2, y + height / 2], np.float32) + placing.warp[:, 2]
        longer = float(np.hypot(placing.warp[0, 0], placing.warp[1, 0])) * max(width, height)
        left, top, w, h = (side * longer for side in wholes[number].frame)
        rect = (float(center[0]) + left, float(center[1]) + top, w, h)
        return Hypothesis(placing.reference, number, rect, 1.0)

    def _box(self) -> tuple[int, int, int, int]:
        height, width = self.picture.shape[:2] if self.glyph is None else self.glyph.mask.shape
        left, top = (0, 0) if self.glyph is None else self.glyph.corner
        return left, top, width, height


def references(marks: Iterable[Mark]) -> list[Reference]:
    """Each mark once: the same glyph in another colour is the same to the matcher."""
    made: list[Reference] = []
    for mark in marks:
        found = glyph(mark.image)
        if found is not None and any(other.brand == mark.brand and _same(other.glyph, found) for other in made):
            continue
        made.append(_reference(mark, found))
    return made


def _reference(mark: Mark, found: Glyph | None) -> Reference:
    seen: list[tuple[int, View]] = []
    templates: list[Template] = []
    for view in [] if found is None else views(found.mask):
        if view.is_whole:
            templates.append(template(view.whole))
            if templates[0].telling < TELLING:  # its outline is everywhere: only its texture can tell
                return Reference(mark.brand, flatten(mark.image), found, [], [])
        seen.append((len(templates) - 1, view))
    return Reference(mark.brand, flatten(mark.image), found, seen, templates)


def _same(one: Glyph | None, other: Glyph) -> bool:
    if one is None or abs(np.log(_aspect(one.mask) / _aspect(other.mask))) > 0.05:
        return False
    here, there = describe([one.mask, other.mask])
    return float(here @ there) > SAME


def _aspect(mask: Pixels) -> float:
    return mask.shape[1] / mask.shape[0]
