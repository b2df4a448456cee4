"""Training crops: a mark on a picture as the service's proposals would cut it, a part of one, another mark, or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
BACKGROUND, NEAR_MISS = -1, -2  # labels of crops without a brand
SHARES = (0.6, 0.2, 0.1)  # of brands, of background, of other marks; the rest are parts of marks
_WHITE, _DARK = (246.0, 246.0, 246.0), (25.0, 25.0, 28.0)
_SEEN = 40.0  # grey levels by which a bare mark differs from what is behind it


@dataclass(frozen=True, slots=True)
class Source:
    """The material of crops: marks and strangers as BGRA, pictures as BGR."""

    marks: Sequence[Pixels]
    strangers: Sequence[Pixels]
    pictures: Sequence[Pixels]


def make(source: Source, count: int, side: int, seed: int) -> tuple[Pixels, NDArray[np.int64]]:
    """`count` crops, n×side×side×3 (RGB), and their labels: the mark's number, BACKGROUND or NEAR_MISS."""
    random = np.random.default_rng(seed)
    images, labels = np.empty((count, side, side, 3), np.uint8), np.empty(count, np.int64)
    for index in range(count):
        crop, labels[index] = _one(source, random)
        shrinks = crop.shape[0] > side
        small = cv2.resize(crop, (side, side), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC)
        images[index] = cv2.cvtColor(small, cv2.COLOR_BGR2RGB)
    return images, labels


def _one(source: Source, random: np.random.Generator) -> tuple[Pixels, int]:
    brand, background, stranger = np.cumsum(SHARES)
    kind = random.random()
    if brand <= kind < background:
        return filmed(_ground(source.pictures, int(np.exp(random.uniform(3.2, 5.0))), random), random), BACKGROUND
    marks = source.strangers if background <= kind < stranger else source.marks
    number = int(random.integers(len(marks)))
    crop = None
    while crop is None:
        crop = _marked(marks[number], source.pictures, kind >= stranger, random)
    return filmed(crop, random), number if kind < brand else NEAR_MISS


def _marked(mark: Pixels, pictures: Sequence[Pixels], part: bool, random: np.random.Generator) -> Pixels | None:
    """A square crop with the mark, or with less than half of it; None where a bare mark could not be seen."""
    longer = float(np.exp(random.uniform(3.3, 4.4)))  # 27..80 pixels
    glyph = turned(mark, longer, random)
    side = round(longer * (random.uniform(0.5, 1.0) if part else random.uniform(1.1, 1.8)))
    crop = _ground(pictures, side, random).astype(np.float32)
    shift = random.uniform(0.55, 0.8) * longer if part else random.uniform(0, 0.07) * side
    angle = random.uniform(0, 2 * np.pi)
    x = round((side - glyph.shape[1]) / 2 + shift * np.cos(angle))
    y = round((side - glyph.shape[0]) / 2 + shift * np.sin(angle))
    move = np.array([[1, 0, x], [0, 1, y]], np.float32)
    alpha = cv2.warpAffine(glyph, move, (side, side)).astype(np.float32)[..., None] / 255
    ink, plate = colors(mark, random)
    if plate is not None:
        margin = round(longer * random.uniform(0.08, 0.3))
        grown = cv2.dilate((alpha > 0.4).astype(np.uint8), np.ones((2 * margin + 1, 2 * margin + 1), np.uint8))
        where = cv2.boundingRect(grown)
        crop[where[1] : where[1] + where[3], where[0] : where[0] + where[2]] = plate
    elif not part and _unseen(crop, alpha, ink):
        return None
    return (crop * (1 - alpha) + np.array(ink, np.float32) * alpha).round().astype(np.uint8)


def _unseen(crop: NDArray[np.float32], alpha: NDArray[Any], ink: tuple[float, ...]) -> bool:
    distance = np.abs(crop - np.array(ink, np.float32)).max(axis=2)[alpha[..., 0] > 0.4]
    return not distance.size or float(np.quantile(distance, 0.25)) < _SEEN


def turned(mark: Pixels, longer: float, random: np.random.Generator) -> Pixels:
    """The mark's glyph as a mask, turned and sheared a little, its longer side about `longer` pixels."""
    alpha = mark[..., 3]
    x, y, width, height = cv2.boundingRect((alpha > 100).astype(np.uint8))
    scale = longer / max(width, height)
    small = cv2.resize(alpha[y : y + height, x : x + width], None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    canvas = np.pad(small, round(0.3 * longer))
    center = canvas.shape[1] / 2, canvas.shape[0] / 2
    turn = cv2.getRotationMatrix2D(center, random.uniform(-15, 15) if random.random() < 0.6 else 0.0, 1)
    shear = random.uniform(-0.08, 0.08)
    warp = turn @ np.array([[1, shear, -shear * center[1]], [0, 1, 0], [0, 0, 1]])
    return np.asarray(cv2.warpAffine(canvas, warp, canvas.shape[::-1]), np.uint8)


def colors(mark: Pixels, random: np.random.Generator) -> tuple[tuple[float, ...], tuple[float, ...] | None]:
    """Ink, and a plate's colour where there is one."""
    brand = tuple(float(value) for value in np.median(mark[mark[..., 3] > 100][:, :3], axis=0))
    light = sum(brand) > 3 * 190
    looks = (
        (_DARK if light else brand, _WHITE),
        (_DARK if light else _WHITE, brand),
        (_WHITE, _DARK),
        (_WHITE, None),
        (brand, None),
    )
    return looks[int(random.integers(len(looks)))]


def _ground(pictures: Sequence[Pixels], side: int, random: np.random.Generator) -> Pixels:
    """A square cut of some picture, turned over by chance."""
    picture = pictures[int(random.integers(len(pictures)))]
    cut = round(min(min(picture.shape[:2]), max(16.0, side * np.exp(random.uniform(-0.7, 0.9)))))
    y, x = (int(random.integers(length - cut + 1)) for length in picture.shape[:2])
    square = picture[y : y + cut, x : x + cut][:, :: 1 if random.random() < 0.5 else -1]
    return np.asarray(cv2.resize(square, (side, side), interpolation=cv2.INTER_LINEAR), np.uint8)


def filmed(crop: Pixels, random: np.random.Generator) -> Pixels:
    """Blur, gain, noise, JPEG."""
    image = crop.astype(np.float32)
    if random.random() < 0.5:
        image = cv2.GaussianBlur(image, (0, 0), random.uniform(0.4, 1.6))
    image = image * random.uniform(0.8, 1.15) + random.uniform(-12, 12)
    if random.random() < 0.5:
        image = image + random.normal(0, random.uniform(1, 6), image.shape)
    clipped = np.clip(image, 0, 255).astype(np.uint8)
    stored = cv2.imencode(".jpg", clipped, [cv2.IMWRITE_JPEG_QUALITY, int(random.integers(50, 92))])[1]
    return np.asarray(cv2.imdecode(stored, cv2.IMREAD_COLOR), np.uint8)
