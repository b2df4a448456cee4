"""Second pass: verifies a glyph by unmixing the mark's colour at full resolution and aligning the glyph to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from .affine import FINE, align, coarsely, inverse, joined, laid, strangeness, visible
from .judge import View, judge, view
from .model import Floats, Pixels
from .probes import GENERAL, PROBED, alike, probe, sampled
from .shapes import Hypothesis
from .templates import MARGIN, Template
from .unmixing import correlation, patch, unmix

ALIKE = 0.4  # correlation, once aligned coarsely, below which nothing more is tried
CAUTION = 0.9  # log units that all need beyond even odds
EVEN, SLOPE, MOST = 0.6, 0.06, 4.0  # agreement in detail with even odds, and how much more is a log unit; log units
SIMPLE, STRICTER = 0.4, 2.0  # share of detail below which a glyph is simple, and how much more agreement that asks for
DOUBT = 1.5  # log units that the judge alone is less sure than it says: it saw few marks in training
TELLS = 6.0  # log units that full agreement in detail is worth where several marks are at one place
POSED = 0.06  # of likeness, that a log unit of its pose's strangeness takes


@dataclass(frozen=True, slots=True)
class Verified:
    """`score`: likelihood, 0..1; `rank`: of several marks at one place, the one of the highest is there; `warp` (2, 3)
    leads from the template's pixels to the picture's, counted from its edge; `box` in pixels around the outline,
    `corners` (4, 2) of the glyph's box, clockwise from its upper left."""

    score: float
    rank: float
    warp: Floats
    box: Floats
    corners: Floats


@dataclass(frozen=True, slots=True)
class Seen:
    """A hypothesis laid over the picture: what lies under its template, how that resembles it (-1..1), and the map
    (2, 3) from the template's pixels to the picture's, counted from its edge."""

    hypothesis: Hypothesis
    patch: Floats
    alpha: Floats
    likeness: float
    onto: Floats


class Verifier:
    """For each reference its template, if it has a glyph, and how plain that is."""

    def __init__(self, templates: Sequence[Template | None], plain: Sequence[float]) -> None:
        self._templates, self._plain = templates, np.array(plain, np.float32)
        probes = [None if template is None else probe(template) for template in templates]
        blank = np.zeros((PROBED, 2), np.float32), np.zeros(GENERAL, np.float32), np.float32(1)
        filled = [blank if one is None else one for one in probes]
        self._points = np.stack([points for points, _, _ in filled]) if filled else blank[0][None]
        self._values = np.stack([values for _, values, _ in filled]) if filled else blank[1][None]
        self._steps = np.array([step for _, _, step in filled], np.float32)

    def worths(self, levels: Sequence[Pixels], hypotheses: Sequence[Hypothesis]) -> Floats:
        """How alike the picture under each hypothesis is, -1..1, less what its pose takes: shape (n,). A few hundred
        points of each are looked at; -1 without contrast."""
        if not hypotheses:
            return np.zeros(0, np.float32)
        marks = np.array([hypothesis.reference for hypothesis in hypotheses])
        warps = np.stack([hypothesis.warp for hypothesis in hypotheses])
        seen = sampled(levels, warps, self._points[marks], self._steps[marks])
        worth = alike(seen, self._values[marks]) - POSED * strangeness(warps, self._plain[marks])
        return np.asarray(worth, np.float32)

    def corners(self, hypothesis: Hypothesis) -> Floats:
        """Of the glyph's box, (4, 2), in pixels of the picture."""
        template = self._template(hypothesis)
        return placed(0.0, 0.0, joined(hypothesis.warp, template.unit), template).corners

    def look(self, levels: Sequence[Pixels], hypothesis: Hypothesis) -> Seen | None:
        """The picture under a hypothesis; None without contrast."""
        template = self._template(hypothesis)
        onto = joined(hypothesis.warp, template.unit)
        seen = patch(levels, onto, template)
        alpha = unmix(seen, template)
        if alpha is None:
            return None
        return Seen(hypothesis, seen, alpha, correlation(alpha, template.mask), onto)

    def judge(self, seen: Sequence[Seen]) -> list[tuple[int, Verified]]:
        """Aligns each, and judges those together that are alike then: pairs of a reference and what is said of it."""
        aligned = [pair for one in seen if (pair := self._aligned(one)) is not None]
        scores = judge([pair.view for pair in aligned])
        made: list[tuple[int, Verified]] = []
        for pair, score in zip(aligned, scores.tolist(), strict=True):
            one, template = pair.seen, self._template(pair.seen.hypothesis)
            onto = joined(one.onto, pair.warp)
            sure = max(np.log(max(score, 1e-6) / max(1 - score, 1e-6)) - DOUBT, agreed(pair.detail, template.telling))
            pose, plain = joined(onto, inverse(template.unit)), self._plain[[one.hypothesis.reference]]
            sure -= float(strangeness(pose[None], plain)[0]) + CAUTION
            verified = placed(float(1 / (1 + np.exp(-sure))), float(sure + TELLS * pair.detail), onto, template)
            made.append((one.hypothesis.reference, verified))
        return made

    def viewed(self, seen: Seen) -> tuple[View, Floats] | None:
        """What the judge would see, and the box; None if it is not alike."""
        pair = self._aligned(seen)
        if pair is None:
            return None
        return pair.view, placed(0.0, 0.0, joined(seen.onto, pair.warp), self._template(seen.hypothesis)).box

    def _aligned(self, seen: Seen) -> _Aligned | None:
        template = self._template(seen.hypothesis)
        warp = coarsely(template.mask, seen.alpha)
        alpha = laid(seen.alpha, warp)
        if correlation(alpha, template.mask) < ALIKE:
            return None
        found = align(template.mask, seen.alpha, warp, FINE, visible(template.mask, alpha))
        if found is not None:
            warp = found
            alpha = laid(seen.alpha, warp)
        pixels, onto = laid(seen.patch, warp), joined(seen.onto, warp)
        detail = float(template.detail @ template.beyond(alpha))
        facts = (seen.hypothesis.resemblance, seen.likeness, detail, template.telling)
        return _Aligned(seen, warp, detail, view(template.mask, alpha, pixels, onto, facts))

    def _template(self, hypothesis: Hypothesis) -> Template:
        template = self._templates[hypothesis.reference]
        assert template is not None
        return template


@dataclass(frozen=True, slots=True)
class _Aligned:
    seen: Seen
    warp: Floats
    detail: float
    view: View


def pyramid(image: Pixels) -> list[Pixels]:
    """The picture at full, half, quarter and eighth size."""
    levels = [image]
    while len(levels) < 4 and min(levels[-1].shape[:2]) >= 2:
        half = cv2.resize(levels[-1], None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
        levels.append(np.asarray(half, np.uint8))
    return levels


def agreed(detail: float, telling: float) -> float:
    """What agreement in detail alone says, in log units: even odds at EVEN, at more for a simple glyph, since much in
    the world looks nearly like one."""
    even = EVEN + STRICTER * max(0.0, SIMPLE - telling)
    return min((detail - even) / SLOPE, MOST)


def placed(score: float, rank: float, warp: Floats, template: Template) -> Verified:
    """What a template that lies so over the picture says of its glyph's place."""
    outline = template.outline @ warp[:, :2].T + warp[:, 2]
    low, high = outline.min(axis=0), outline.max(axis=0)
    rows, columns = template.mask.shape
    left, top, right, bottom = MARGIN - 0.5, MARGIN - 0.5, columns - MARGIN - 0.5, rows - MARGIN - 0.5
    ends = np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32)
    corners = ends @ warp[:, :2].T + warp[:, 2]
    return Verified(score, rank, warp, np.array([*low, *(high - low)], np.float32), corners)
