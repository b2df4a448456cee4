"""Reference marks as people have them: not the drawing but a photograph of a sign, two for each brand."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from pipeline.detection.logos import Mark

from .paint import colors
from .pictures import as_jpeg

LOOKS = ("light plate", "brand plate")
SIDE, MARGIN = 300, 40  # pixels of the mark's longer side, and of the plate around it
TILT = 0.04  # of the sides, by which corners are off
LIGHT = (0.7, 1.1)  # of the sign's left or right end
BLUR, NOISE, JPEG = 1.0, 3.0, 75


def photographed(marks: Sequence[Mark], seed: int) -> list[Mark]:
    """Two photographs (BGR) of each mark's sign, on the plates of LOOKS, cropped to the plate."""
    random = np.random.default_rng(seed)
    return [Mark(mark.brand, _shot(mark.image, look, random)) for mark in marks for look in LOOKS]


def _shot(mark: np.ndarray, look: str, random: np.random.Generator) -> np.ndarray:
    ink, ground = colors(mark, look)
    scale = SIDE / max(mark.shape[:2])
    alpha = cv2.resize(mark[..., 3], None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    share = np.pad(alpha, 2 * MARGIN)[..., None] / 255.0
    sign: np.ndarray = np.array(ground or (0, 0, 0)) * (1 - share) + np.array(ink) * share
    height, width = sign.shape[:2]
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    off = random.uniform(-TILT, TILT, (4, 2)) * SIDE
    tilted = cv2.getPerspectiveTransform(corners, (corners + off).astype(np.float32))
    sign = np.asarray(cv2.warpPerspective(sign, tilted, (width, height), borderMode=cv2.BORDER_REPLICATE))
    left, right = random.permutation(LIGHT)
    sign *= np.linspace(left, right, width)[None, :, None]
    sign = cv2.GaussianBlur(sign, (0, 0), BLUR) + random.normal(0, NOISE, sign.shape)
    image = np.clip(sign, 0, 255).astype(np.uint8)[MARGIN:-MARGIN, MARGIN:-MARGIN]
    return as_jpeg(image, JPEG)
