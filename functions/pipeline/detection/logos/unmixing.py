"""The picture under a template, and how much of the mark's colour is in each of its pixels."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from .model import Floats, Pixels
from .templates import Template

CONTRAST = 14.0  # grey levels between a mark and its surround, at least
NEAR = 0.35  # quantile of the surround's distances from the mark's colour that counts as fully different
EVEN_INK = 0.9  # quantile of the mark's distances from its colour below which a pixel is fully the mark's
APART = 0.15  # quantile of the surround's distances above which a pixel is surely not
SOFT = 0.3  # of the contrast, at least, between these two


def patch(levels: Sequence[Pixels], onto: Floats, template: Template) -> Floats:
    """The picture under a template that lies `onto` it, of the template's size, with 3 channels."""
    rows, columns = template.mask.shape
    step = max(abs(float(np.linalg.det(onto[:, :2]))), 1e-6) ** 0.5
    level = int(np.clip(round(np.log2(max(step, 1.0)) - 0.2), 0, len(levels) - 1))
    warp = onto / np.float32(2**level)
    warp[:, 2] -= 0.5
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


def correlation(a: Floats, b: Floats) -> float:
    """Pearson's, -1..1."""
    a, b = a - a.mean(), b - b.mean()
    return float((a * b).sum() / (np.linalg.norm(a) * np.linalg.norm(b) + 1e-6))
