"""Takes the glyph out of a reference picture: where the mark is, as a mask."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from .model import Pixels

PLAIN = 12.0  # mean distance of the border's pixels from their median, below which a surround is plain


@dataclass(frozen=True, slots=True)
class Glyph:
    """A mark as a mask, 255 inside, cut to its box; `corner` is that box's left and top in the reference picture."""

    mask: Pixels
    corner: tuple[int, int]


def glyph(image: Pixels) -> Glyph | None:
    """The glyph of a reference picture; None where it does not stand out from a plain surround."""
    mask = _opaque(image) if image.ndim == 3 and image.shape[2] == 4 else _figure(image)
    if mask is None:
        return None
    rows, columns = np.flatnonzero((mask > 100).any(1)), np.flatnonzero((mask > 100).any(0))
    if len(rows) < 8 or len(columns) < 8:
        return None
    cut = mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return Glyph(cut, (int(columns[0]), int(rows[0])))


def flatten(image: Pixels) -> Pixels:
    """A reference picture as BGR: what is transparent becomes white, or black under a light glyph."""
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
    """What differs from a plain surround, by Otsu's threshold on the distance from the surround's colour."""
    pixels = flatten(image).astype(np.float32)
    border = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    ground = np.median(border, axis=0)
    if float(np.abs(border - ground).max(axis=1).mean()) > PLAIN:
        return None
    distance = np.clip(np.abs(pixels - ground).max(axis=2), 0, 255).astype(np.uint8)
    return cv2.threshold(distance, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[1].astype(np.uint8, copy=False)
