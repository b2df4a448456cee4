"""A first look at many hypotheses at once, at a few hundred points of each."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from .model import Floats, Indices, Pixels
from .templates import Template
from .unmixing import APART, CONTRAST, EVEN_INK, NEAR, SOFT

INSIDE, OUTSIDE, GENERAL = 48, 72, 256  # points of a first look: of the mark's ink, around it, of both
PROBED = INSIDE + OUTSIDE + GENERAL


def probe(template: Template) -> tuple[Floats, Floats, np.float32]:
    """Points of a glyph (PROBED, 2), in its own coordinates: INSIDE in its ink, OUTSIDE of it, then GENERAL ones, whose
    values in the mask are the second array; and the length of a pixel of the template."""
    mask = template.mask
    random = np.random.default_rng(1)
    general = np.sort(random.permutation(mask.size)[:GENERAL])
    chosen = [_spread(template.inside, INSIDE), _spread(template.outside, OUTSIDE), np.resize(general, GENERAL)]
    rows, columns = np.divmod(np.concatenate(chosen), mask.shape[1])
    at = np.stack([columns, rows], axis=1).astype(np.float32) @ template.unit[:, :2].T + template.unit[:, 2]
    step = np.float32(abs(float(np.linalg.det(template.unit[:, :2]))) ** 0.5)
    return at.astype(np.float32), mask.ravel()[chosen[2]], step


def _spread(indices: Indices, count: int) -> Indices:
    return indices[np.linspace(0, len(indices) - 1, count).astype(np.intp)]


def sampled(levels: Sequence[Pixels], warps: Floats, points: Floats, steps: Floats) -> Floats:
    """The picture at `points` (n, m, 2) of glyphs that `warps` lay on it: shape (n, m, 3)."""
    at = points @ warps[:, :, :2].transpose(0, 2, 1) + warps[:, None, :, 2]
    (a, b), (c, d) = warps[:, 0, :2].T, warps[:, 1, :2].T
    size = np.sqrt(np.maximum(np.abs(a * d - b * c), 1e-6)) * steps
    chosen = np.clip(np.rint(np.log2(np.maximum(size, 1.0)) - 0.2), 0, len(levels) - 1).astype(np.intp)
    seen = np.empty((*points.shape[:2], 3), np.float32)
    for level in np.unique(chosen).tolist():
        mine = chosen == level
        x, y = np.moveaxis(at[mine] / np.float32(2**level) - np.float32(0.5), 2, 0)
        seen[mine] = cv2.remap(
            levels[level],
            np.ascontiguousarray(x),
            np.ascontiguousarray(y),
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        )
    return seen


def alike(seen: Floats, values: Floats) -> Floats:
    """Correlations of shares of the marks' colours with the masks: shape (n,). -1 without contrast."""
    colors = np.median(seen[:, :INSIDE], axis=1, keepdims=True)
    away = np.sqrt(((seen - colors) ** 2).sum(axis=2))
    inside = np.sort(away[:, :INSIDE], axis=1)
    outside = np.sort(away[:, INSIDE : INSIDE + OUTSIDE], axis=1)
    contrast = outside[:, int(OUTSIDE * NEAR)]
    ink = np.minimum(inside[:, int(INSIDE * EVEN_INK)], 0.7 * contrast)
    ground = np.minimum(np.maximum(outside[:, int(OUTSIDE * APART)], ink + SOFT * contrast), contrast)
    alpha = (ground[:, None] - away[:, INSIDE + OUTSIDE :]) / np.maximum(ground - ink, 1e-3)[:, None]
    alpha = np.clip(alpha, 0, 1)
    alpha -= alpha.mean(axis=1, keepdims=True)
    values = values - values.mean(axis=1, keepdims=True)
    norms = np.sqrt((alpha * alpha).sum(axis=1) * (values * values).sum(axis=1)) + 1e-6
    return np.where(contrast < CONTRAST, -1, (alpha * values).sum(axis=1) / norms).astype(np.float32)
