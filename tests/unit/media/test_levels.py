"""Levels of decoded planes."""

from __future__ import annotations

import av
import cv2
import numpy as np
import pytest
from tests.unit.sampling.clips import scene

from pipeline.media.decode import brightened, luma


@pytest.mark.parametrize("pix_fmt", ["yuv420p", "yuvj420p", "yuv444p", "nv12", "yuv420p10le", "gray"])
def test_a_plane_of_any_format_has_the_levels_of_its_picture(pix_fmt: str) -> None:
    pixels = np.ascontiguousarray(scene(3), np.uint8)
    frame = av.VideoFrame.from_ndarray(pixels, format="bgr24").reformat(format=pix_fmt)
    gray = cv2.cvtColor(np.asarray(frame.to_ndarray(format="bgr24"), np.uint8), cv2.COLOR_BGR2GRAY).astype(int)
    apart = np.abs(brightened(luma(frame), frame).astype(int) - gray)
    assert apart.mean() < 1.5


def test_a_tagged_plane_is_left_alone() -> None:
    pixels = np.ascontiguousarray(scene(3), np.uint8)
    frame = av.VideoFrame.from_ndarray(pixels, format="bgr24").reformat(format="yuv420p", dst_color_range="JPEG")
    gray = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY).astype(int)
    assert np.abs(brightened(luma(frame), frame).astype(int) - gray).mean() < 1.5
