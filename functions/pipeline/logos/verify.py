"""Second look: is this glyph really here? Unmixes the mark's colour at full resolution and aligns the glyph to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from .model import Floats, Indices, Pixels
from .shapes import Hypothesis

SIDE = 64
MARGIN = 0.14  # of the box, looked at around it
CONTRAST = 14.0  # grey levels between a mark and its surround, at least
NEAR = 0.35  # quantile of the surround's distances from the mark's colour that counts as fully different
SAMPLE = 150  # pixels that colours are estimated from
WORTH = 0.55  # correlation before alignment, below which alignment is not tried
COARSE = 4.0  # pixels of a SIDE: what is larger belongs to the outline that many things share
EVEN = 0.6  # agreement in detail at which a match is as likely right as wrong, and how fast that changes
SLOPE = 0.06
_STOP = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_COUNT, 12, 1e-3)


@dataclass(frozen=True, slots=True)
class Template:
    """A view as the verifier wants it: its mask, SIDE×SIDE with its margin, 0..1, and what is particular of it.

    `common` (SIDE², 3) spans the mask's blurred form and its convex hull: much in the world looks like that. `detail`
    (SIDE²,) is what is left of the mask beyond these, of unit length. `outline` (n, 2) are the corners of the hull,
    `inside` and `outside` some pixels that surely are.
    """

    mask: Floats
    inside: Indices
    outside: Indices
    outline: Floats
    common: Floats
    detail: Floats


class Verifier:
    """`templates[reference][view]`; a reference without a glyph has none."""

    def __init__(self, templates: Sequence[Sequence[Template]]) -> None:
        self._templates = templates

    def verify(self, pyramid: Sequence[Pixels], hypothesis: Hypothesis) -> tuple[float, Floats] | None:
        """How likely the glyph is here, 0..1, and its box in pixels of `pyramid[0]`; None where nothing is there."""
        template = self._templates[hypothesis.reference][hypothesis.view]
        alpha = _unmix(_patch(pyramid, hypothesis.rect), template)
        if alpha is None or _correlation(alpha, template.mask) < WORTH:
            return None
        warp = _align(template.mask, alpha)
        if warp is None:
            return None
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        aligned = cv2.warpAffine(alpha, warp, (SIDE, SIDE), flags=flags, borderMode=cv2.BORDER_REPLICATE)
        return _likelihood(np.asarray(aligned, np.float32), template), _moved(hypothesis.rect, template.outline, warp)


def template(whole: Pixels) -> Template:
    """Prepares a view's mask."""
    inner = round(SIDE / (1 + 2 * MARGIN))
    before = (SIDE - inner) // 2
    after = SIDE - inner - before
    small = cv2.resize(whole, (inner, inner), interpolation=cv2.INTER_AREA)
    padded = cv2.copyMakeBorder(small, before, after, before, after, cv2.BORDER_CONSTANT, value=0)
    mask = np.asarray(cv2.GaussianBlur(padded, (3, 3), 0) / 255, np.float32)
    hull = np.zeros((SIDE, SIDE), np.float32)
    outline = np.asarray(cv2.convexHull(np.argwhere(mask > 0.5)[:, ::-1].astype(np.int32)), np.int32).reshape(-1, 2)
    cv2.fillConvexPoly(hull, outline, 1.0)
    shared = (np.ones_like(mask), cv2.GaussianBlur(hull, (3, 3), 0), cv2.GaussianBlur(mask, (0, 0), COARSE))
    common = np.asarray(np.linalg.qr(np.stack([plane.ravel() for plane in shared], axis=1))[0], np.float32)
    flat = mask.ravel()
    inside = next(chosen for least in (0.9, 0.6, 0.0) if len(chosen := np.flatnonzero(flat > least)) >= 20)
    return Template(
        mask=mask,
        inside=_some(inside),
        outside=_some(np.flatnonzero(flat < 0.05)),
        outline=outline.astype(np.float32),
        common=common,
        detail=_beyond(mask, common),
    )


def _some(indices: Indices) -> Indices:
    """At most about SAMPLE of them, evenly."""
    return indices[:: max(1, len(indices) // SAMPLE)]


def _beyond(mask: Floats, common: Floats) -> Floats:
    flat = mask.ravel()
    rest = flat - common @ (common.T @ flat)
    return np.asarray(rest / (np.linalg.norm(rest) + 1e-6), np.float32)


def _likelihood(alpha: Floats, template: Template) -> float:
    agreement = float(template.detail @ _beyond(alpha, template.common))
    return float(1 / (1 + np.exp((EVEN - agreement) / SLOPE)))


def pyramid(image: Pixels) -> list[Pixels]:
    """The picture at full, half, quarter and eighth size."""
    levels = [image]
    while len(levels) < 4 and min(levels[-1].shape[:2]) >= 2:
        half = cv2.resize(levels[-1], None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
        levels.append(np.asarray(half, np.uint8))
    return levels


def _patch(levels: Sequence[Pixels], rect: tuple[float, float, float, float]) -> Floats:
    """The picture around a box, SIDE×SIDE×3."""
    x, y, width, height = rect
    level = int(np.clip(np.log2(max(max(width, height) / SIDE, 1.0)), 0, len(levels) - 1))
    shrink = 2.0**level
    step_x, step_y = width * (1 + 2 * MARGIN) / SIDE, height * (1 + 2 * MARGIN) / SIDE
    left, top = x - MARGIN * width + step_x / 2, y - MARGIN * height + step_y / 2
    warp = np.array([[step_x, 0, left], [0, step_y, top]]) / shrink
    warp[:, 2] += 0.5 / shrink - 0.5
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    patch = cv2.warpAffine(levels[level], warp, (SIDE, SIDE), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(patch, np.float32)


def _unmix(patch: Floats, template: Template) -> Floats | None:
    """How much of the mark's colour each pixel has, 0..1; None without contrast."""
    pixels = patch.reshape(-1, 3)
    inside = np.sort(pixels[template.inside], axis=0)
    distance = np.sqrt(((pixels - inside[len(inside) // 2]) ** 2) @ np.ones(3, np.float32))
    outside = np.sort(distance[template.outside])
    contrast = float(outside[int(len(outside) * NEAR)]) if len(outside) else 0.0
    if contrast < CONTRAST:
        return None
    return np.asarray(1 - np.minimum(distance / contrast, 1), np.float32).reshape(SIDE, SIDE)


def _align(mask: Floats, alpha: Floats) -> Floats | None:
    """The affine warp, near identity, that lays `mask` on `alpha`."""
    start = np.eye(2, 3, dtype=np.float32)
    everywhere = np.ones((SIDE, SIDE), np.uint8)
    try:
        _, found = cv2.findTransformECC(mask, alpha, start, cv2.MOTION_AFFINE, _STOP, everywhere, 3)
    except cv2.error:  # it did not converge
        return None
    warp = np.asarray(found, np.float32)
    if not np.isfinite(warp).all() or np.abs(warp[:, :2] - np.eye(2)).max() > 0.3:
        return None
    return warp


def _moved(rect: tuple[float, float, float, float], outline: Floats, warp: Floats) -> Floats:
    """The box around the aligned outline."""
    points = outline @ warp[:, :2].T + warp[:, 2]
    ends = np.stack([points.min(axis=0) - 0.5, points.max(axis=0) + 0.5])
    unit = (ends + 0.5) / SIDE * (1 + 2 * MARGIN) - MARGIN
    low, high = unit * np.array(rect[2:]) + np.array(rect[:2])
    return np.array([*low, *(high - low)], np.float32)


def _correlation(a: Floats, b: Floats) -> float:
    a, b = a - a.mean(), b - b.mean()
    return float((a * b).sum() / (np.linalg.norm(a) * np.linalg.norm(b) + 1e-6))
