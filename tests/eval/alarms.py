"""Ten minutes of footage without marks: what is found in it is a false alarm.

The packages' clips are short, so they are shown again and again, each time framed, mirrored, lit and coloured
otherwise, one frame a second as `sample` would take of footage that never rests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import cv2
import numpy as np

from .pictures import FOOTAGE, footage, framed
from .scenes import filmed
from .split import Part

SECONDS = 600
ZOOM = (1.0, 2.2)
TURN, HUE = 6.0, 12  # degrees, at most; of OpenCV's 180 hues
GAMMA, SATURATION = (0.6, 1.6), (0.5, 1.4)


def described(part: Part) -> str:
    """What is shown, for the table."""
    return f"{SECONDS // 60} min of {', '.join(FOOTAGE[part])}, looped in other frames, light and colours"


def unmarked(part: Part, seed: int, seconds: int = SECONDS) -> Iterator[np.ndarray]:
    """One 720p picture for each second; the clips take turns, and every loop of one is otherwise."""
    random = np.random.default_rng(seed)
    clips = [[frame for at, frame in enumerate(footage(name)) if at % 25 == 0] for name in FOOTAGE[part]]
    shown = 0
    while True:
        for clip in clips:
            for picture in _loop(clip, random):
                if shown == seconds:
                    return
                shown += 1
                yield filmed(picture, random)


def _loop(clip: list[np.ndarray], random: np.random.Generator) -> Iterator[np.ndarray]:
    """The clip once, through a window that moves."""
    mirrored, zoom, turn = random.random() < 0.5, random.uniform(*ZOOM), random.uniform(-TURN, TURN)
    begin, end, graded = random.random(2), random.random(2), _grade(random)
    for at, frame in enumerate(clip):
        across, down = begin + (end - begin) * at / len(clip)
        picture = framed(frame[:, ::-1] if mirrored else frame, zoom, float(across), float(down))
        height, width = picture.shape[:2]
        warp = cv2.getRotationMatrix2D((width / 2, height / 2), turn, 1.15)
        yield graded(cv2.warpAffine(picture, warp, (width, height), borderMode=cv2.BORDER_REFLECT))


def _grade(random: np.random.Generator) -> Callable[[np.ndarray], np.ndarray]:
    gamma, saturation = random.uniform(*GAMMA), random.uniform(*SATURATION)
    hue = int(random.integers(-HUE, HUE + 1))
    curve = (255 * (np.arange(256) / 255) ** gamma).astype(np.uint8)

    def graded(picture: np.ndarray) -> np.ndarray:
        hsv = cv2.cvtColor(cv2.LUT(picture, curve), cv2.COLOR_BGR2HSV).astype(np.int16)
        hsv[..., 0] = (hsv[..., 0] + hue) % 180
        hsv[..., 1] = np.clip(hsv[..., 1] * saturation, 0, 255)
        return cv2.cvtColor(hsv.astype(np.uint8), cv2.COLOR_HSV2BGR)

    return graded
