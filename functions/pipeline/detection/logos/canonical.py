"""Shapes without their affine pose: each is whitened by its second moments, so that only a rotation is left, and that
is found as the shift of one polar picture against another.

A board that is seen from beside it, turned, near or far, differs from its drawing by little more than an affine map.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from .model import Floats, Pixels

RINGS, STEPS = 8, 32  # of a polar picture
REACH = (0.35, 2.55)  # radii of the first and the last ring; a disc ends at 2
WAVES = 12  # along a ring that are kept
SMALL = 40  # pixels of a mask's longer side at which it is looked at
Spectra = NDArray[np.complex64]  # shape (n, RINGS, WAVES)

# How strong each wave of each ring is among a thousand marks, in thousandths: what is usual says little.
_USUAL = (
    (156, 61, 56, 38, 30, 19, 17, 10, 10, 7, 5, 4),
    (185, 73, 75, 58, 55, 37, 43, 27, 27, 21, 19, 15),
    (229, 79, 84, 66, 67, 49, 55, 36, 40, 32, 34, 25),
    (306, 79, 85, 74, 76, 55, 63, 43, 50, 38, 39, 33),
    (340, 68, 74, 103, 103, 60, 66, 48, 60, 45, 47, 35),
    (101, 60, 54, 101, 131, 57, 75, 48, 70, 40, 45, 36),
    (291, 33, 29, 43, 50, 31, 41, 31, 41, 29, 31, 26),
    (358, 13, 12, 14, 14, 12, 14, 12, 12, 11, 13, 11),
)
_TELLING = (1 / np.sqrt(np.array(_USUAL) / 1000 + 0.001)).astype(np.float32)

_RADII = np.linspace(*REACH, RINGS, dtype=np.float32)
_ANGLES = np.arange(STEPS, dtype=np.float32) * np.float32(2 * np.pi / STEPS)
_POINTS = np.stack([np.outer(_RADII, np.cos(_ANGLES)), np.outer(_RADII, np.sin(_ANGLES))], axis=-1).reshape(-1, 2)
_WEIGHTS = np.repeat(_RADII / (_RADII.sum() * STEPS), STEPS).astype(np.float32)  # a ring's share of the area
_POWER = np.where(np.arange(WAVES) == 0, 1.0, 2.0).astype(np.float32)  # a real signal has each other wave twice


def frames(masks: Sequence[Pixels]) -> tuple[Floats, list[Pixels], Floats]:
    """Affine frames (n, 2, 3) from whitened coordinates to a mask's pixels; the masks, shrunk, and by how much (n, 2).

    A mask without extent has a frame of zeros.
    """
    small: list[Pixels] = []
    moments = np.zeros((len(masks), 6), np.float64)
    shrunk = np.ones((len(masks), 2), np.float32)
    for index, mask in enumerate(masks):
        height, width = mask.shape
        longer = max(height, width)
        if longer > SMALL:
            size = max(round(width * SMALL / longer), 4), max(round(height * SMALL / longer), 4)
            shrunk[index] = width / size[0], height / size[1]
            mask = np.asarray(cv2.resize(mask, size, interpolation=cv2.INTER_AREA), np.uint8)
        small.append(mask)
        m = cv2.moments(mask)
        moments[index] = m["m00"], m["m10"], m["m01"], m["mu20"], m["mu11"], m["mu02"]
    area = np.maximum(moments[:, 0], 1.0)
    x, y = moments[:, 1] / area, moments[:, 2] / area
    xx, xy, yy = (moments[:, 3:] / area[:, None]).T
    xx, yy = xx + 1 / 12, yy + 1 / 12
    # The square root of a symmetric 2×2 matrix: (C + √det I) / √(trace + 2 √det).
    root = np.sqrt(np.maximum(xx * yy - xy * xy, 1e-6))
    along = np.sqrt(xx + yy + 2 * root)
    made = np.stack([(xx + root) / along, xy / along, x, xy / along, (yy + root) / along, y], axis=1)
    return made.reshape(-1, 2, 3).astype(np.float32), small, shrunk


def spectra(masks: Sequence[Pixels]) -> tuple[Spectra, Floats]:
    """Masks as waves along rings, of unit power, and their frames (n, 2, 3) in the masks' own pixels."""
    if not masks:
        return np.zeros((0, RINGS, WAVES), np.complex64), np.zeros((0, 2, 3), np.float32)
    made, small, shrunk = frames(masks)
    maps = (np.einsum("nij,pj->inp", made[:, :, :2], _POINTS) + made[:, :, 2].T[:, :, None]).astype(np.float32)
    polar = np.empty((len(masks), RINGS * STEPS), np.float32)
    for index, mask in enumerate(small):
        x, y = maps[:, index : index + 1]
        polar[index] = cv2.remap(mask, x, y, cv2.INTER_LINEAR, borderValue=0)[0]
    polar -= (polar @ _WEIGHTS)[:, None]
    polar *= np.sqrt(_WEIGHTS)
    waves = (np.fft.rfft(polar.reshape(-1, RINGS, STEPS), axis=2)[:, :, :WAVES] * _TELLING).astype(np.complex64)
    power = np.einsum("nrw,w->n", np.abs(waves) ** 2, _POWER)
    waves /= np.sqrt(np.maximum(power, 1e-9))[:, None, None]
    made[:, 0] *= shrunk[:, :1]
    made[:, 1] *= shrunk[:, 1:]
    made[:, :, 2] += (shrunk - 1) / 2  # of pixels' centres
    return waves, made


def magnitudes(waves: Spectra) -> Floats:
    """What of the spectra does not change with a rotation, as unit vectors (n, RINGS · WAVES)."""
    return (np.abs(waves) * np.sqrt(_POWER)).reshape(len(waves), RINGS * WAVES).astype(np.float32)


def rotations(here: Spectra, there: Spectra) -> tuple[Floats, Floats]:
    """For each pair the correlation, -1..1, at the best rotation, and that rotation in radians: `here` is `there`,
    turned by so much from x towards y."""
    across = np.einsum("nrw,nrw->nw", here, there.conj())
    padded = np.zeros((len(across), STEPS // 2 + 1), np.complex64)
    padded[:, :WAVES] = across
    shifted = np.fft.irfft(padded, STEPS, axis=1).astype(np.float32) * STEPS
    rows, best = np.arange(len(shifted)), shifted.argmax(axis=1)
    peak, before, after = shifted[rows, best], shifted[rows, best - 1], shifted[rows, (best + 1) % STEPS]
    bend = np.minimum(before - 2 * peak + after, -1e-6)
    return peak, ((best + 0.5 * (before - after) / bend) * (2 * np.pi / STEPS)).astype(np.float32)
