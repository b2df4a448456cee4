"""First pass: forms of reference marks that resemble a region. Cheap and generous; `verify` decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .affine import leans
from .canonical import Spectra, magnitudes, rotations, spectra
from .model import Floats, Indices
from .poses import Forms
from .regions import Region
from .upright import describe

RESEMBLANCE = 0.6  # correlation, at the best rotation
ALIKE = 0.72  # correlation of upright shapes
CANDIDATES = 16  # marks whose best form is compared at each rotation, for one region
HYPOTHESES = 3  # of different marks, for one region
LEAN = 3.2  # how much longer one way than another a mark may be seen


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A reference mark that may be in the picture: `warp` (2, 3) leads from the glyph's coordinates, whose box is 1
    long, to the picture's pixels, counted from its edge."""

    reference: int
    warp: Floats
    resemblance: float

    def scaled(self, factor: float) -> Hypothesis:
        """The same in pixels of a picture `factor` times as large."""
        return Hypothesis(self.reference, self.warp * np.float32(factor), self.resemblance)


class ShapeIndex:
    """Every form of every mark."""

    def __init__(self, marks: Sequence[Forms | None]) -> None:
        """For each reference mark its forms."""
        known = [(number, mark) for number, mark in enumerate(marks) if mark is not None]
        self._references = np.concatenate([np.zeros(0, np.intp), *(np.full(len(f.frames), n) for n, f in known)])
        empty = spectra([])
        self._spectra = np.concatenate([empty[0], *(mark.spectra for _, mark in known)])
        self._frames = np.concatenate([empty[1], *(mark.frames for _, mark in known)])
        self._matrix = magnitudes(self._spectra)
        self._counts = np.array([len(mark.frames) for _, mark in known], np.intp)
        self._starts = np.cumsum(self._counts) - self._counts
        self._longest = int(self._counts.max(initial=0))
        self._numbers = [number for number, _ in known]
        self._vectors = np.concatenate([describe([]), *(mark.upright.vectors for _, mark in known)])
        self._into = np.concatenate([np.zeros((0, 2, 3), np.float32), *(mark.upright.into for _, mark in known)])
        self._upright_counts = np.array([len(mark.upright.into) for _, mark in known], np.intp)
        self._upright_starts = np.cumsum(self._upright_counts) - self._upright_counts

    def hypotheses(self, found: Sequence[Region]) -> list[Hypothesis]:
        """For each region the marks that it, as a whole or as a part, resembles."""
        if not found or not len(self._matrix):
            return []
        waves, placed = spectra([region.mask for region in found])
        placed[:, :, 2] += np.array([region.rect[:2] for region in found], np.float32) + 0.5
        return self._turned(waves, placed) + self._upright(found)

    def _upright(self, found: Sequence[Region]) -> list[Hypothesis]:
        """By the regions' boxes."""
        likeness = describe([region.mask for region in found]) @ self._vectors.T
        each = np.maximum.reduceat(likeness, self._upright_starts, axis=1)
        made: list[Hypothesis] = []
        for row in np.flatnonzero(each.max(axis=1) >= ALIKE).tolist():
            marks = np.flatnonzero(each[row] >= ALIKE)
            for mark in marks[np.argsort(-each[row, marks], kind="stable")[:HYPOTHESES]].tolist():
                start = int(self._upright_starts[mark])
                column = start + int(likeness[row, start : start + int(self._upright_counts[mark])].argmax())
                x, y, width, height = found[row].rect
                warp = self._into[column] * np.array([[width], [height]], np.float32)
                warp[:, 2] += (x, y)
                if float(leans(warp[None])[0]) <= LEAN:
                    made.append(Hypothesis(self._numbers[mark], warp, float(each[row, mark])))
        return made

    def _turned(self, waves: Spectra, placed: Floats) -> list[Hypothesis]:
        """By the regions' shapes in any pose."""
        rows, columns = self._candidates(waves)
        alike, turns = rotations(waves[rows], self._spectra[columns])
        warps = _joined(placed[rows], turns, self._frames[columns])
        order = np.flatnonzero((alike >= RESEMBLANCE) & (leans(warps) <= LEAN))
        order = order[np.argsort(-alike[order], kind="stable")]
        made: list[Hypothesis] = []
        taken = np.zeros(len(waves), np.intp)
        for pair, row in zip(order.tolist(), rows[order].tolist(), strict=True):
            if taken[row] < HYPOTHESES:
                taken[row] += 1
                made.append(Hypothesis(int(self._references[columns[pair]]), warps[pair], float(alike[pair])))
        return made

    def _candidates(self, waves: Spectra) -> tuple[Indices, Indices]:
        """Pairs of a region and a form whose waves are alike but for their phases: the best form of each mark that is
        among the best for the region."""
        likeness = magnitudes(waves) @ self._matrix.T
        each = np.maximum.reduceat(likeness, self._starts, axis=1)
        most = min(CANDIDATES, each.shape[1])
        marks = np.argpartition(-each, most - 1, axis=1)[:, :most].ravel()
        rows = np.repeat(np.arange(len(likeness)), most)
        steps = np.minimum(np.arange(self._longest)[None], self._counts[marks, None] - 1)
        columns = self._starts[marks, None] + steps
        best = likeness[rows[:, None], columns].argmax(axis=1)
        return rows, columns[np.arange(len(best)), best]


def _joined(here: Floats, turns: Floats, there: Floats) -> Floats:
    """The maps (n, 2, 3) from glyphs to the picture, by the frames of regions and of the forms that they resemble."""
    c, s = np.cos(turns), np.sin(turns)
    rotation = np.stack([c, -s, s, c], axis=1).reshape(-1, 2, 2)
    (a, b), (c, d) = there[:, 0, :2].T, there[:, 1, :2].T
    inverse = np.stack([d, -b, -c, a], axis=1).reshape(-1, 2, 2) / (a * d - b * c)[:, None, None]
    linear = here[:, :, :2] @ rotation @ inverse
    shift = here[:, :, 2:] - linear @ there[:, :, 2:]
    return np.concatenate([linear, shift], axis=2).astype(np.float32)
