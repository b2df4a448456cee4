"""Templates for the verifier: a glyph as a small soft mask, and what is particular to it."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from .model import Floats, Indices, Pixels

AREA = 2500  # pixels of a mask's box, at any aspect
MARGIN = 7  # pixels, looked at around it
MIN_SIDE, MAX_SIDE = 16, 150  # pixels of the box
SAMPLE = 150  # pixels that colours are estimated from
COARSE = 4.0  # pixels: larger features belong to the outline that many things share


@dataclass(frozen=True, slots=True)
class Template:
    """`mask` is H×W with its margin, 0..1.

    `common` (H·W, 3) spans the mask's blurred form and its convex hull: much in the world looks like that. `detail`
    (H·W,) is what is left of the mask beyond these, of unit length. `outline` (n, 2) are the corners of the hull,
    `inside` and `outside` some pixels that surely are. `telling` is how much of the mask is detail, 0..1. `unit`
    (2, 3) leads from the mask's pixels to the glyph's coordinates, whose box is 1 long.
    """

    mask: Floats
    inside: Indices
    outside: Indices
    outline: Floats
    common: Floats
    detail: Floats
    telling: float
    unit: Floats

    def beyond(self, seen: Floats) -> Floats:
        """The particular part of a picture of the mask's size, as a vector of unit length: shape (H·W,)."""
        return _unit(_beyond(seen, self.common))


def template(whole: Pixels) -> Template:
    """Prepares a glyph's mask, cut to its box."""
    height, width = whole.shape
    scale = (AREA / (height * width)) ** 0.5
    size = [int(np.clip(round(side * scale), MIN_SIDE, MAX_SIDE)) for side in (width, height)]
    small = cv2.resize(whole, (size[0], size[1]), interpolation=cv2.INTER_AREA)
    padded = np.pad(small, MARGIN)
    mask = np.asarray(cv2.GaussianBlur(padded, (3, 3), 0) / 255, np.float32)
    outline = _hull(whole, np.array(size, np.float32) / np.array([width, height], np.float32))
    step = np.array([width, height]) / max(width, height) / size
    unit = np.array([[step[0], 0, (0.5 - MARGIN) * step[0]], [0, step[1], (0.5 - MARGIN) * step[1]]], np.float32)
    hull = np.zeros_like(mask)
    cv2.fillConvexPoly(hull, np.rint(outline).astype(np.int32), 1.0)
    shared = (np.ones_like(mask), cv2.GaussianBlur(hull, (3, 3), 0), cv2.GaussianBlur(mask, (0, 0), COARSE))
    common = np.asarray(np.linalg.qr(np.stack([plane.ravel() for plane in shared], axis=1))[0], np.float32)
    flat, rest = mask.ravel(), _beyond(mask, common)
    inside = next(chosen for least in (0.9, 0.6, 0.0) if len(chosen := np.flatnonzero(flat > least)) >= 20)
    return Template(
        mask=mask,
        inside=_some(inside),
        outside=_some(np.flatnonzero(flat < 0.05)),
        outline=outline,
        common=common,
        detail=_unit(rest),
        telling=float(np.linalg.norm(rest) / max(float(np.linalg.norm(flat - flat.mean())), 1e-6)),
        unit=unit,
    )


def _hull(whole: Pixels, scale: Floats) -> Floats:
    """Corners of the hull, (n, 2), in pixels of the padded mask."""
    above = np.asarray(cv2.threshold(whole, 100, 255, cv2.THRESH_BINARY)[1], np.uint8)
    edges = cv2.findContours(above, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0]
    corners = np.asarray(cv2.convexHull(np.concatenate(edges)), np.int32).reshape(-1, 2)
    return ((corners + 0.5) * scale + MARGIN - 0.5).astype(np.float32)


def _some(indices: Indices) -> Indices:
    """At most about SAMPLE of them, evenly."""
    return indices[:: max(1, len(indices) // SAMPLE)]


def _beyond(mask: Floats, common: Floats) -> Floats:
    flat = mask.ravel()
    return np.asarray(flat - common @ (common.T @ flat), np.float32)


def _unit(vector: Floats) -> Floats:
    return np.asarray(vector / (np.linalg.norm(vector) + 1e-6), np.float32)
