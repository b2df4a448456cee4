"""What is found, where, and what is not."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from tests.unit.logos.drawn_marks import BRANDS, landscape, mask_of, paste, with_alpha

from pipeline.detection.logos import THRESHOLD, Gallery, LogoMatch, Mark

WHITE, BLACK, RED, BLUE, GREEN = (250, 250, 250), (20, 20, 20), (40, 30, 210), (190, 90, 20), (60, 160, 40)


def overlap(match: LogoMatch, box: tuple[int, int, int, int], image: np.ndarray) -> float:
    """Intersection over union, in pixels of the image."""
    height, width = image.shape[:2]
    left, top = match.box.x * width, match.box.y * height
    right, bottom = left + match.box.width * width, top + match.box.height * height
    x, y, w, h = box
    inner = max(0.0, min(right, x + w) - max(left, x)) * max(0.0, min(bottom, y + h) - max(top, y))
    return inner / ((right - left) * (bottom - top) + w * h - inner)


@pytest.mark.parametrize("brand", BRANDS)
@pytest.mark.parametrize(
    ("size", "at", "color", "plate"),
    [
        (90, (200, 120), BLACK, WHITE),
        (140, (900, 400), WHITE, RED),
        (220, (480, 240), RED, WHITE),
        (320, (300, 180), WHITE, BLUE),
    ],
)
def test_finds_each_mark_at_any_size_place_and_colour(
    gallery: Gallery,
    brand: str,
    size: int,
    at: tuple[int, int],
    color: tuple[int, int, int],
    plate: tuple[int, int, int],
) -> None:
    image = landscape(seed=size)
    box = paste(image, brand, at, size, color, plate)
    found = gallery.find(image)
    assert [match.brand for match in found] == [brand]
    assert overlap(found[0], box, image) > 0.6


def test_what_it_is_not_sure_of_is_named_only_to_who_asks(gallery: Gallery) -> None:
    image = landscape(seed=5)
    paste(image, "Crown", (600, 300), 180, WHITE, BLACK)
    sure, all_of_them = gallery.find(image), gallery.find(image, 0.01)
    assert [match for match in all_of_them if match.score >= THRESHOLD] == sure
    assert [match.score for match in all_of_them] == sorted((match.score for match in all_of_them), reverse=True)


@pytest.mark.parametrize("angle", [-14, 14])
def test_finds_a_mark_that_is_turned(gallery: Gallery, angle: float) -> None:
    image = landscape(seed=3)
    box = paste(image, "Crown", (600, 300), 180, WHITE, BLACK, angle)
    found = gallery.find(image)
    assert [match.brand for match in found] == ["Crown"]
    assert overlap(found[0], box, image) > 0.6


def seen_from_aside(brand: str, warp: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A white mark on a dark board that such an affine map lays into a picture; and the corners of the mark's box."""
    mask = mask_of(brand)
    height, width = mask.shape
    board = np.full((height + 120, width + 120), 0, np.uint8)
    board[60:-60, 60:-60] = mask
    onto = warp @ np.array([[1, 0, -60], [0, 1, -60], [0, 0, 1]])
    ink, plate = (
        cv2.warpAffine(layer, onto, (1280, 720), flags=cv2.INTER_AREA)[..., None] / 255.0
        for layer in (board, np.full_like(board, 255))
    )
    image = landscape(seed=20) * (1 - plate) + 40 * plate
    image = image * (1 - ink) + 240 * ink
    corners = np.array([[0, 0, 1], [width, 0, 1], [width, height, 1], [0, height, 1]]) @ warp.T
    return image.astype(np.uint8), corners / (1280, 720)


@pytest.mark.parametrize("brand", ["Bolt", "Crown"])
@pytest.mark.parametrize(("turn", "lean"), [(0, 0.5), (70, 1.0), (180, 1.0), (-40, 0.55)])
def test_finds_a_mark_that_leans_away_or_is_turned_and_tells_its_corners(
    gallery: Gallery, brand: str, turn: float, lean: float
) -> None:
    c, s = np.cos(np.radians(turn)), np.sin(np.radians(turn))
    linear = np.array([[c, -s], [s, c]]) @ np.diag([lean, 1.0]) * 0.7
    warp = np.column_stack([linear, np.array([640, 360]) - linear @ np.array([100, 100])])
    image, corners = seen_from_aside(brand, warp)
    found = gallery.find(image)
    assert [match.brand for match in found] == [brand]
    assert np.abs(np.array(found[0].corners) - corners).max() < 0.01


@pytest.mark.parametrize("brand", ["Crown", "Stripes"])
def test_finds_a_mark_of_which_a_fifth_is_hidden_and_tells_its_whole_box(gallery: Gallery, brand: str) -> None:
    image = landscape(seed=21)
    box = paste(image, brand, (600, 300), 180, WHITE, BLACK)
    x, y, width, height = box
    image[y + height * 4 // 5 : y + height + 60, x - 60 : x + width + 60] = (90, 140, 190)
    found = gallery.find(image)
    assert [match.brand for match in found] == [brand]
    assert overlap(found[0], box, image) > 0.75


def test_finds_a_mark_without_a_plate(gallery: Gallery) -> None:
    image = np.asarray(cv2.convertScaleAbs(landscape(seed=4), alpha=0.6), np.uint8)
    box = paste(image, "Bolt", (600, 300), 200, WHITE)
    found = gallery.find(image)
    assert [match.brand for match in found] == ["Bolt"]
    assert overlap(found[0], box, image) > 0.6


def test_finds_a_mark_after_blur_and_compression(gallery: Gallery) -> None:
    image = landscape(seed=5)
    box = paste(image, "Hook", (300, 300), 160, GREEN, WHITE, 6)
    blurred = cv2.GaussianBlur(image, (0, 0), 1.4)
    image = np.asarray(cv2.imdecode(cv2.imencode(".jpg", blurred, [cv2.IMWRITE_JPEG_QUALITY, 50])[1], 1), np.uint8)
    found = gallery.find(image)
    assert [match.brand for match in found] == ["Hook"]
    assert overlap(found[0], box, image) > 0.6


def test_finds_two_marks_in_one_picture(gallery: Gallery) -> None:
    image = landscape(seed=6)
    boxes = {
        "Star": paste(image, "Star", (200, 200), 150, BLUE, WHITE),
        "Crescent": paste(image, "Crescent", (850, 350), 200, WHITE, BLACK),
    }
    found = {match.brand: match for match in gallery.find(image)}
    assert found.keys() == boxes.keys()
    assert all(overlap(found[brand], box, image) > 0.6 for brand, box in boxes.items())


def test_finds_the_same_mark_twice(gallery: Gallery) -> None:
    image = landscape(seed=7)
    paste(image, "Stripes", (200, 200), 150, BLACK, WHITE)
    paste(image, "Stripes", (850, 350), 150, BLACK, WHITE)
    assert [match.brand for match in gallery.find(image)] == ["Stripes", "Stripes"]


@pytest.mark.parametrize("seed", range(6))
def test_finds_nothing_in_a_picture_without_marks(gallery: Gallery, seed: int) -> None:
    assert gallery.find(landscape(seed + 100)) == []


def test_finds_nothing_in_noise_or_in_a_plain_picture(gallery: Gallery) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (720, 1280, 3)).astype(np.uint8)
    assert gallery.find(noise) == []
    assert gallery.find(np.full((720, 1280, 3), 90, np.uint8)) == []


def test_finds_nothing_in_simple_shapes(gallery: Gallery) -> None:
    image = np.full((720, 1280, 3), 200, np.uint8)
    cv2.rectangle(image, (100, 100), (300, 220), BLACK, -1)
    cv2.circle(image, (600, 200), 90, RED, -1)
    cv2.circle(image, (900, 200), 90, BLUE, 20)
    cv2.fillPoly(image, [np.array([(200, 600), (300, 420), (400, 600)], np.int32)], GREEN)
    cv2.putText(image, "WORDS", (600, 560), cv2.FONT_HERSHEY_SIMPLEX, 3, BLACK, 12)
    assert gallery.find(image) == []


def test_scores_a_clear_mark_above_a_blurred_one(gallery: Gallery) -> None:
    def score(sigma: float) -> float:
        image = landscape(seed=8)
        paste(image, "Pinwheel", (500, 250), 120, BLACK, WHITE)
        return gallery.find(np.asarray(cv2.GaussianBlur(image, (0, 0), sigma), np.uint8))[0].score

    clear, blurred = score(0.5), score(4.0)
    assert 0 < blurred < clear <= 1


def test_works_on_pictures_of_any_shape(gallery: Gallery) -> None:
    for width, height in ((640, 360), (1920, 1080), (720, 1280), (300, 300)):
        image = landscape(9, width, height)
        box = paste(image, "Crown", (width // 3, height // 3), min(width, height) // 3, WHITE, BLACK)
        found = gallery.find(image)
        assert [match.brand for match in found] == ["Crown"], (width, height)
        assert overlap(found[0], box, image) > 0.6
    assert gallery.find(np.zeros((1, 1, 3), np.uint8)) == []


def test_takes_a_drawing_on_a_plain_surround_as_a_mark() -> None:
    drawing = np.full((300, 300, 3), 255, np.uint8)
    paste(drawing, "Bolt", (100, 90), 120, RED)
    image = landscape(seed=10)
    box = paste(image, "Bolt", (600, 300), 150, WHITE, BLUE)
    for reference in (drawing, np.asarray(cv2.cvtColor(drawing, cv2.COLOR_BGR2GRAY), np.uint8)):
        found = Gallery.load([Mark("Bolt", reference)]).find(image)
        assert [match.brand for match in found] == ["Bolt"]
        assert overlap(found[0], box, image) > 0.6


def test_several_marks_of_one_brand_are_one_match() -> None:
    gallery = Gallery.load([Mark("Star", with_alpha("Star")), Mark("Star", with_alpha("Star", RED))])
    image = landscape(seed=11)
    paste(image, "Star", (600, 300), 150, WHITE, BLUE)
    assert [match.brand for match in gallery.find(image)] == ["Star"]


def test_a_part_of_a_mark_is_not_a_mark_of_its_own() -> None:
    letters = [cv2.resize(with_alpha(brand), (240, 240)) for brand in ("Hook", "Bolt", "Star", "Crescent")]
    word = np.concatenate(letters, axis=1)
    image = landscape(seed=11)
    image[260:560, 200:1100] = 250
    ink = cv2.resize(word[..., 3], None, fx=0.8, fy=0.8, interpolation=cv2.INTER_AREA)
    height, width = ink.shape
    image[300 : 300 + height, 240 : 240 + width][ink > 128] = RED
    both, alone = Mark("Word", np.asarray(word, np.uint8)), Mark("Star", with_alpha("Star"))
    assert [match.brand for match in Gallery.load([alone]).find(image)] == ["Star"]
    assert [match.brand for match in Gallery.load([both, alone]).find(image)] == ["Word"]


def test_an_empty_gallery_finds_nothing() -> None:
    assert Gallery.load([]).find(landscape(seed=12)) == []


def test_takes_a_photograph_as_a_mark() -> None:
    """One without a plain surround: there is no glyph to cut out, only texture to recognise."""
    label = landscape(seed=50, width=320, height=240)
    for index in range(40):
        random = np.random.default_rng(index)
        center, color = random.integers(10, 230, 2), random.integers(0, 255, 3)
        cv2.circle(label, (int(center[0]) + 40, int(center[1])), int(random.integers(4, 20)), color.tolist(), -1)
    image = landscape(seed=51)
    turn = cv2.getRotationMatrix2D((160, 120), 8, 0.9) + np.array([[0, 0, 500], [0, 0, 200]])
    share = cv2.warpAffine(np.full((240, 320), 255, np.uint8), turn, (1280, 720))
    image[share > 128] = cv2.warpAffine(label, turn, (1280, 720))[share > 128]
    box = cv2.boundingRect((share > 128).astype(np.uint8))
    gallery = Gallery.load([Mark("Label", label), Mark("Crown", with_alpha("Crown"))])
    found = gallery.find(image)
    assert [match.brand for match in found] == ["Label"]
    assert overlap(found[0], (box[0], box[1], box[2], box[3]), image) > 0.8
    assert gallery.find(landscape(seed=52)) == []
