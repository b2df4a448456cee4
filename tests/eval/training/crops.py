"""Crops of made scenes, each with a mark in a mixture of the conditions that are evaluated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from pipeline.detection.logos import Mark

from ..paint import LOOKS, MOST, SEEN, Box, Paint, colors
from ..pictures import as_jpeg, framed
from ..real.board import colour, glyph, hide, lay
from ..real.conditions import moved
from ..real.surfaces import Surface, bottle, cloth, oblique, turned

SIDE = 420  # pixels
SIZES = (24.0, 190.0)  # pixels of the mark
Random = np.random.Generator


@dataclass(frozen=True)
class Crop:
    """A picture with a mark; `box` in its pixels."""

    image: np.ndarray
    brand: str
    box: Box


def crop(mark: Mark, pictures: Sequence[np.ndarray], random: Random) -> Crop:
    """A scene around a mark, at the first place tried where it can be seen."""
    size = int(np.exp(random.uniform(*np.log(SIZES))))
    look = LOOKS[int(random.integers(len(LOOKS)))]
    ink, plate = colors(mark.image, look)
    if random.random() < 0.2:
        ink, plate = _swapped(ink), None if plate is None else _swapped(plate)
    faint = random.uniform(0.3, 0.82) if plate is not None and random.random() < 0.2 else 0.0
    drawn = glyph(mark.image, size)
    while True:
        image = _cut(pictures, random)
        laid = lay(image.shape, drawn, _surface(size, random), random)
        if laid is None:
            drawn = cv2.resize(drawn, None, fx=0.8, fy=0.8, interpolation=cv2.INTER_AREA)
            continue
        if plate is None:
            distance = np.abs(image[laid.area].astype(np.float32) - np.array(ink, np.float32)).max(axis=2)
            if float(np.quantile(distance[laid.ink > 0.4], MOST)) < SEEN:
                continue
        shown = ink if plate is None else [a * (1 - faint) + b * faint for a, b in zip(ink, plate, strict=True)]
        colour(image, laid, (round(shown[0]), round(shown[1]), round(shown[2])), plate)
        if random.random() < 0.45:
            hide(image, laid, random.uniform(0.05, 0.42), _cut(pictures, random), random)
        return Crop(_filmed(image, size, random), mark.brand, laid.box)


def _swapped(color: Paint) -> Paint:
    blue, green, red = color
    return red, green, blue


def _surface(size: float, random: Random) -> Surface:
    kind = random.random()
    if kind < 0.35:
        return turned(random.normal(0, 8))
    if kind < 0.5:
        return turned(random.uniform(-180, 180))
    if kind < 0.85:
        axis = 90.0 if random.random() < 0.5 else random.uniform(-180, 180)
        return oblique(random.uniform(15, 62) * random.choice((-1, 1)), axis)
    return cloth(size, random) if kind < 0.93 else bottle(random.uniform(1.2, 2) * size, random.uniform(-20, 20))


def _cut(pictures: Sequence[np.ndarray], random: Random) -> np.ndarray:
    picture = pictures[int(random.integers(len(pictures)))]
    whole = framed(picture, random.uniform(1.0, 1.5), random.random(), random.random())
    top, left = int(random.integers(whole.shape[0] - SIDE)), int(random.integers(whole.shape[1] - SIDE))
    return np.ascontiguousarray(whole[top : top + SIDE, left : left + SIDE])


def _filmed(image: np.ndarray, size: int, random: Random) -> np.ndarray:
    if random.random() < 0.3:
        image = moved(int(random.uniform(3, max(4.0, min(30.0, 0.24 * size)))))(image, random)
    if random.random() < 0.5:
        image = cv2.GaussianBlur(image, (0, 0), random.uniform(0.5, 1.6))
    if random.random() < 0.12:
        image = np.clip(image * random.uniform(0.12, 0.4), 0, 255).astype(np.uint8)
    if random.random() < 0.5:
        image = np.clip(image + random.normal(0, random.uniform(1, 5), image.shape), 0, 255).astype(np.uint8)
    return as_jpeg(image, int(random.integers(35, 90)))
