"""Boxes and their names, drawn into a picture of three planes (4:2:0)."""

from __future__ import annotations

import colorsys
import hashlib
from collections.abc import Sequence
from typing import TypeAlias

import cv2
import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from pipeline.reports.model import UNIT, Rect

Place: TypeAlias = tuple[str, Rect]
"""A label and where it is."""

Planes: TypeAlias = NDArray[np.uint8]
"""Height * 3 / 2 rows of the picture's width: luma, then both planes of colour, a quarter of it each."""

_FONT = cv2.FONT_HERSHEY_SIMPLEX
_LARGEST_NAME = 60  # characters


def draw(planes: Planes, width: int, height: int, places: Sequence[Place]) -> None:
    """Draws into `planes` ; both sizes are even."""
    if not places:
        return
    flat = planes.reshape(-1)
    chroma = width * height // 4
    luma = flat[: width * height].reshape(height, width)
    halves = [
        flat[first : first + chroma].reshape(height // 2, width // 2)
        for first in (width * height, width * height + chroma)
    ]
    thick = max(1, round(height / 360)) * 2  # even: the planes of colour have half as many pixels
    scale = max(0.4, height / 1080)
    for label, rect in places:
        color = _color(label)
        left, top = rect.x * width // UNIT, rect.y * height // UNIT
        right, bottom = (rect.x + rect.width) * width // UNIT, (rect.y + rect.height) * height // UNIT
        _box(luma, (left, top), (right, bottom), color[0], thick)
        for plane, value in zip(halves, color[1:], strict=True):
            _box(plane, (left // 2, top // 2), (right // 2, bottom // 2), value, thick // 2)
        name = label.encode("ascii", "replace").decode()[:_LARGEST_NAME]  # the font has no other letters
        (wide, tall), _ = cv2.getTextSize(name, _FONT, scale, 1)
        high = tall + 3 * thick
        above = top - high if top >= high else min(bottom, height - high)
        _fill(luma, left, above, wide + 2 * thick, high, color[0])
        for plane, value in zip(halves, color[1:], strict=True):
            _fill(plane, left // 2, above // 2, wide // 2 + thick, high // 2, value)
        cv2.putText(luma, name, (left + thick, above + high - thick), _FONT, scale, (16,), 1, cv2.LINE_AA)


def planes_of(frame: VideoFrame, width: int, height: int) -> Planes:
    """A frame's own copy of its planes, in that size, both of whose sides are even."""
    return np.asarray(frame.reformat(width, height, "yuv420p").to_ndarray(), np.uint8)


def _box(plane: NDArray[np.uint8], first: tuple[int, int], last: tuple[int, int], value: int, thick: int) -> None:
    cv2.rectangle(plane, first, last, (value,), thick)


def _fill(plane: NDArray[np.uint8], left: int, top: int, wide: int, tall: int, value: int) -> None:
    plane[max(0, top) : max(0, top + tall), left : left + wide] = value


def _color(label: str) -> tuple[int, int, int]:
    """A bright colour of the label's own, as luma and both differences (BT.709, limited range)."""
    hue = hashlib.sha256(label.encode()).digest()[0] / 256
    red, green, blue = colorsys.hls_to_rgb(hue, 0.62, 0.9)
    luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return (
        round(16 + 219 * luma),
        round(128 + 224 * (blue - luma) / 1.8556),
        round(128 + 224 * (red - luma) / 1.5748),
    )
