"""Shapes that are compared in any affine pose."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from tests.unit.logos.drawn_marks import BRANDS, mask_of

from pipeline.detection.logos.canonical import rotations, spectra


@pytest.mark.parametrize(
    "brand", [brand for brand in BRANDS if brand not in ("Star", "Pinwheel")]
)  # look alike, turned
@pytest.mark.parametrize(("turn", "lean"), [(0, 1.0), (200, 0.5), (33, 0.6)])
def test_a_shape_is_like_itself_in_another_pose_and_its_frame_moves_along(brand: str, turn: int, lean: float) -> None:
    mask = mask_of(brand)
    c, s = np.cos(np.radians(turn)), np.sin(np.radians(turn))
    linear = np.array([[c, -s], [s, c]]) @ np.diag([lean, 1.0]) * 0.5
    warp = np.column_stack([linear, np.array([150, 150]) - linear @ np.array([100, 100])])
    posed = np.asarray(cv2.warpAffine(mask, warp, (300, 300), flags=cv2.INTER_AREA), np.uint8)
    waves, frames = spectra([mask, posed])
    likeness, angle = rotations(waves[1:], waves[:1])
    assert likeness[0] > 0.7
    c, s = np.cos(angle[0]), np.sin(angle[0])
    found = frames[1, :, :2] @ np.array([[c, -s], [s, c]]) @ np.linalg.inv(frames[0, :, :2])
    assert np.abs(found - linear).max() < 0.06


def test_shapes_that_differ_are_less_alike_than_a_shape_and_itself() -> None:
    waves, _ = spectra([mask_of(brand) for brand in BRANDS])
    here, there = np.repeat(waves, len(waves), 0), np.tile(waves, (len(waves), 1, 1))
    likeness = rotations(here, there)[0].reshape(len(waves), -1)
    assert np.allclose(np.diag(likeness), 1, atol=0.02)
    assert (likeness - np.eye(len(waves))).max() < 0.9


def test_nothing_has_no_spectra() -> None:
    waves, frames = spectra([])
    assert len(waves) == len(frames) == 0
