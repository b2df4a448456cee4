"""Which reference pictures give a glyph, and which only texture."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from tests.unit.logos.drawn_marks import landscape, paste, with_alpha

from pipeline.detection.logos import Gallery, Mark
from pipeline.detection.logos.glyphs import glyph
from pipeline.detection.logos.references import references

WHITE, BLACK, RED, BLUE = (250, 250, 250), (20, 20, 20), (40, 30, 210), (190, 90, 20)


def sign(light_left: float, light_right: float, noise: float = 3.0) -> np.ndarray:
    """A photograph of a blue mark on a white sign, lit from one side."""
    picture = np.full((260, 300, 3), 235, np.uint8)
    paste(picture, "Bolt", (85, 65), 130, BLUE)
    lit = picture * np.linspace(light_left, light_right, 300)[None, :, None]
    lit += np.random.default_rng(1).normal(0, noise, lit.shape)
    return np.clip(lit, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("light", [(1.0, 1.0), (0.6, 1.05), (1.05, 0.6)])
def test_a_photographed_sign_in_uneven_light_is_a_mark(light: tuple[float, float]) -> None:
    image = landscape(seed=60)
    paste(image, "Bolt", (600, 300), 150, WHITE, RED)
    found = Gallery.load([Mark("Bolt", sign(*light))]).find(image)
    assert [match.brand for match in found] == ["Bolt"]


def test_a_mark_that_touches_the_edge_of_its_picture_still_stands_out() -> None:
    cut = sign(0.7, 1.0)[66:]
    assert glyph(cut) is not None


def test_a_picture_without_a_plain_surround_has_no_glyph() -> None:
    assert glyph(landscape(seed=61, width=320, height=240)) is None


@pytest.mark.parametrize("shape", ["bar", "disc", "triangle"])
def test_a_plain_shape_is_not_looked_for_by_its_outline(shape: str) -> None:
    drawing = np.full((200, 200, 3), 255, np.uint8)
    if shape == "bar":
        cv2.rectangle(drawing, (30, 70), (170, 130), RED, -1)
    elif shape == "disc":
        cv2.circle(drawing, (100, 100), 70, RED, -1)
    else:
        cv2.fillPoly(drawing, [np.array([(100, 30), (170, 160), (30, 160)], np.int32)], RED)
    (reference,) = references([Mark(shape, drawing)])
    assert reference.outline is not None
    assert reference.template is None
    image = landscape(seed=62)
    cv2.rectangle(image, (400, 300), (540, 360), WHITE, -1)
    cv2.circle(image, (800, 400), 80, WHITE, -1)
    assert Gallery([reference]).find(image) == []


def test_one_glyph_in_several_colours_is_one_reference() -> None:
    made = references(Mark("Crown", with_alpha("Crown", color)) for color in (BLACK, RED, BLUE))
    assert len(made) == 1


def test_the_same_glyph_of_two_brands_stays_two_references() -> None:
    assert len(references(Mark(brand, with_alpha("Crown")) for brand in ("One", "Other"))) == 2
