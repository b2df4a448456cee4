"""Properties of a picture: its small luma plane, its visual properties, its motion."""

from __future__ import annotations

from fractions import Fraction

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from ..domain.model import Color, Visual
from ..media.decode import luma as luma_of

Plane = NDArray[np.uint8]

WIDTH, HEIGHT = 80, 45  # of a luma plane
_COLORS = 4
_MOVED = 12  # levels of 255: more than a codec's noise
_UNTAGGED = 2  # FFmpeg's AVCOL_SPC_UNSPECIFIED
_COMBED = 8  # levels by which a line sticks out from those above and below
_MOST_ASPECT = 4  # of a pixel: beyond, it is damaged
_HD = 720  # lines; from here on, untagged video is BT.709


def luma(frame: av.VideoFrame) -> Plane:
    """The frame's luma, 80x45: each value is the mean of an area, so that noise is averaged away."""
    step = max(1, min(frame.height // (4 * HEIGHT), frame.width // (4 * WIDTH)))
    return np.asarray(
        cv2.resize(luma_of(frame)[::step, ::step], (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA), np.uint8
    )


def bgr(frame: av.VideoFrame, aspect: Fraction | None = None) -> Plane:
    """The frame as viewers see it, in blue, green, red, height x width x 3: whole instead of fields, in square pixels.

    `aspect`: the width of its pixels, their height being 1 (None: not known).
    """
    untagged = frame.colorspace == _UNTAGGED
    space = "ITU709" if untagged and frame.height >= _HD else None
    pixels = np.asarray(frame.reformat(format="bgr24", src_colorspace=space).to_ndarray(), np.uint8)
    if frame.interlaced_frame:
        pixels = _whole(pixels)
    height, width = pixels.shape[:2]
    if aspect and aspect != 1 and 1 / _MOST_ASPECT <= aspect <= _MOST_ASPECT:
        size = (round(width * aspect), height) if aspect > 1 else (width, round(height / aspect))
        pixels = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_LINEAR), np.uint8)
    return pixels


def _whole(pixels: Plane) -> Plane:
    """Two fields of different instants as one picture: where lines of the second stick out, those around them count.

    What stands still keeps all its lines.
    """
    gray = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY).astype(np.int16)
    rows = (len(gray) - 1) // 2
    above, odd, below = gray[0::2][:rows], gray[1::2][:rows], gray[2::2][:rows]
    combed = ((odd - above) * (odd - below).astype(np.int32) > _COMBED**2).astype(np.uint8)
    mask = cv2.dilate(combed, np.ones((3, 9), np.uint8)).astype(bool)
    whole = pixels.copy()
    between = cv2.addWeighted(pixels[0::2][:rows], 0.5, pixels[2::2][:rows], 0.5, 0)
    whole[1::2][:rows][mask] = between[mask]
    return whole


def jpeg(picture: Plane, quality: int) -> bytes:
    """`picture` (BGR) as JPEG."""
    return cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()


def motion(before: Plane, now: Plane) -> float:
    """The share of the picture that moved between two luma planes, 0 (still) to 1."""
    return float(np.mean(cv2.absdiff(before, now) > _MOVED))


def visual(picture: Plane) -> Visual:
    """Brightness (mean), contrast (standard deviation, over its maximum) and saturation (mean) in 0..1, and colours."""
    small = np.asarray(cv2.resize(picture, (64, 36), interpolation=cv2.INTER_AREA), np.uint8)
    gray = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY)
    saturation = cv2.cvtColor(small, cv2.COLOR_BGR2HSV)[:, :, 1]
    return Visual(
        brightness=round(float(gray.mean()) / 255, 3),
        contrast=round(float(gray.std()) / 127.5, 3),
        saturation=round(float(saturation.mean()) / 255, 3),
        colors=_colors(small),
    )


def _colors(picture: Plane) -> tuple[Color, ...]:
    """The dominant colours, largest share first. Deterministic: clusters start at quantiles of brightness."""
    pixels = picture.reshape(-1, 3).astype(np.float32)
    order = np.argsort(pixels.sum(axis=1), kind="stable")
    labels = np.empty((len(pixels), 1), np.int32)
    labels[order, 0] = np.arange(len(pixels)) * _COLORS // len(pixels)
    criteria = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 8, 1.0)
    _, labels, centres = cv2.kmeans(pixels, _COLORS, labels, criteria, 1, cv2.KMEANS_USE_INITIAL_LABELS)
    shares = np.bincount(np.asarray(labels).ravel(), minlength=_COLORS) / len(pixels)
    found: dict[str, float] = {}
    for (b, g, r), share in zip(np.rint(centres).astype(int), shares, strict=True):
        name = f"#{r:02x}{g:02x}{b:02x}"
        found[name] = found.get(name, 0.0) + float(share)
    ranked = sorted(found.items(), key=lambda entry: -entry[1])
    return tuple(Color(name, round(share, 3)) for name, share in ranked if share > 0)
