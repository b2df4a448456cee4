"""The sample clip, and what makes it hard to follow: a camera held by hand, a pillar that passes before marks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np

from emulator.sample.media.encode import encode
from emulator.sample.media.overlay import opacity
from emulator.sample.media.timecode import TimeCode
from pipeline.domain.model import Box

Move = tuple[float, float]
Boxes = Mapping[str, Box]


@dataclass(frozen=True)
class Film:
    """The clip, changed: `paint` changes a picture, `moved` says by how many pixels it moves its marks."""

    name: str
    paint: Callable[[np.ndarray, int], np.ndarray] = lambda pixels, _: pixels
    moved: Callable[[int], Move] = lambda _: (0.0, 0.0)

    def write(self, clip: Path, out: Path, truth: Mapping[str, Any]) -> None:
        """Makes the film of the clip; each picture still says its number."""
        encode(out, self._pictures(clip, TimeCode(**truth["timecode"])), truth["fps"])

    def _pictures(self, clip: Path, timecode: TimeCode) -> Iterator[np.ndarray]:
        with av.open(str(clip)) as container:
            for number, frame in enumerate(container.decode(video=0)):
                picture = np.asarray(self.paint(frame.to_ndarray(format="bgr24"), number), np.uint8).copy()
                timecode.draw(picture, number)
                yield picture


def films() -> tuple[Film, ...]:
    """All of them."""
    return Film("sample clip"), _by_hand(), _pillar()


def there_in(truth: Mapping[str, Any], number: int, moved: Move, size: tuple[int, int]) -> Boxes:
    """The marks of a picture of the clip, each where it is: one that fades is there while there is anything of it."""
    at = number / truth["fps"]
    found: dict[str, Box] = {}
    for one in truth["appearances"]:
        if opacity(at, one["from"], one["to"]) > 0:
            times = [point["t"] for point in one["track"]]
            sides = ("x", "y", "width", "height")
            x, y, width, height = (
                float(np.interp(at, times, [point[side] for point in one["track"]])) for side in sides
            )
            found[one["label"]] = Box(x + moved[0] / size[0], y + moved[1] / size[1], width, height)
    return found


def _by_hand() -> Film:
    """Shakes by some pixels, several times a second."""

    def moved(number: int) -> Move:
        return 9 * np.sin(number * 0.37) + 6 * np.sin(number * 0.83), 8 * np.cos(number * 0.41) + 5 * np.sin(
            number * 0.71
        )

    def paint(pixels: np.ndarray, number: int) -> np.ndarray:
        x, y = moved(number)
        move = np.array([[1, 0, x], [0, 1, y]], np.float32)
        return cv2.warpAffine(pixels, move, pixels.shape[1::-1], borderMode=cv2.BORDER_REFLECT)

    return Film("held by hand", paint, moved)


def _pillar() -> Film:
    """Each ten seconds a pillar, as wide as half a mark, passes from the left to the right."""

    def paint(pixels: np.ndarray, number: int) -> np.ndarray:
        painted, x = pixels.copy(), round(pixels.shape[1] * (number % 250) / 250)
        painted[:, x : x + 70] = (96, 104, 110)
        return painted

    return Film("a pillar passes", paint)
