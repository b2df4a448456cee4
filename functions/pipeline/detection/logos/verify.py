"""Second pass: verifies a glyph by unmixing the mark's colour at full resolution and aligning the glyph to it."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from .model import Floats, Pixels
from .shapes import Hypothesis
from .templates import MARGIN, Template

CONTRAST = 14.0  # grey levels between a mark and its surround, at least
NEAR = 0.35  # quantile of the surround's distances from the mark's colour that counts as fully different
EVEN_INK = 0.9  # quantile of the mark's distances from its colour below which a pixel is fully the mark's
APART = 0.15  # quantile of the surround's distances above which a pixel is surely not
SOFT = 0.3  # of the contrast, at least, between these two
WORTH = 0.4  # correlation before alignment, below which alignment is not tried
EVEN = 0.6  # agreement in detail at which a match is as likely right as wrong, and how fast that changes
SLOPE = 0.06
SIMPLE, STRICTER = 0.4, 2.0  # share of detail below which a glyph is simple, and how much more agreement that asks for
STEPS = ((5, 0.3), (3, 0.3))  # pixels of blur, while aligning; agreement below which it is given up
_STOP = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_COUNT, 12, 1e-3)


class Verifier:
    """`templates[reference][view]`; a reference without a glyph has none."""

    def __init__(self, templates: Sequence[Sequence[Template]]) -> None:
        self._templates = templates

    def verify(self, pyramid: Sequence[Pixels], hypothesis: Hypothesis) -> tuple[float, Floats] | None:
        """Likelihood of the glyph, 0..1, and its box in pixels of `pyramid[0]`; None if it is not there."""
        template = self._templates[hypothesis.reference][hypothesis.view]
        alpha = unmix(patch(pyramid, hypothesis.rect, template), template)
        if alpha is None or correlation(alpha, template.mask) < WORTH:
            return None
        warp, agreeing = np.eye(2, 3, dtype=np.float32), -1.0
        for blur, least in STEPS:
            warp = align(template.mask, alpha, warp, blur)
            agreeing = -1.0 if warp is None else agreement(alpha, warp, template)
            if warp is None or agreeing < least:
                return None
        return likelihood(agreeing, template.telling), moved(hypothesis.rect, template, warp)


def pyramid(image: Pixels) -> list[Pixels]:
    """The picture at full, half, quarter and eighth size."""
    levels = [image]
    while len(levels) < 4 and min(levels[-1].shape[:2]) >= 2:
        half = cv2.resize(levels[-1], None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
        levels.append(np.asarray(half, np.uint8))
    return levels


def patch(levels: Sequence[Pixels], rect: tuple[float, float, float, float], template: Template) -> Floats:
    """The picture around a box, of the template's size, with 3 channels."""
    x, y, width, height = rect
    rows, columns = template.mask.shape
    step_x, step_y = width / (columns - 2 * MARGIN), height / (rows - 2 * MARGIN)
    level = int(np.clip(np.log2(max(step_x, step_y, 1.0)), 0, len(levels) - 1))
    shrink = 2.0**level
    left, top = x - (MARGIN - 0.5) * step_x, y - (MARGIN - 0.5) * step_y
    warp = np.array([[step_x, 0, left], [0, step_y, top]]) / shrink
    warp[:, 2] += 0.5 / shrink - 0.5
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    seen = cv2.warpAffine(levels[level], warp, (columns, rows), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(seen, np.float32)


def unmix(seen: Floats, template: Template) -> Floats | None:
    """Share of the mark's colour in each pixel, 0..1; None without contrast."""
    pixels = seen.reshape(-1, 3)
    colors = np.sort(pixels[template.inside], axis=0)
    distance = np.sqrt(((pixels - colors[len(colors) // 2]) ** 2) @ np.ones(3, np.float32))
    outside, inside = np.sort(distance[template.outside]), np.sort(distance[template.inside])
    contrast = float(outside[int(len(outside) * NEAR)]) if len(outside) else 0.0
    if contrast < CONTRAST:
        return None
    ink = min(float(inside[int(len(inside) * EVEN_INK)]), 0.7 * contrast)
    ground = min(max(float(outside[int(len(outside) * APART)]), ink + SOFT * contrast), contrast)
    return np.clip((ground - distance) / (ground - ink), 0, 1).reshape(template.mask.shape).astype(np.float32)


def align(mask: Floats, alpha: Floats, start: Floats, blur: int) -> Floats | None:
    """The affine warp, near identity, that lays `mask` on `alpha`; both are blurred by so many pixels."""
    everywhere = np.ones(mask.shape, np.uint8)
    try:
        found = cv2.findTransformECC(mask, alpha, start, cv2.MOTION_AFFINE, _STOP, everywhere, blur)[1]
    except cv2.error:  # it did not converge
        return None
    warp = np.asarray(found, np.float32)
    if not np.isfinite(warp).all() or np.abs(warp[:, :2] - np.eye(2)).max() > 0.3:
        return None
    return warp


def agreement(alpha: Floats, warp: Floats, template: Template) -> float:
    """Correlation, -1..1, with what is particular of the template, after alignment."""
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    size = template.mask.shape[1], template.mask.shape[0]
    aligned = cv2.warpAffine(alpha, warp, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return float(template.detail @ template.beyond(np.asarray(aligned, np.float32)))


def likelihood(agreeing: float, telling: float) -> float:
    """0..1, an even chance at EVEN; at more for a simple glyph, since much in the world looks nearly like one."""
    even = EVEN + STRICTER * max(0.0, SIMPLE - telling)
    return float(1 / (1 + np.exp((even - agreeing) / SLOPE)))


def moved(rect: tuple[float, float, float, float], template: Template, warp: Floats) -> Floats:
    """The box around the aligned outline."""
    points = template.outline @ warp[:, :2].T + warp[:, 2]
    ends = np.stack([points.min(axis=0), points.max(axis=0) + 1]) - MARGIN
    rows, columns = template.mask.shape
    unit = ends / (columns - 2 * MARGIN, rows - 2 * MARGIN)
    low, high = unit * np.array(rect[2:]) + np.array(rect[:2])
    return np.array([*low, *(high - low)], np.float32)


def correlation(a: Floats, b: Floats) -> float:
    """Pearson's, -1..1."""
    a, b = a - a.mean(), b - b.mean()
    return float((a * b).sum() / (np.linalg.norm(a) * np.linalg.norm(b) + 1e-6))
