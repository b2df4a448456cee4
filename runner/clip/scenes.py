"""Labels of a whole picture: CLIP compares it with words for scenes, and with words for none of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from .classes import Named
from .detect import margins
from .models.calibration import Calibration

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]
_TEMPLATES = ("a photo of a {}", "a video of a {}", "{}")
NONE = (
    "a photo",
    "a video",
    "something else",
    "a close-up",
    "a blurred picture",
    "a plain surface",
    "text on a screen",
)
"""Prompts for pictures that are none of the scenes."""
_DIGITS = 4
_SOFTMAX = Calibration()  # a model's own is that of marks


@dataclass(frozen=True, slots=True)
class Label:
    """A scene, and how sure the model is of it."""

    label: str
    confidence: float


def scene(word: str) -> Named:
    """The class of a scene."""
    return Named(word, tuple(template.format(word) for template in _TEMPLATES))


def views(image: Pixels, side: int) -> Pixels:
    """The picture as the model takes it, n×side×side×3, RGB: all of it, squeezed, and its largest squares from end to
    end."""
    height, width = image.shape[:2]
    short = min(height, width)
    count = int(np.ceil(max(height, width) / short))
    starts = np.linspace(0, max(height, width) - short, count).round().astype(int)
    squares = [image[s : s + short] if height > width else image[:, s : s + short] for s in starts]
    shown = [image, *squares] if count > 1 else [image]
    made = [cv2.resize(one, (side, side), interpolation=cv2.INTER_AREA) for one in shown]
    return np.stack([np.asarray(cv2.cvtColor(one, cv2.COLOR_BGR2RGB), np.uint8) for one in made])


def labels(rows: Floats, texts: Floats, scale: float, wanted: Sequence[Named], threshold: float) -> list[Label]:
    """The scenes from `threshold` on, best first. `rows`: embedded `views`; `texts`: those of `detect.Texts.of`."""
    middle = rows.mean(axis=0, keepdims=True)
    middle /= np.linalg.norm(middle)
    confidence = _SOFTMAX.confidence(margins(middle, texts, scale, len(wanted)))[0].astype(np.float64).round(_DIGITS)
    best = np.argsort(-confidence, kind="stable")
    return [Label(wanted[i].label, float(confidence[i])) for i in best if confidence[i] >= threshold]
