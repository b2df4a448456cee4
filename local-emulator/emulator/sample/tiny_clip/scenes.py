"""Crops as the service will cut them: its own proposals on pictures with a few marks, each with what it shows."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from clip.proposals import cut, propose
from pipeline.detection.logos.boxes import iou

from .crops import BACKGROUND, NEAR_MISS, Pixels, Source, colors, filmed, turned

_WIDTH, _HEIGHT = 1280, 720
_MARKS = 3  # in a picture, at most; of every third picture none
_REGIONS = 64
_IS, _TOUCHES = 0.5, 0.08  # overlaps of box and mark from which on the crop shows it, or a part of it
Placed = list[tuple[int, NDArray[np.float32]]]  # number of the mark (NEAR_MISS: a stranger), and its box


def make(source: Source, count: int, side: int, seed: int, most: int | None = None) -> tuple[Pixels, NDArray[np.int64]]:
    """Proposals of `count` pictures, cut to side×side, RGB, and their labels; of each picture's background `most`."""
    random = np.random.default_rng(seed)
    images: list[Pixels] = []
    labels: list[NDArray[np.int64]] = []
    for number in range(count):
        scene, placed = _compose(source, random, int(random.integers(1, _MARKS + 1)) if number % 3 else 0)
        places = propose(scene, _REGIONS)
        found = _labels(places.boxes, placed)
        kept = np.flatnonzero(found != _UNSURE)
        plain = kept[found[kept] == BACKGROUND]
        if most is not None and len(plain) > most:
            kept = np.setdiff1d(kept, random.choice(plain, len(plain) - most, replace=False))
        images.append(cut(scene, places.squares[kept], side))
        labels.append(found[kept])
    return np.concatenate(images), np.concatenate(labels)


_UNSURE = -9


def _labels(boxes: NDArray[np.float32], placed: Placed) -> NDArray[np.int64]:
    """The content of each box: a mark, a part of one, or none; _UNSURE in between."""
    labels = np.full(len(boxes), BACKGROUND, np.int64)
    for number, box in placed:
        overlap = iou(box, boxes)
        labels[(overlap > _TOUCHES) & (labels == BACKGROUND)] = NEAR_MISS
        if number != NEAR_MISS:
            labels[(overlap > _IS / 2) & (labels < 0)] = _UNSURE
            labels[overlap > _IS] = number
    return labels


def _compose(source: Source, random: np.random.Generator, marks: int) -> tuple[Pixels, Placed]:
    """A picture with that many marks and strangers, no two at one place."""
    picture = source.pictures[int(random.integers(len(source.pictures)))]
    scale = max(_WIDTH / picture.shape[1], _HEIGHT / picture.shape[0]) * random.uniform(1.0, 1.4)
    large = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_LINEAR)
    y, x = (int(random.integers(have - want + 1)) for have, want in zip(large.shape, (_HEIGHT, _WIDTH), strict=False))
    image = large[y : y + _HEIGHT, x : x + _WIDTH][:, :: 1 if random.random() < 0.5 else -1].astype(np.float32)
    placed: Placed = []
    for _ in range(marks):
        strange = random.random() < 0.3
        number = int(random.integers(len(source.strangers if strange else source.marks)))
        box = _lay(image, (source.strangers if strange else source.marks)[number], placed, random)
        if box is not None:
            placed.append((NEAR_MISS if strange else number, box))
    return filmed(image.round().astype(np.uint8), random), placed


def _lay(
    image: NDArray[np.float32], mark: Pixels, placed: Placed, random: np.random.Generator
) -> NDArray[np.float32] | None:
    """Lays a mark, on a plate or bare; the glyph's box, or None where there was no room."""
    longer = float(np.exp(random.uniform(3.7, 5.7)))  # 40..300 pixels
    glyph = turned(mark, longer, random)
    gx, gy, width, height = cv2.boundingRect((glyph > 100).astype(np.uint8))
    glyph = glyph[gy : gy + height, gx : gx + width]
    margin = round(longer * random.uniform(0.08, 0.3))
    if width + 2 * margin >= _WIDTH or height + 2 * margin >= _HEIGHT:
        return None
    x, y = (int(random.integers(margin, most - side - margin)) for most, side in ((_WIDTH, width), (_HEIGHT, height)))
    box = np.array([x, y, width, height], np.float32)
    room = box + np.array([-margin, -margin, 2 * margin, 2 * margin], np.float32)
    if any(float(iou(room, other[None])[0]) > 0 for _, other in placed):
        return None
    ink, plate = colors(mark, random)
    if plate is not None:
        image[y - margin : y + height + margin, x - margin : x + width + margin] = plate
    share = glyph[..., None] / 255.0
    place = image[y : y + height, x : x + width]
    place[:] = place * (1 - share) + np.array(ink, np.float32) * share
    return box
