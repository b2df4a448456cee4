"""A frame with a mark on it."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

METADATA = {"segment": "0", "reason": "first", "width": "640", "height": "360"}


def badge() -> np.ndarray[Any, Any]:
    """A mark that is no plain shape."""
    picture = np.full((160, 160, 3), 255, np.uint8)
    cv2.ellipse(picture, (80, 80), (70, 40), 30, 0, 250, (20, 20, 20), 18)
    cv2.line(picture, (30, 130), (130, 60), (20, 20, 20), 16)
    return picture


def scene() -> bytes:
    picture = np.full((360, 640, 3), 200, np.uint8)
    picture[100:260, 240:400] = badge()
    return cv2.imencode(".jpg", picture)[1].tobytes()
