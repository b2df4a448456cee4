"""Lays a mark over a picture."""

from __future__ import annotations

import cv2
import numpy as np

WHITE, DARK = (246, 246, 246), (28, 25, 25)
LOOKS = ("light plate", "brand plate", "dark plate", "bare white", "bare brand")
SEEN, MOST = 45.0, 0.25  # a bare mark is to be seen: it differs by SEEN grey levels from all but MOST of what it covers
TURN, SHEAR = 15.0, 0.08  # degrees, of 60 % of the scenes; of 40 %
Paint = tuple[int, int, int]
Box = tuple[int, int, int, int]  # x, y, width, height in pixels


def paint(image: np.ndarray, mark: np.ndarray, size: int, look: str, random: np.random.Generator) -> Box | None:
    """Lays a BGRA mark somewhere, in place; its box, or None where it does not fit or could not be seen."""
    glyph, plate = _layers(mark, size, random)
    left, top, width, height = cv2.boundingRect((plate > 0).astype(np.uint8))
    free = image.shape[1] - width, image.shape[0] - height
    if min(free) <= 0:
        return None
    x, y = (int(random.integers(side)) for side in free)
    area = image[y : y + height, x : x + width]
    ink, ground = colors(mark, look)
    layers = [] if ground is None else [(plate, ground)]
    glyph_here = glyph[top : top + height, left : left + width]
    if ground is None:
        distance = np.abs(area.astype(np.float32) - np.array(ink, np.float32)).max(axis=2)[glyph_here > 100]
        if float(np.quantile(distance, MOST)) < SEEN:
            return None
    for layer, color in [*layers, (glyph, ink)]:
        share = layer[top : top + height, left : left + width, None] / 255.0
        area[:] = (area * (1 - share) + np.array(color) * share).round().astype(np.uint8)
    gx, gy, gw, gh = cv2.boundingRect((glyph > 100).astype(np.uint8))
    return x + gx - left, y + gy - top, gw, gh


def _layers(mark: np.ndarray, size: int, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """The glyph and a plate around it, as masks of one size, turned and sheared alike."""
    alpha = mark[..., 3]
    x, y, width, height = cv2.boundingRect((alpha > 100).astype(np.uint8))
    scale = min(size / height, 2.2 * size / width)
    cut = alpha[y : y + height, x : x + width]
    glyph = cv2.resize(cut, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    padding, margin = int(0.4 * max(glyph.shape)) + 12, int(0.22 * min(glyph.shape)) + 4
    canvas = np.pad(glyph, padding)
    plate = np.zeros_like(canvas)
    plate[padding - margin : margin - padding, padding - margin : margin - padding] = 255
    warp = _warp(canvas.shape, random)
    glyph, plate = (cv2.warpAffine(layer, warp, canvas.shape[::-1]) for layer in (canvas, plate))
    return glyph, plate


def _warp(shape: tuple[int, ...], random: np.random.Generator) -> np.ndarray:
    height, width = shape
    angle = random.uniform(-TURN, TURN) if random.random() < 0.6 else 0.0
    shear = random.uniform(-SHEAR, SHEAR) if random.random() < 0.4 else 0.0
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1)
    return turn @ np.array([[1, shear, -shear * height / 2], [0, 1, 0], [0, 0, 1]])


def colors(mark: np.ndarray, look: str) -> tuple[Paint, Paint | None]:
    """Ink and plate."""
    blue, green, red = (int(value) for value in np.median(mark[mark[..., 3] > 100][:, :3], axis=0))
    brand: Paint = (blue, green, red)
    light = sum(brand) > 3 * 190
    looks: dict[str, tuple[Paint, Paint | None]] = {
        "light plate": (DARK if light else brand, WHITE),
        "brand plate": (DARK if light else WHITE, brand),
        "dark plate": (WHITE, DARK),
        "bare white": (WHITE, None),
        "bare brand": (brand, None),
    }
    return looks[look]
