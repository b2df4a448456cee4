"""Places to look at, margins, calibration, one detection per place."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from clip.classes import Named
from clip.detect import Texts, detections, margins
from clip.models.calibration import Calibration, fit
from clip.proposals import Proposals, cut, propose


@pytest.mark.parametrize(("height", "width"), [(720, 1280), (1280, 720), (64, 64), (1, 1), (5, 900)])
def test_squares_cover_the_picture_and_boxes_lie_in_it(height: int, width: int) -> None:
    image = np.random.default_rng(1).integers(0, 255, (height, width, 3), np.uint8)
    places = propose(image, 16)
    covered = np.zeros((height, width), bool)
    for x, y, side, _ in places.squares[~places.tight]:
        covered[int(y) : round(y + side), int(x) : round(x + side)] = True
    assert covered.all()
    assert (places.boxes[:, :2] >= -0.5).all()
    assert (places.boxes[:, 0] + places.boxes[:, 2] <= width + 0.5).all()
    assert cut(image, places.squares, 8).shape == (len(places.boxes), 8, 8, 3)


def test_what_lies_outside_repeats_the_edge_and_colours_are_turned_to_rgb() -> None:
    image = np.zeros((4, 4, 3), np.uint8)
    image[..., 0] = 200
    crop = cut(image, np.array([[-2, -2, 8, 8]], np.float32), 8)
    assert (crop == (0, 0, 200)).all()


def test_a_steady_shape_is_proposed_with_its_own_box() -> None:
    image = np.full((360, 640, 3), 240, np.uint8)
    image[100:180, 200:300] = 20
    image[120:160, 230:270] = 240
    places = propose(image, 8)
    assert any(np.allclose(box, (200, 100, 100, 80), atol=3) for box in places.boxes[places.tight])


def test_a_margin_is_the_logit_above_all_others_together() -> None:
    texts = np.eye(4, dtype=np.float32)
    margin = margins(np.array([[1, 0, 0, 0]], np.float32), texts, 2.0, 2)
    share = np.exp(2) / (np.exp(2) + 3)
    assert 1 / (1 + np.exp(-margin[0, 0])) == pytest.approx(share, rel=1e-5)


def test_a_calibrated_confidence_is_how_often_it_is_right() -> None:
    random = np.random.default_rng(3)
    margin = random.normal(0, 4, 20000).astype(np.float32)
    right = random.random(20000) < 1 / (1 + np.exp(-(0.5 * margin - 1)))
    found = fit(margin, right)
    assert (found.slope, found.offset) == (pytest.approx(0.5, abs=0.03), pytest.approx(-1, abs=0.08))


def test_margins_that_part_everything_still_give_a_finite_slope() -> None:
    margin = np.array([-3, -2, 2, 3], np.float32)
    found = fit(margin, margin > 0)
    assert 0 < found.slope < 100


def test_one_detection_per_place_and_a_shapes_box_before_a_tiles() -> None:
    boxes = np.array([[0, 0, 100, 100], [30, 30, 30, 30], [300, 0, 50, 50]], np.float32)
    places = Proposals(boxes, boxes, np.array([False, True, False]))
    margin = np.array([[3.0, -3], [2.8, -3], [-3, 2]], np.float32)
    kept = detections(margin, places, [Named("a", ()), Named("b", ())], Calibration(), 0.5)
    assert [(index, label) for index, label, _ in kept] == [(1, "a"), (2, "b")]


@pytest.mark.parametrize("seed", range(8))
def test_the_last_bits_of_a_score_decide_nothing(seed: int) -> None:
    boxes = np.array([[200, 0, 50, 50], [0, 0, 50, 50], [100, 0, 50, 50], [0, 100, 50, 50]], np.float32)
    places = Proposals(boxes, boxes, np.zeros(4, bool))
    brands = [Named("a", ()), Named("b", ())]
    margin = np.ones((4, 2), np.float32)
    noise = np.random.default_rng(seed).normal(0, 1e-6, margin.shape).astype(np.float32)
    expected = [(1, "a", 0.7311), (3, "a", 0.7311), (2, "a", 0.7311), (0, "a", 0.7311)]
    assert detections(margin + noise, places, brands, Calibration(), 0) == expected


def test_texts_are_embedded_once_per_list_of_brands() -> None:
    asked: list[int] = []

    def embed(texts: Sequence[str]) -> np.ndarray:
        asked.append(len(texts))
        return np.random.default_rng(0).normal(size=(len(texts), 4)).astype(np.float32)

    texts = Texts(embed)
    brands = (Named("a", ("x", "y")), Named("b", ("z",)))
    rows = texts.of(brands)
    assert np.linalg.norm(rows[:2], axis=1) == pytest.approx(1)
    assert texts.of(brands) is rows
    texts.of(brands[:1])
    assert len(asked) == 2
