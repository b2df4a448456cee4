"""What the unpatched client gets on real photographs: objects, labels, faces."""

from __future__ import annotations

import numpy as np
import pytest
from google.cloud import vision
from tests.contract.vision.pictures import FACES, LABELS, OBJECTS, encoded, photograph, request, with_faces

Client = vision.ImageAnnotatorClient


def annotate(
    client: Client, content: bytes, *kinds: vision.Feature.Type, most: int = 0
) -> vision.AnnotateImageResponse:
    [response] = client.batch_annotate_images(requests=[request(content, *kinds, most=most)]).responses
    assert not response.error.code, response.error.message
    return response


@pytest.mark.parametrize(
    ("picture", "name", "box"),
    [
        ("astronaut", "Person", (0.03, 0.03, 0.71, 0.99)),
        ("chelsea", "Cat", (0.0, 0.0, 0.98, 0.98)),
        ("motorcycle_left", "Motorcycle", (0.13, 0.16, 0.93, 0.9)),
        ("camera", "Person", (0.01, 0.13, 0.62, 1.0)),
    ],
)
def test_an_object_has_a_name_a_score_and_a_box_in_parts_of_the_picture(
    client: Client, picture: str, name: str, box: tuple[float, float, float, float]
) -> None:
    [found] = annotate(client, encoded(photograph(picture)), OBJECTS).localized_object_annotations
    assert found.name == name
    assert 0.45 <= found.score <= 1
    assert found.mid == ""
    assert not found.bounding_poly.vertices
    corners = [(v.x, v.y) for v in found.bounding_poly.normalized_vertices]
    left, top, right, bottom = box
    expected = [(left, top), (right, top), (right, bottom), (left, bottom)]
    assert np.array(corners) == pytest.approx(np.array(expected), abs=0.05)


def test_a_label_names_the_kind_and_its_category(client: Client) -> None:
    labels = annotate(client, encoded(photograph("chelsea")), LABELS).label_annotations
    assert [label.description for label in labels] == ["Cat", "Animal"]
    assert all(0.45 <= label.score <= 1 and label.topicality == label.score for label in labels)


def test_objects_and_labels_of_one_picture_agree(client: Client) -> None:
    response = annotate(client, encoded(photograph("motorcycle_left")), LABELS, OBJECTS)
    [found] = response.localized_object_annotations
    assert [(label.description, label.score) for label in response.label_annotations] == [
        ("Motorcycle", found.score),
        ("Vehicle", found.score),
    ]


def test_max_results_keeps_the_best_label(client: Client) -> None:
    labels = annotate(client, encoded(photograph("chelsea")), LABELS, most=1).label_annotations
    assert [label.description for label in labels] == ["Cat"]


def test_faces_have_boxes_in_pixels_and_nothing_about_whose_they_are(client: Client) -> None:
    content, boxes = with_faces()
    faces = annotate(client, content, FACES).face_annotations
    found = sorted(
        (v[0].x, v[0].y, v[2].x - v[0].x, v[2].y - v[0].y) for v in (f.bounding_poly.vertices for f in faces)
    )
    assert np.array(found) == pytest.approx(np.array(boxes), abs=12)
    for face in faces:
        assert 0.5 <= face.detection_confidence <= 1
        assert face.fd_bounding_poly == face.bounding_poly
        assert face.joy_likelihood == vision.Likelihood.UNKNOWN
        assert not face.landmarks


@pytest.mark.parametrize("picture", ["chelsea", "coffee", "motorcycle_left", "brick"])
def test_where_there_is_no_face_none_is_seen(client: Client, picture: str) -> None:
    assert not annotate(client, encoded(photograph(picture)), FACES).face_annotations


@pytest.mark.parametrize("shape", [(1, 1), (3, 4000), (720, 1280), (4000, 3)])
def test_an_empty_picture_of_any_shape_is_an_empty_answer(client: Client, shape: tuple[int, int]) -> None:
    response = annotate(client, encoded(np.full((*shape, 3), 90, np.uint8)), OBJECTS, LABELS, FACES)
    assert not response.localized_object_annotations
    assert not response.label_annotations
    assert not response.face_annotations


def test_many_at_once_get_the_same_as_one_alone(client: Client) -> None:
    asked = request(encoded(photograph("astronaut")), OBJECTS, LABELS, FACES)
    alone, *others = [client.batch_annotate_images(requests=[asked] * most).responses for most in (1, 8)]
    assert all(response == alone[0] for responses in others for response in responses)
