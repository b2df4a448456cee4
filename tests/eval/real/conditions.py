"""The conditions, each by its name: which surface, what hides it, how it is lit and filmed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from .surfaces import Surface, bottle, cloth, oblique, turned

Random = np.random.Generator
SIZE = 120  # pixels of the mark's height, or of 1/2.2 of its width if that is more


def _upright(_size: float, _random: Random) -> Surface:
    return turned(0.0)


def _any_turn(_size: float, random: Random) -> Surface:
    return turned(random.uniform(-180, 180))


def _oblique(degrees: float) -> Callable[[float, Random], Surface]:
    """Most boards lean around an upright axis."""

    def surface(_size: float, random: Random) -> Surface:
        axis = (90.0, 0.0, random.uniform(-180, 180))[int(random.choice(3, p=(0.6, 0.2, 0.2)))]
        return oblique(degrees * random.choice((-1, 1)), axis)

    return surface


def _bottle(size: float, random: Random) -> Surface:
    return bottle(random.uniform(1.3, 1.8) * size, random.uniform(-15, 15))


def _same(image: np.ndarray, _random: Random) -> np.ndarray:
    return image


def moved(pixels: int) -> Callable[[np.ndarray, Random], np.ndarray]:
    """The camera moves by so many pixels while the shutter is open."""

    def blurred(image: np.ndarray, random: Random) -> np.ndarray:
        side = pixels + (pixels + 1) % 2 + 2
        kernel, heading = np.zeros((side, side), np.float32), random.uniform(0, np.pi)
        for along in np.linspace(-pixels / 2, pixels / 2, 8 * pixels):
            x, y = side / 2 - 0.5 + along * np.cos(heading), side / 2 - 0.5 + along * np.sin(heading)
            kernel[round(y), round(x)] += 1
        return cv2.filter2D(image, -1, kernel / kernel.sum())

    return blurred


def _dark(image: np.ndarray, random: Random) -> np.ndarray:
    """A fifth of the light, and the sensor's noise."""
    dim = image * random.uniform(0.12, 0.25) + random.normal(0, 2.0, image.shape)
    return np.clip(dim, 0, 255).astype(np.uint8)


@dataclass(frozen=True)
class Condition:
    """`faint` is the share of the plate's colour in the ink; a plate is then needed. `marks` names which of the gallery
    are shown: all, those that are alike, or wordmarks."""

    surface: Callable[[float, Random], Surface] = _upright
    size: int = SIZE
    hidden: float = 0.0
    faint: float = 0.0
    inverted: bool = False
    marks: str = "all"
    filmed: Callable[[np.ndarray, Random], np.ndarray] = _same


CONDITIONS = {
    "flat": Condition(),
    "oblique, 30°": Condition(_oblique(30)),
    "oblique, 45°": Condition(_oblique(45)),
    "oblique, 60°": Condition(_oblique(60)),
    "hidden, 10 %": Condition(hidden=0.10),
    "hidden, 25 %": Condition(hidden=0.25),
    "hidden, 40 %": Condition(hidden=0.40),
    "motion blur, 12 px": Condition(filmed=moved(12)),
    "motion blur, 25 px": Condition(filmed=moved(25)),
    "any rotation": Condition(_any_turn),
    "on cloth": Condition(cloth),
    "on a bottle": Condition(_bottle),
    "dark": Condition(filmed=_dark),
    "low contrast": Condition(faint=0.82),
    "colours inverted": Condition(inverted=True),
    "alike to another brand": Condition(marks="alike"),
    "wordmarks": Condition(marks="wordmarks"),
    "tiny, 24 px": Condition(size=24),
    "40 px": Condition(size=40),
    "80 px": Condition(size=80),
    "160 px": Condition(size=160),
    "320 px": Condition(size=320),
}
