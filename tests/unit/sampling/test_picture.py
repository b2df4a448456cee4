"""Luma planes, motion, and how a picture looks."""

from __future__ import annotations

import av
import cv2
import numpy as np
import pytest
from tests.unit.sampling.clips import scene

from pipeline.sampling import picture


def filled(b: int, g: int, r: int) -> picture.Plane:
    return np.full((360, 640, 3), (b, g, r), np.uint8)


def frame(pixels: picture.Plane, pix_fmt: str) -> av.VideoFrame:
    return av.VideoFrame.from_ndarray(pixels, format="bgr24").reformat(format=pix_fmt)


@pytest.mark.parametrize("pix_fmt", ["yuv420p", "yuv422p", "yuv444p", "nv12", "yuv420p10le", "bgr24"])
@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (640, 360), (360, 640), (176, 144), (322, 182)])
def test_a_luma_plane_is_the_picture_made_small_in_any_format_and_size(pix_fmt: str, width: int, height: int) -> None:
    small = cv2.resize(scene(3), (width, height), interpolation=cv2.INTER_AREA)
    pixels = np.ascontiguousarray(small, np.uint8)
    expected = cv2.resize(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), (80, 45), interpolation=cv2.INTER_AREA)
    plane = picture.luma(frame(pixels, pix_fmt))
    assert plane.shape == (45, 80)
    # Video range is narrower than a picture's: levels differ by up to 16, structure does not.
    assert np.corrcoef(plane.ravel(), expected.ravel())[0, 1] > 0.97


def test_nothing_moved_and_everything_moved() -> None:
    plane = picture.luma(frame(scene(1), "yuv420p"))
    assert picture.motion(plane, plane) == 0
    assert picture.motion(plane, plane ^ np.uint8(0x80)) == 1


def test_motion_is_the_share_that_moved() -> None:
    plane = np.full((45, 80), 100, np.uint8)
    moved = plane.copy()
    moved[:, :20] = 200
    assert picture.motion(plane, moved) == pytest.approx(0.25)


def test_black_white_and_a_colour() -> None:
    black, white, red = (picture.visual(filled(*bgr)) for bgr in ((0, 0, 0), (255, 255, 255), (0, 0, 255)))
    assert (black.brightness, black.contrast, black.saturation) == (0, 0, 0)
    assert (white.brightness, white.saturation) == (1, 0)
    assert (red.saturation, red.contrast) == (1, 0)
    assert [color.hex for color in red.colors] == ["#ff0000"]
    assert red.colors[0].share == 1


def test_contrast_is_greatest_for_half_black_half_white() -> None:
    pixels = filled(0, 0, 0)
    pixels[:, 320:] = 255
    assert picture.visual(pixels).contrast == pytest.approx(1, abs=0.01)


def test_dominant_colours_come_by_their_share_and_are_the_same_each_time() -> None:
    pixels = filled(200, 30, 20)
    pixels[:90] = (10, 220, 240)
    found = picture.visual(pixels).colors
    assert found == picture.visual(pixels).colors
    assert (found[0].hex, found[0].share) == ("#141ec8", pytest.approx(0.75, abs=0.01))
    assert sum(color.share for color in found) == pytest.approx(1, abs=0.01)
    assert [color.share for color in found] == sorted((color.share for color in found), reverse=True)


def test_a_jpeg_is_the_picture() -> None:
    pixels = scene(2)
    again = cv2.imdecode(np.frombuffer(picture.jpeg(pixels, 90), np.uint8), cv2.IMREAD_COLOR)
    assert again is not None
    assert again.shape == pixels.shape
    assert np.abs(again.astype(int) - pixels).mean() < 5


@pytest.mark.parametrize(("width", "height", "matrix"), [(1280, 720, "ITU709"), (640, 360, "ITU601")])
def test_untagged_video_has_the_colours_that_players_show(width: int, height: int, matrix: str) -> None:
    pixels = np.full((height, width, 3), (40, 180, 220), np.uint8)
    untagged = av.VideoFrame.from_ndarray(pixels, format="bgr24").reformat(format="yuv420p", dst_colorspace=matrix)
    untagged.colorspace = 2  # unspecified
    assert np.abs(picture.bgr(untagged).astype(int) - pixels).max() <= 4
