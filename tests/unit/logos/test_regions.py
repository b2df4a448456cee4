"""What of a picture is looked at: regions of both polarities, and groups of them."""

from __future__ import annotations

import cv2
import numpy as np

from pipeline.detection.logos.groups import groups
from pipeline.detection.logos.regions import Limits, regions, traced

Rect = tuple[int, int, int, int]


def rects(binary: np.ndarray) -> dict[Rect, int]:
    """Boxes of what is traced, with the area of its mask."""
    return {region.rect: cv2.countNonZero(region.mask) for region in traced(binary, Limits(), set())}


def test_figure_and_ground_are_found_by_one_tracing() -> None:
    binary = np.zeros((200, 300), np.uint8)
    cv2.rectangle(binary, (50, 40), (149, 139), 255, -1)
    cv2.rectangle(binary, (80, 70), (109, 99), 0, -1)
    found = rects(binary)
    assert found[50, 40, 100, 100] == 100 * 100 - 30 * 30
    assert (80, 70, 30, 30) not in found  # a full box: it tells nothing
    cv2.circle(binary, (95, 85), 5, 255, -1)
    assert (80, 70, 30, 30) in rects(binary)


def test_what_lies_in_a_regions_holes_belongs_to_it() -> None:
    binary = np.zeros((200, 300), np.uint8)
    cv2.circle(binary, (100, 100), 60, 255, 8)
    ring = rects(binary)[36, 36, 129, 129]
    cv2.rectangle(binary, (90, 90), (110, 110), 255, -1)
    assert rects(binary)[36, 36, 129, 129] == ring + 21 * 21


def test_what_touches_the_pictures_edge_is_left_out() -> None:
    binary = np.zeros((200, 300), np.uint8)
    cv2.circle(binary, (20, 100), 40, 255, 8)
    assert rects(binary) == {}


def test_letters_of_a_word_are_one_group_and_a_far_shape_is_not_in_it() -> None:
    letters = [(20 + 30 * i, 50, 20, 28) for i in range(5)]
    boxes = np.array([*letters, (250, 150, 25, 25)], np.int32)
    made = {tuple(sorted(members.tolist())) for members in groups(boxes)}
    assert made == {(0, 1, 2, 3, 4)}


def test_groups_of_nothing_and_of_one_are_none() -> None:
    assert list(groups(np.zeros((0, 4), np.int32))) == []
    assert list(groups(np.array([[1, 1, 9, 9]], np.int32))) == []


def test_a_crowd_of_boxes_is_bounded() -> None:
    side = np.arange(40) * 8
    boxes = np.array([(x, y, 6, 6) for x in side for y in side], np.int32)
    assert sum(len(members) for members in groups(boxes)) < 1000


def test_white_ink_is_told_from_a_bright_sky_and_black_from_the_dark() -> None:
    for ground, ink in ((228, 252), (26, 6)):
        image = np.full((360, 640, 3), ground, np.uint8)
        cv2.ellipse(image, (300, 180), (60, 30), 20, 0, 200, (ink, ink, ink), -1)
        assert regions(image, Limits())
