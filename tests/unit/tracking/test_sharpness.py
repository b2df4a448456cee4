"""Sharpness: blur lowers it, contrast and size do not."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from pipeline.domain.model import Box
from pipeline.tracking.sharpness import sharpness

BOX = Box(0.25, 0.25, 0.5, 0.5)


def plane(dark: int = 20, light: int = 230, blur: float = 0.0) -> np.ndarray:
    """A mark of bars."""
    picture = np.full((360, 640), dark, np.uint8)
    for left in range(180, 460, 40):
        picture[110:250, left : left + 20] = light
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), blur), np.uint8) if blur else picture


def test_the_more_it_is_blurred_the_less_sharp_it_is() -> None:
    found = [sharpness(plane(blur=blur), BOX) or 0.0 for blur in (0.0, 1.0, 2.0, 4.0)]
    assert found == sorted(found, reverse=True)
    assert found[0] == 1.0
    assert found[1] < 0.6
    assert found[3] < 0.2


def test_contrast_changes_nothing() -> None:
    strong, weak = sharpness(plane(blur=1.5), BOX), sharpness(plane(100, 150, 1.5), BOX)
    assert strong == pytest.approx(weak, abs=0.04)


def test_where_there_is_too_little_to_see_it_is_not_known() -> None:
    assert sharpness(plane(), Box(0.1, 0.1, 0.005, 0.005)) is None
    assert sharpness(plane(120, 125), BOX) is None
