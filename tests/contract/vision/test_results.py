"""What the unpatched client gets: logos, text, colours."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from google.cloud import vision
from tests.contract.vision.conftest import Storage
from tests.contract.vision.pictures import (
    BLACK,
    LOGO,
    PROPERTIES,
    TEXT,
    WHITE,
    encoded,
    features,
    request,
    with_crown,
    with_words,
)
from tests.unit.logos.drawn_marks import landscape, paste

Client = vision.ImageAnnotatorClient


def annotate(client: Client, *requests: vision.AnnotateImageRequest) -> list[vision.AnnotateImageResponse]:
    return list(client.batch_annotate_images(requests=list(requests)).responses)


def around(poly: vision.BoundingPoly) -> tuple[int, int, int, int]:
    xs, ys = [v.x for v in poly.vertices], [v.y for v in poly.vertices]
    return min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)


def test_logo_has_the_brands_name_a_score_and_vertices_in_pixels(client: Client) -> None:
    content, box = with_crown()
    [response] = annotate(client, request(content, LOGO))
    [logo] = response.logo_annotations
    assert logo.description == "Crown"
    assert 0.5 < logo.score <= 1
    assert logo.mid == ""
    assert [(v.x < 690, v.y < 390) for v in logo.bounding_poly.vertices] == [
        (True, True),
        (False, True),
        (False, False),
        (True, False),
    ]
    assert around(logo.bounding_poly) == pytest.approx(box, abs=12)


def test_single_image_helpers_of_the_client_work(client: Client) -> None:
    content, _ = with_crown()
    response = client.logo_detection(image=vision.Image(content=content))  # pyright: ignore[reportAttributeAccessIssue]
    assert [logo.description for logo in response.logo_annotations] == ["Crown"]


def test_text_comes_whole_then_by_word_with_boxes(client: Client) -> None:
    [response] = annotate(client, request(with_words(), TEXT))
    whole, *words = response.text_annotations
    assert whole.description == "Hello World\nFINAL LAP 2026"
    assert whole.locale
    assert [word.description for word in words] == ["Hello", "World", "FINAL", "LAP", "2026"]
    x, y, width, height = around(words[0].bounding_poly)
    assert 170 < x < 230
    assert 150 < y < 260
    assert 200 < width < 400
    assert 40 < height < 140
    left, top, w, h = around(whole.bounding_poly)
    assert left <= x
    assert top <= y
    assert left + w >= x + width
    assert top + h >= 480


def test_text_has_no_confidence_unless_the_request_asks_for_it(client: Client) -> None:
    [response] = annotate(client, request(with_words(), TEXT))
    blocks = response.full_text_annotation.pages[0].blocks
    words = [word for block in blocks for paragraph in block.paragraphs for word in paragraph.words]
    assert [word.symbols[0].text for word in words] == ["H", "W", "F", "L", "2"]
    told = [*blocks, *(paragraph for block in blocks for paragraph in block.paragraphs), *words]
    assert {one.confidence for one in [*told, *(symbol for word in words for symbol in word.symbols)]} == {0}


def test_full_text_has_pages_words_confidences_and_line_breaks(client: Client) -> None:
    params = vision.TextDetectionParams(enable_text_detection_confidence_score=True)
    asked = request(with_words(), TEXT)
    asked.image_context = vision.ImageContext(text_detection_params=params)
    [response] = annotate(client, asked)
    assert response.full_text_annotation.text == "Hello World\nFINAL LAP 2026"
    [page] = response.full_text_annotation.pages
    assert (page.width, page.height) == (1280, 720)
    words = [word for block in page.blocks for paragraph in block.paragraphs for word in paragraph.words]
    assert all(0.5 < word.confidence <= 1 for word in words)
    breaks = [word.symbols[-1].property.detected_break.type_ for word in words]
    kinds = vision.TextAnnotation.DetectedBreak.BreakType
    assert breaks == [kinds.SPACE, kinds.LINE_BREAK, kinds.SPACE, kinds.SPACE, kinds.LINE_BREAK]


def test_squares_and_bars_are_not_read_as_characters(client: Client) -> None:
    image = np.full((720, 1280, 3), 60, np.uint8)
    image[20:44, 20:260] = 0
    for cell in (0, 3, 5, 6, 9):
        image[20:44, 20 + cell * 24 : 44 + cell * 24] = 255
    [response] = annotate(client, request(encoded(image), TEXT))
    assert not response.text_annotations


def test_dominant_colours_with_shares(client: Client) -> None:
    image = np.full((720, 1280, 3), (200, 60, 20), np.uint8)
    image[:180] = (30, 40, 220)
    [response] = annotate(client, request(encoded(image), PROPERTIES))
    colors = response.image_properties_annotation.dominant_colors.colors
    found = [(c.color.red, c.color.green, c.color.blue) for c in colors[:2]]
    assert found == [(20, 60, 200), (220, 40, 30)]
    assert [c.pixel_fraction for c in colors[:2]] == pytest.approx([0.75, 0.25], abs=0.02)
    assert sum(c.score for c in colors) == pytest.approx(1, abs=0.01)


def test_several_features_of_one_picture_come_together(client: Client) -> None:
    content, _ = with_crown()
    [response] = annotate(client, request(content, LOGO, TEXT, PROPERTIES))
    assert not response.error.code
    assert response.logo_annotations
    assert response.image_properties_annotation.dominant_colors.colors


def test_nothing_seen_is_an_empty_answer(client: Client) -> None:
    [response] = annotate(client, request(encoded(np.full((360, 640, 3), 90, np.uint8)), LOGO, TEXT))
    assert not response.error.code
    assert not response.logo_annotations
    assert not response.text_annotations


def test_max_results_keeps_the_best(client: Client) -> None:
    image = landscape(seed=22)
    paste(image, "Star", (200, 200), 160, BLACK, WHITE)
    paste(image, "Crown", (800, 300), 160, BLACK, WHITE)
    everything, one = annotate(client, request(encoded(image), LOGO), request(encoded(image), LOGO, most=1))
    assert len(everything.logo_annotations) == 2
    assert [logo.description for logo in one.logo_annotations] == [everything.logo_annotations[0].description]


def test_every_format_google_names_is_read(client: Client) -> None:
    image = cv2.imdecode(np.frombuffer(with_crown()[0], np.uint8), cv2.IMREAD_COLOR)
    for extension in (".jpg", ".png", ".webp", ".bmp", ".tiff"):
        [response] = annotate(client, request(encoded(image, extension), LOGO))  # pyright: ignore[reportArgumentType]
        assert [logo.description for logo in response.logo_annotations] == ["Crown"], extension


@pytest.mark.parametrize("field", ["gcs_image_uri", "image_uri"])
def test_a_picture_is_fetched_from_cloud_storage(client: Client, storage: Storage, field: str) -> None:
    uri = storage.put("frames/a b/0000000100.png", with_crown()[0])
    source = vision.ImageSource(**{field: uri})  # pyright: ignore[reportArgumentType]
    [response] = annotate(
        client, vision.AnnotateImageRequest(image=vision.Image(source=source), features=features(LOGO))
    )
    assert [logo.description for logo in response.logo_annotations] == ["Crown"]


def test_sixteen_pictures_come_back_in_order(client: Client) -> None:
    nothing = encoded(np.full((90, 160, 3), 90, np.uint8))
    crown, _ = with_crown()
    responses = annotate(client, *[request(crown if index == 5 else nothing, LOGO) for index in range(16)])
    assert [index for index, response in enumerate(responses) if response.logo_annotations] == [5]
