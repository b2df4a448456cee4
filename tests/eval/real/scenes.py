"""Scenes of one condition, from a seed; and scenes that show strangers, or nothing, in the same conditions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from pipeline.detection.logos import Mark

from ..paint import LOOKS, MOST, SEEN, Box, Paint, colors
from ..pictures import framed
from ..scenes import Scene, filmed
from .board import Laid, colour, glyph, hide, lay
from .conditions import CONDITIONS, Condition

PLATES = tuple(look for look in LOOKS if look.endswith("plate"))


def scenes(name: str, marks: Sequence[Mark], pictures: Sequence[np.ndarray], seed: int, count: int) -> Iterator[Scene]:
    """That many scenes with a mark each, in the condition of that name; looks and marks take turns."""
    random = np.random.default_rng([seed, list(CONDITIONS).index(name)])
    order = random.permutation(len(marks))
    for index in range(count):
        mark = marks[order[index % len(marks)]]
        condition = CONDITIONS[name]
        looks = PLATES if condition.faint else LOOKS
        image, box = _shown(mark, condition, looks[index % len(looks)], pictures, random)
        yield Scene(image, mark.brand, box, condition.size, name)


def unmarked(strangers: Sequence[Mark], pictures: Sequence[np.ndarray], seed: int, count: int) -> Iterator[Scene]:
    """That many scenes without a mark of the gallery: every second one with a stranger, the conditions in turns."""
    random = np.random.default_rng(seed)
    conditions = list(CONDITIONS.values())
    for index in range(count):
        condition = conditions[index // 2 % len(conditions)]
        if index % 2:
            image = filmed(condition.filmed(_background(pictures, random), random), random)
        else:
            mark = strangers[int(random.integers(len(strangers)))]
            looks = PLATES if condition.faint else LOOKS
            image, _ = _shown(mark, condition, looks[index // 2 % len(looks)], pictures, random)
        yield Scene(image, None, None)


def _shown(
    mark: Mark, condition: Condition, look: str, pictures: Sequence[np.ndarray], random: np.random.Generator
) -> tuple[np.ndarray, Box]:
    drawn = glyph(mark.image, condition.size)
    ink, plate = _colors(mark, condition, look)
    while True:
        image = _background(pictures, random)
        laid = lay(image.shape, drawn, condition.surface(max(drawn.shape) / 2, random), random)
        if laid is None or (plate is None and not _stands_out(image, laid, ink)):
            continue
        colour(image, laid, ink, plate)
        if condition.hidden:
            hide(image, laid, condition.hidden, _background(pictures, random), random)
        return filmed(condition.filmed(image, random), random), laid.box


def _colors(mark: Mark, condition: Condition, look: str) -> tuple[Paint, Paint | None]:
    ink, plate = colors(mark.image, look)
    if condition.inverted:
        ink, plate = _inverted(ink), None if plate is None else _inverted(plate)
    if condition.faint and plate is not None:
        ink = _between(ink, plate, condition.faint)
    return ink, plate


def _between(ink: Paint, plate: Paint, share: float) -> Paint:
    blue, green, red = (round(a * (1 - share) + b * share) for a, b in zip(ink, plate, strict=True))
    return blue, green, red


def _inverted(color: Paint) -> Paint:
    blue, green, red = color
    return 255 - blue, 255 - green, 255 - red


def _stands_out(image: np.ndarray, laid: Laid, ink: Paint) -> bool:
    distance = np.abs(image[laid.area].astype(np.float32) - np.array(ink, np.float32)).max(axis=2)
    return float(np.quantile(distance[laid.ink > 0.4], MOST)) >= SEEN


def _background(pictures: Sequence[np.ndarray], random: np.random.Generator) -> np.ndarray:
    picture = pictures[int(random.integers(len(pictures)))]
    cut = framed(picture, random.uniform(1.0, 1.5), random.random(), random.random())
    return np.ascontiguousarray(cut[:, ::-1]) if random.random() < 0.5 else cut
