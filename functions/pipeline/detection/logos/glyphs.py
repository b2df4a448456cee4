"""Glyphs: the mark of a reference picture, cut out as a mask."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from .model import Floats, Pixels

PLAIN = 12.0  # mean distance of the border's pixels from an even slope of colour, below which a surround is plain


@dataclass(frozen=True, slots=True)
class Glyph:
    """A mark as a mask, 255 inside, cut to its box; `corner` is that box's left and top in the reference picture."""

    mask: Pixels
    corner: tuple[int, int]


def glyph(image: Pixels) -> Glyph | None:
    """The glyph of a reference picture; None if it does not stand out from a plain surround."""
    mask = _opaque(image) if image.ndim == 3 and image.shape[2] == 4 else _figure(image)
    if mask is None:
        return None
    rows, columns = np.flatnonzero((mask > 100).any(1)), np.flatnonzero((mask > 100).any(0))
    if len(rows) < 8 or len(columns) < 8:
        return None
    cut = mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return Glyph(cut, (int(columns[0]), int(rows[0])))


def flatten(image: Pixels) -> Pixels:
    """A reference picture as BGR: transparent parts become white, or black under a light glyph."""
    if image.ndim == 2:
        return cv2.cvtColor(image, cv2.COLOR_GRAY2BGR).astype(np.uint8, copy=False)
    if image.shape[2] == 3:
        return image
    alpha = image[..., 3:].astype(np.float32) / 255
    light = float((image[..., :3] * alpha).sum() / max(3 * float(alpha.sum()), 1.0)) > 150
    ground = 0.0 if light else 255.0
    return (image[..., :3] * alpha + ground * (1 - alpha)).astype(np.uint8)


def _opaque(image: Pixels) -> Pixels | None:
    alpha = np.ascontiguousarray(image[..., 3])
    return alpha if int(alpha.min()) < 128 else _figure(np.ascontiguousarray(image[..., :3]))


def _figure(image: Pixels) -> Pixels | None:
    """Mask of the pixels that differ from a plain surround: Otsu's threshold on the distance from its colour."""
    pixels = flatten(image).astype(np.float32)
    away = np.abs(pixels - _ground(pixels)).max(axis=2)
    if float(np.concatenate([away[0], away[-1], away[:, 0], away[:, -1]]).mean()) > PLAIN:
        return None
    distance = np.clip(away, 0, 255).astype(np.uint8)
    return cv2.threshold(distance, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[1].astype(np.uint8, copy=False)


def _ground(pixels: Floats) -> Floats:
    """The surround's colour everywhere, H×W×3: a plane through the border's, for light is rarely even.

    Fitted twice: the second time without pixels farther from the first plane than most, as of a mark at the edge.
    """
    height, width = pixels.shape[:2]
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    at = np.stack([rows / height, columns / width, np.ones_like(rows)], axis=2)
    edge = np.ones((height, width), bool)
    edge[1:-1, 1:-1] = False
    where, colors = at[edge], pixels[edge]
    plane = np.zeros((3, 3), np.float32)
    plane[2] = np.median(colors, axis=0)
    for _ in range(2):
        away = np.abs(colors - where @ plane).max(axis=1)
        near = away <= max(2 * float(np.median(away)), 4.0)
        plane = np.asarray(np.linalg.lstsq(where[near], colors[near], rcond=None)[0], np.float32)
    return np.asarray(at @ plane, np.float32)
