"""Surfaces that a mark lies on: for each pixel of a patch of the picture, the point of the flat board that it shows.

A surface takes x and y in pixels from the mark's centre and gives board coordinates in pixels of the same size, both as
float arrays; where the surface cannot be seen they are far outside.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

Surface = Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]

FOCAL = 1500.0  # pixels: a lens that shows 46 degrees in 1280 pixels
SEEN = 0.97  # of a bottle's radius, up to where its print can be seen
AWAY = 1e6


def turned(degrees: float) -> Surface:
    """A flat board, turned in the picture."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return lambda x, y: (c * x + s * y, c * y - s * x)


def oblique(degrees: float, axis: float) -> Surface:
    """A flat board that leans away by so many degrees around an axis in its plane, which stands at `axis` degrees to
    the horizontal: 90 is a board along the touchline, seen from beside it."""
    to, back = turned(axis), turned(-axis)
    lean = np.radians(degrees)

    def surface(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        along, across = to(x, y)
        # A point (u, v) of the board lies at depth FOCAL + v sin: it is seen at v cos · FOCAL / depth, and so is u.
        v = across * FOCAL / (FOCAL * np.cos(lean) - across * np.sin(lean))
        return back(along * (FOCAL + v * np.sin(lean)) / FOCAL, v)

    return surface


def bottle(radius: float, degrees: float) -> Surface:
    """Around an upright cylinder, its label turned aside by so many degrees."""
    aside = np.radians(degrees)

    def surface(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        sine = x / radius + np.sin(aside)
        seen = np.abs(sine) < SEEN
        around = radius * (np.arcsin(np.clip(sine, -SEEN, SEEN)) - aside)
        return np.where(seen, around, AWAY), y + 0.08 * (radius - np.sqrt(np.maximum(radius**2 - x**2, 0)))

    return surface


def cloth(size: float, random: np.random.Generator) -> Surface:
    """Waves of cloth, of a twentieth of the mark's size."""
    waves = [(random.uniform(0.6, 1.6), random.uniform(0, 2 * np.pi), random.uniform(0, 2 * np.pi)) for _ in range(4)]

    def surface(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        u, v = x.copy(), y.copy()
        for index, (often, heading, phase) in enumerate(waves):
            swing = np.sin((np.cos(heading) * x + np.sin(heading) * y) * 2 * np.pi * often / size + phase)
            (u, v)[index % 2][...] += 0.025 * size * swing
        return u, v

    return surface
