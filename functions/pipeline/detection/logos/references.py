"""Reference marks, prepared: forms and a template of those with a glyph, the bare picture of those without."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np

from .glyphs import Glyph, flatten, glyph
from .keypoints import Placing, Texture, texture
from .model import Floats, Mark, Pixels
from .poses import Forms, forms
from .shapes import Hypothesis
from .templates import Template, template

TELLING = 0.2  # share of detail in a glyph, below which it is a plain shape: a disc, a bar, a label
OUTLINE = 128  # pixels of the longer side
SAME = 0.995  # correlation above which two glyphs of a brand are one


@dataclass(frozen=True, slots=True)
class Reference:
    """`box` is the mark's in its picture: x, y, width, height in pixels. `outline` is its glyph's mask, made small; a
    photograph has none, and a plain shape neither forms nor a template."""

    brand: str
    box: tuple[int, int, int, int]
    texture: Texture
    outline: Pixels | None
    forms: Forms | None
    template: Template | None

    def corners(self, placing: Placing) -> Floats:
        """Corners (4, 2) of the mark, in pixels of the frame."""
        x, y, width, height = self.box
        corners = np.array([[x, y], [x + width, y], [x + width, y + height], [x, y + height]], np.float32)
        return np.asarray(corners @ placing.warp[:, :2].T + placing.warp[:, 2], np.float32)

    def guess(self, placing: Placing) -> Hypothesis:
        """A hypothesis at the placing."""
        x, y, width, height = self.box
        linear = placing.warp[:, :2] * np.float32(max(width, height))
        corner = placing.warp[:, :2] @ np.array([x - 0.5, y - 0.5], np.float32) + placing.warp[:, 2] + np.float32(0.5)
        return Hypothesis(placing.reference, np.concatenate([linear, corner[:, None]], axis=1), 1.0)


def references(marks: Iterable[Mark]) -> list[Reference]:
    """Each mark once: the same glyph in another colour is the same to the matcher."""
    made: list[Reference] = []
    for mark in marks:
        found = glyph(mark.image)
        outline = None if found is None else _small(found.mask)
        if outline is not None and any(other.brand == mark.brand and _same(other.outline, outline) for other in made):
            continue
        made.append(_reference(mark, found, outline))
    return made


def _reference(mark: Mark, found: Glyph | None, outline: Pixels | None) -> Reference:
    picture = flatten(mark.image)
    box = (0, 0, picture.shape[1], picture.shape[0])
    if found is not None:
        box = (*found.corner, found.mask.shape[1], found.mask.shape[0])
    known = None if found is None else template(found.mask)
    seen = texture(picture)
    if found is None or known is None or known.telling < TELLING:  # only texture can tell
        return Reference(mark.brand, box, seen, outline, None, None)
    return Reference(mark.brand, box, seen, outline, forms(found.mask), known)


def _small(mask: Pixels) -> Pixels:
    scale = min(1.0, OUTLINE / max(mask.shape))
    return np.asarray(cv2.resize(mask, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)


def _same(one: Pixels | None, other: Pixels) -> bool:
    if one is None or abs(np.log(_aspect(one) / _aspect(other))) > 0.05:
        return False
    here = cv2.resize(one, (20, 20), interpolation=cv2.INTER_AREA)
    there = cv2.resize(other, (20, 20), interpolation=cv2.INTER_AREA)
    return float(np.corrcoef(here.ravel(), there.ravel())[0, 1]) > SAME


def _aspect(mask: Pixels) -> float:
    return mask.shape[1] / mask.shape[0]
