"""Overlays on the footage: a sponsor's mark, bare or on a board, with a light shadow; a title."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from pipeline.domain.model import Box

Picture = NDArray[np.uint8]
Layer = NDArray[np.float32]  # height, width, 4: BGR times alpha, alpha; all in 0..1
FADE = 0.2  # seconds in which a layer comes and goes


@dataclass(frozen=True, slots=True)
class Sign:
    """A mark ready to be placed: `glyph` is (x, y, width, height) of its ink within the layer, in px."""

    layer: Layer
    glyph: tuple[int, int, int, int]


def sign(glyph: Picture, plate: str | None) -> Sign:
    """A sign of a BGRA glyph, on a board of the colour `plate` if there is one."""
    height, width = glyph.shape[:2]
    side = max(width, height)
    pad = round(side * 0.24) if plate else 0
    blur = side * 0.04
    border = pad + round(blur * 4)
    canvas = (height + 2 * border, width + 2 * border)
    ink = np.zeros((*canvas, 4), np.float32)
    ink[border : border + height, border : border + width] = _premultiplied(glyph)
    if plate:
        board = _rounded(canvas, border - pad, round(side * 0.1))
        below = _filled(board, plate)
        layer = _over(_over(_shadow(board, blur, side * 0.03, 0.45), below), ink)
    else:
        layer = _over(_shadow(ink[:, :, 3], blur * 0.8, side * 0.015, 0.5), ink)
    return Sign(layer, (border, border, width, height))


def place(picture: Picture, sign: Sign, box: Box, opacity: float) -> None:
    """Lays `sign` over `picture` so that its glyph fills `box`; to a fraction of a pixel."""
    height, width = picture.shape[:2]
    gx, gy, gw, gh = sign.glyph
    sx, sy = box.width * width / gw, box.height * height / gh
    left, top = box.x * width - gx * sx, box.y * height - gy * sy
    x0, y0 = max(0, int(left)), max(0, int(top))
    x1 = min(width, int(left + sign.layer.shape[1] * sx) + 2)
    y1 = min(height, int(top + sign.layer.shape[0] * sy) + 2)
    # Pixel centres lie at whole numbers for OpenCV, at halves for us.
    move = np.array([[sx, 0, left - x0 + (sx - 1) / 2], [0, sy, top - y0 + (sy - 1) / 2]])
    layer = np.asarray(cv2.warpAffine(sign.layer, move, (x1 - x0, y1 - y0), flags=cv2.INTER_LINEAR), np.float32)
    blend(picture[y0:y1, x0:x1], layer, opacity)


def title(text: str, size: int = 44) -> Layer:
    """A line of white capitals on a dark, half transparent bar with an accent at its left."""
    font = ImageFont.load_default(size)  # comes with Pillow: the same everywhere
    left, top, right, bottom = font.getbbox(text)
    pad_x, pad_y, accent = size * 7 // 10, size // 2, 8
    box = (int(right - left) + 2 * pad_x + accent, int(bottom - top) + 2 * pad_y)
    image = Image.new("RGBA", box, (16, 18, 24, 205))
    drawing = ImageDraw.Draw(image)
    drawing.rectangle((0, 0, accent - 1, box[1]), fill=(255, 196, 0, 255))
    drawing.text((accent + pad_x - left, pad_y - top), text, font=font, fill=(255, 255, 255, 255))
    rgba = np.asarray(image, np.uint8)
    return _premultiplied(np.ascontiguousarray(rgba[:, :, [2, 1, 0, 3]]))


def blend(region: Picture, layer: Layer, opacity: float) -> None:
    """Lays `layer` over `region` (a view of the picture, of the same height and width), in place."""
    faded = layer * np.float32(opacity)
    region[:] = np.rint(region * (1 - faded[:, :, 3:]) + faded[:, :, :3] * 255).astype(np.uint8)


def opacity(t: float, start: float, end: float) -> float:
    """The opacity, 0..1, at `t` seconds of a layer that is shown from `start` to `end`."""
    return float(np.clip(min((t - start) / FADE, (end - t) / FADE), 0.0, 1.0))


def _premultiplied(picture: Picture) -> Layer:
    layer = picture.astype(np.float32) / np.float32(255)
    layer[:, :, :3] *= layer[:, :, 3:]
    return layer


def _rounded(canvas: tuple[int, int], inset: int, radius: int) -> NDArray[np.float32]:
    """Coverage of a rounded rectangle, drawn four times too large for smooth edges."""
    image = Image.new("L", (canvas[1] * 4, canvas[0] * 4), 0)
    edge = inset * 4
    box = (edge, edge, canvas[1] * 4 - edge - 1, canvas[0] * 4 - edge - 1)
    ImageDraw.Draw(image).rounded_rectangle(box, radius * 4, fill=255)
    small = image.resize((canvas[1], canvas[0]), Image.Resampling.BOX)
    return np.asarray(small, np.float32) / np.float32(255)


def _filled(coverage: NDArray[np.float32], color: str) -> Layer:
    bgr = [int(color[i : i + 2], 16) / 255 for i in (5, 3, 1)]
    return np.asarray(coverage[:, :, None] * np.array([*bgr, 1.0], np.float32), np.float32)


def _shadow(coverage: NDArray[np.float32], blur: float, drop: float, strength: float) -> Layer:
    move = np.array([[1, 0, 0], [0, 1, drop]], np.float64)
    moved = cv2.warpAffine(coverage, move, (coverage.shape[1], coverage.shape[0]))
    soft = np.asarray(cv2.GaussianBlur(moved, (0, 0), blur), np.float32) * np.float32(strength)
    return np.dstack([np.zeros((*soft.shape, 3), np.float32), soft])


def _over(below: Layer, above: Layer) -> Layer:
    return np.asarray(above + below * (1 - above[:, :, 3:]), np.float32)
