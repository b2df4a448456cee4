"""Eight marks drawn here, unlike each other and unlike what is in photographs, and pictures to put them on."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

SIDE = 256


def _blank() -> np.ndarray:
    return np.zeros((SIDE, SIDE), np.uint8)


def _bolt() -> np.ndarray:
    points = [(150, 10), (60, 140), (120, 140), (90, 246), (200, 100), (135, 100), (170, 10)]
    return cv2.fillPoly(_blank(), [np.array(points, np.int32)], 255, cv2.LINE_AA)


def _crescent() -> np.ndarray:
    mask = cv2.circle(_blank(), (128, 128), 118, 255, -1, cv2.LINE_AA)
    return cv2.circle(mask, (176, 100), 92, 0, -1, cv2.LINE_AA)


def _star_in_ring() -> np.ndarray:
    mask = cv2.circle(_blank(), (128, 128), 110, 255, 16, cv2.LINE_AA)
    angles = -np.pi / 2 + np.arange(10) * np.pi / 5
    radii = np.where(np.arange(10) % 2 == 0, 84, 34)
    points = np.stack([128 + radii * np.cos(angles), 128 + radii * np.sin(angles)], axis=1)
    return cv2.fillPoly(mask, [points.astype(np.int32)], 255, cv2.LINE_AA)


def _stripes() -> np.ndarray:
    mask = _blank()
    for left, top in ((10, 150), (90, 90), (170, 30)):
        points = [(left, top), (left + 40, top - 20), (left + 76, 220), (left + 36, 220)]
        cv2.fillPoly(mask, [np.array(points, np.int32)], 255, cv2.LINE_AA)
    return mask


def _swoosh() -> np.ndarray:
    mask = cv2.ellipse(_blank(), (140, 60), (130, 100), 0, 20, 170, 255, -1, cv2.LINE_AA)
    return cv2.ellipse(mask, (150, 30), (150, 88), 0, 0, 360, 0, -1, cv2.LINE_AA)


def _hooked_letter() -> np.ndarray:
    mask = cv2.rectangle(_blank(), (40, 20), (90, 236), 255, -1)
    cv2.rectangle(mask, (40, 20), (200, 66), 255, -1)
    cv2.rectangle(mask, (40, 110), (160, 150), 255, -1)
    return cv2.circle(mask, (200, 43), 34, 255, -1, cv2.LINE_AA)


def _pinwheel() -> np.ndarray:
    mask = _blank()
    for angle in (0, 90, 180, 270):
        cv2.ellipse(mask, (128, 128), (112, 50), angle, 0, 180, 255, -1, cv2.LINE_AA)
    return cv2.circle(mask, (128, 128), 22, 0, -1, cv2.LINE_AA)


def _crown() -> np.ndarray:
    points = [(20, 60), (75, 130), (128, 40), (181, 130), (236, 60), (214, 210), (42, 210)]
    mask = cv2.fillPoly(_blank(), [np.array(points, np.int32)], 255, cv2.LINE_AA)
    return cv2.rectangle(mask, (60, 170), (196, 186), 0, -1)


_DRAWINGS: dict[str, Callable[[], np.ndarray]] = {
    "Bolt": _bolt,
    "Crescent": _crescent,
    "Star": _star_in_ring,
    "Stripes": _stripes,
    "Swoosh": _swoosh,
    "Hook": _hooked_letter,
    "Pinwheel": _pinwheel,
    "Crown": _crown,
}
BRANDS = tuple(_DRAWINGS)


def mask_of(brand: str) -> np.ndarray:
    """The glyph as a mask, cut to its box."""
    mask = _DRAWINGS[brand]()
    x, y, width, height = cv2.boundingRect((mask > 100).astype(np.uint8))
    return mask[y : y + height, x : x + width]


def with_alpha(brand: str, color: tuple[int, int, int] = (0, 0, 0)) -> np.ndarray:
    """BGRA: the glyph in its colour on nothing."""
    alpha = cv2.copyMakeBorder(mask_of(brand), 8, 8, 8, 8, cv2.BORDER_CONSTANT, value=0)
    return np.dstack([np.full((*alpha.shape, 3), color, np.uint8), alpha])


def landscape(seed: int, width: int = 1280, height: int = 720) -> np.ndarray:
    """Something like a photograph: soft shapes of many sizes with noise, the same for the same seed."""
    random = np.random.default_rng(seed)
    image = np.zeros((height, width, 3), np.float32)
    for cells in (4, 9, 20, 45, 90):
        coarse = random.normal(0, 1, (cells * height // width + 2, cells, 3)).astype(np.float32)
        image += cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC) * (34 / cells**0.35)
    image += random.normal(0, 3, image.shape)
    return np.clip(image + random.uniform(70, 170, 3), 0, 255).astype(np.uint8)


def paste(
    image: np.ndarray,
    brand: str,
    at: tuple[int, int],
    size: int,
    color: tuple[int, int, int],
    plate: tuple[int, int, int] | None = None,
    angle: float = 0.0,
) -> tuple[int, int, int, int]:
    """Puts a mark with its longer side `size` at `at` (left, top), on a plate if one is given; returns its box."""
    glyph = mask_of(brand)
    scale = size / max(glyph.shape)
    glyph = cv2.resize(glyph, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    margin = size // 2
    canvas = cv2.copyMakeBorder(glyph, margin, margin, margin, margin, cv2.BORDER_CONSTANT, value=0)
    ground = np.zeros_like(canvas)
    edge = margin // 2
    ground[edge:-edge, edge:-edge] = 255
    height, width = canvas.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1)
    layers = [] if plate is None else [(ground, plate)]
    left, top = at[0] - margin, at[1] - margin
    area = image[top : top + height, left : left + width]
    for layer, paint in [*layers, (canvas, color)]:
        share = cv2.warpAffine(layer, turn, (width, height))[..., None].astype(np.float32) / 255
        area[:] = (area * (1 - share) + np.array(paint, np.float32) * share).astype(np.uint8)
    x, y, w, h = cv2.boundingRect((cv2.warpAffine(canvas, turn, (width, height)) > 100).astype(np.uint8))
    return left + x, top + y, w, h
