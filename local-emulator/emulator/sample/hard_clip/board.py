"""A board in space: a sign turned, tilted, smeared, faint, behind a pillar, laid over a picture."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.domain.model import Box

from ..media.overlay import Layer, Picture, Sign, blend
from .scenario import Hard

_CAMERA = 3.0  # distance of the camera from the board, in sides of its glyph
_PILLAR = (110, 104, 96)  # BGR
Points = NDArray[np.float64]  # n×2


@dataclass(frozen=True, slots=True)
class Place:
    """The middle of a glyph and its longer side, in px."""

    x: float
    y: float
    side: float


def outline(glyph: Picture) -> Points:
    """The hull of the ink of a BGRA glyph, in px."""
    rows, columns = np.nonzero(glyph[:, :, 3] > 127)
    hull = cv2.convexHull(np.stack([columns, rows], axis=1).astype(np.int32))
    return np.asarray(hull[:, 0], np.float64) + 0.5


def seen(sign: Sign, ink: Points, mark: Hard, place: Place) -> Points:
    """The points `ink`, in px of the glyph, as the picture shows them."""
    return _seen(sign, mark, place, ink + sign.glyph[:2])


def box(found: Points, size: tuple[int, int]) -> Box:
    """The rectangle around them in 0..1 of a picture of `size` (width, height)."""
    left, top = found.min(axis=0) / size
    right, bottom = found.max(axis=0) / size
    return Box(*(round(float(side), 5) for side in (left, top, right - left, bottom - top)))


def lay(picture: Picture, sign: Sign, mark: Hard, place: Place, opacity: float) -> None:
    """Draws it, in place."""
    height, width = sign.layer.shape[:2]
    own = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    seen = _seen(sign, mark, place, np.asarray(own, np.float64)).astype(np.float32)
    room = mark.smeared + 2
    left, top = (max(0, int(edge) - room) for edge in seen.min(axis=0))
    right, bottom = (min(picture.shape[1 - axis], int(edge) + room) for axis, edge in enumerate(seen.max(axis=0)))
    own = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    warp = cv2.getPerspectiveTransform(own, seen - np.array([left, top], np.float32))
    shrunk = _shrunk(sign.layer, place.side / max(sign.glyph[2:]))
    layer = cv2.warpPerspective(shrunk, warp, (right - left, bottom - top), flags=cv2.INTER_LINEAR)
    if mark.smeared:
        layer = cv2.blur(layer, (mark.smeared, 1))
    blend(picture[top:bottom, left:right], np.asarray(layer, np.float32), opacity * mark.strength)
    if mark.hidden:
        gx, gy, gw, gh = sign.glyph
        glyph = _seen(sign, mark, place, np.array([[gx, gy], [gx + gw, gy + gh]], np.float64))
        x, until = int(glyph[:, 0].min()) - 8, round(glyph[:, 0].min() + mark.hidden * np.ptp(glyph[:, 0]))
        picture[:, max(0, x) : until] = _PILLAR


def _seen(sign: Sign, mark: Hard, place: Place, points: Points) -> Points:
    """Points of the sign's layer, in px, as a camera sees them."""
    gx, gy, gw, gh = sign.glyph
    unit = (points - (gx + gw / 2, gy + gh / 2)) / max(gw, gh)
    turn, tilt = np.radians(mark.turned), np.radians(mark.tilted)
    across, depth = unit[:, 0] * np.cos(turn), unit[:, 0] * np.sin(turn)
    near = _CAMERA / (_CAMERA + depth)
    flat = np.stack([across * near, unit[:, 1] * near], axis=1)
    rotated = flat @ np.array([[np.cos(tilt), np.sin(tilt)], [-np.sin(tilt), np.cos(tilt)]])
    return rotated * place.side + (place.x, place.y)


def _shrunk(layer: Layer, scale: float) -> Layer:
    """The layer as soft as at its size in the picture: warping alone would leave steps."""
    if scale > 0.5:
        return layer
    small = cv2.resize(layer, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(small, layer.shape[1::-1], interpolation=cv2.INTER_LINEAR), np.float32)
