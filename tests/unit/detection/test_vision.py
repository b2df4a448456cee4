"""Cloud Vision's answers, read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from google import auth as google_auth
from google.api_core import exceptions as google
from google.auth.credentials import AnonymousCredentials
from google.cloud.vision_v1 import types

from pipeline.cloud import clients
from pipeline.detection import vision
from pipeline.detection.base import DetectRequest, Image
from pipeline.detection.settings import detection
from pipeline.domain.errors import MediaAnalyzerError, Poison, QuotaExceeded, Stale, Unavailable
from pipeline.domain.model import Box, Detection, Kind

IMAGE = Image("media", "frames/s/x/0000000000.jpg", 1, 1000, 500)
Break = types.TextAnnotation.DetectedBreak.BreakType


def poly(left: int, top: int, right: int, bottom: int) -> types.BoundingPoly:
    corners = ((left, top), (right, top), (right, bottom), (left, bottom))
    return types.BoundingPoly(vertices=[types.Vertex(x=x, y=y) for x, y in corners])


def word(text: str, end: Break, box: types.BoundingPoly, confidence: float = 0.9) -> types.Word:
    symbols = [types.Symbol(text=letter) for letter in text]
    symbols[-1].property = types.TextAnnotation.TextProperty(
        detected_break=types.TextAnnotation.DetectedBreak(type_=end)
    )
    return types.Word(symbols=symbols, bounding_box=box, confidence=confidence)


def page(*words: types.Word) -> types.TextAnnotation:
    paragraph = types.Paragraph(words=list(words))
    return types.TextAnnotation(pages=[types.Page(blocks=[types.Block(paragraphs=[paragraph])])])


class Client:
    """Answers every call with one thing."""

    def __init__(self, answer: types.AnnotateImageResponse | Exception) -> None:
        self.answer = answer
        self.calls: list[dict[str, Any]] = []

    def batch_annotate_images(self, **call: Any) -> types.BatchAnnotateImagesResponse:
        self.calls.append(call)
        if isinstance(self.answer, Exception):
            raise self.answer
        return types.BatchAnnotateImagesResponse(responses=[self.answer])


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Any:
    def use(answer: types.AnnotateImageResponse | Exception) -> Client:
        client = Client(answer)
        monkeypatch.setattr(vision, "vision_client", lambda location: client)
        return client

    return use


def detections(kinds: Sequence[Kind]) -> list[Detection]:
    found = vision.VisionDetector().detect(IMAGE, DetectRequest(kinds, (), 0.5))
    assert [analysis.kind for analysis in found] == list(kinds)
    return [detection for analysis in found for detection in analysis.detections]


def test_all_kinds_go_in_one_call_for_the_stored_object(answers: Any) -> None:
    client = answers(types.AnnotateImageResponse())
    assert detections([Kind.LOGO, Kind.TEXT]) == []
    [call] = client.calls
    [request] = call["requests"]
    assert request.image.source.gcs_image_uri == "gs://media/frames/s/x/0000000000.jpg"
    assert [feature.type_.name for feature in request.features] == ["LOGO_DETECTION", "TEXT_DETECTION"]
    assert call["retry"] is None, "Pub/Sub retries; a client that does too multiplies the attempts"


def test_confidence_is_asked_for_with_text_and_only_then(answers: Any) -> None:
    client = answers(types.AnnotateImageResponse())
    vision.VisionDetector().detect(IMAGE, DetectRequest((Kind.LOGO, Kind.TEXT), (), 0.5))
    vision.VisionDetector().detect(IMAGE, DetectRequest((Kind.LOGO,), (), 0.5))
    [with_text], [without] = (call["requests"] for call in client.calls)
    assert with_text.image_context.text_detection_params.enable_text_detection_confidence_score
    assert "image_context" not in without


def test_a_logo_that_leans_has_corners_and_one_that_does_not_has_a_box_alone(answers: Any) -> None:
    leaning, upright = poly(100, 50, 300, 150), poly(100, 50, 300, 150)
    leaning.vertices[1].y += 40
    logos = [types.EntityAnnotation(description="Nike", score=0.5, bounding_poly=one) for one in (leaning, upright)]
    answers(types.AnnotateImageResponse(logo_annotations=logos))
    first, second = detections([Kind.LOGO])
    assert first.corners == (0.1, 0.1, 0.3, 0.18, 0.3, 0.3, 0.1, 0.3)
    assert second.corners is None


def test_a_logos_box_is_in_the_frames_share(answers: Any) -> None:
    logo = types.EntityAnnotation(description="Nike", score=0.875, bounding_poly=poly(100, 50, 300, 150))
    answers(types.AnnotateImageResponse(logo_annotations=[logo]))
    assert detections([Kind.LOGO]) == [Detection("Nike", 0.875, Kind.LOGO, Box(0.1, 0.1, 0.2, 0.2))]


def test_a_box_that_leaves_the_frame_is_cut_at_its_edge(answers: Any) -> None:
    logo = types.EntityAnnotation(description="Nike", score=0.5, bounding_poly=poly(-20, 400, 1200, 600))
    answers(types.AnnotateImageResponse(logo_annotations=[logo]))
    assert detections([Kind.LOGO])[0].box == Box(0, 0.8, 1, 0.2)


def test_objects_have_boxes_and_labels_have_none(answers: Any) -> None:
    corners = [types.NormalizedVertex(x=x, y=y) for x, y in ((0.25, 0.5), (0.75, 0.5), (0.75, 1), (0.25, 1))]
    bicycle = types.LocalizedObjectAnnotation(
        name="Bicycle", score=0.75, bounding_poly=types.BoundingPoly(normalized_vertices=corners)
    )
    label = types.EntityAnnotation(description="Street", score=0.5)
    answers(types.AnnotateImageResponse(localized_object_annotations=[bicycle], label_annotations=[label]))
    assert detections([Kind.OBJECT, Kind.LABEL]) == [
        Detection("Bicycle", 0.75, Kind.OBJECT, Box(0.25, 0.5, 0.5, 0.5)),
        Detection("Street", 0.5, Kind.LABEL, None),
    ]


def test_a_face_is_there_and_nothing_more_is_said_of_it(answers: Any) -> None:
    face = types.FaceAnnotation(detection_confidence=0.75, bounding_poly=poly(100, 50, 300, 150), joy_likelihood=5)
    answers(types.AnnotateImageResponse(face_annotations=[face]))
    assert detections([Kind.FACE]) == [Detection("Face", 0.75, Kind.FACE, Box(0.1, 0.1, 0.2, 0.2))]


def test_safe_search_likelihoods_become_numbers_and_unknown_is_left_out(answers: Any) -> None:
    annotation = types.SafeSearchAnnotation(adult=1, spoof=0, medical=2, violence=3, racy=5)
    answers(types.AnnotateImageResponse(safe_search_annotation=annotation))
    found = {one.label: one.confidence for one in detections([Kind.SAFE_SEARCH])}
    assert found == {"adult": 0.0, "medical": 0.25, "violence": 0.5, "racy": 1.0}


def test_text_comes_by_lines(answers: Any) -> None:
    text = page(
        word("BREAKING", Break.SPACE, poly(0, 0, 400, 100), 1.0),
        word("NEWS", Break.LINE_BREAK, poly(500, 0, 700, 100), 0.5),
        word("now", Break.EOL_SURE_SPACE, poly(0, 200, 100, 250)),
    )
    answers(types.AnnotateImageResponse(full_text_annotation=text))
    assert detections([Kind.TEXT]) == [
        Detection("BREAKING NEWS", 0.75, Kind.TEXT, Box(0, 0, 0.7, 0.2)),
        Detection("now", 0.9, Kind.TEXT, Box(0, 0.4, 0.1, 0.1)),
    ]


def test_a_line_without_a_letter_or_digit_is_no_text(answers: Any) -> None:
    text = page(word("■", Break.LINE_BREAK, poly(0, 0, 20, 20)), word("7", Break.LINE_BREAK, poly(0, 50, 20, 70)))
    answers(types.AnnotateImageResponse(full_text_annotation=text))
    assert [detection.label for detection in detections([Kind.TEXT])] == ["7"]


def test_text_without_a_page_is_dealt_out_to_its_lines(answers: Any) -> None:
    entries = [
        types.EntityAnnotation(description="BREAKING NEWS\nnow", bounding_poly=poly(0, 0, 700, 250)),
        types.EntityAnnotation(description="BREAKING", bounding_poly=poly(0, 0, 400, 100)),
        types.EntityAnnotation(description="NEWS", bounding_poly=poly(500, 0, 700, 100)),
        types.EntityAnnotation(description="now", bounding_poly=poly(0, 200, 100, 250)),
    ]
    answers(types.AnnotateImageResponse(text_annotations=entries))
    assert detections([Kind.TEXT]) == [
        Detection("BREAKING NEWS", 1.0, Kind.TEXT, Box(0, 0, 0.7, 0.2)),
        Detection("now", 1.0, Kind.TEXT, Box(0, 0.4, 0.1, 0.1)),
    ]


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (3, Poison),
        (12, Poison),
        (5, Stale),
        (8, QuotaExceeded),
        (14, Unavailable),
        (4, Unavailable),
        (13, Unavailable),
        (7, Unavailable),
    ],
)
def test_an_error_of_the_image_is_one_of_the_tree_with_visions_reason(
    answers: Any, code: int, error: type[MediaAnalyzerError]
) -> None:
    answers(types.AnnotateImageResponse(error={"code": code, "message": "Bad image data."}))
    with pytest.raises(error, match="Bad image data"):
        detections([Kind.LOGO])


@pytest.mark.parametrize(
    ("raised", "error"),
    [
        (google.InvalidArgument("no"), Poison),
        (google.MethodNotImplemented("no"), Poison),
        (google.ResourceExhausted("no"), QuotaExceeded),
        (google.ServiceUnavailable("no"), Unavailable),
        (google.DeadlineExceeded("no"), Unavailable),
    ],
)
def test_an_error_of_the_call_is_one_of_the_tree(
    answers: Any, raised: Exception, error: type[MediaAnalyzerError]
) -> None:
    answers(raised)
    with pytest.raises(error):
        detections([Kind.LOGO])


@pytest.mark.parametrize(("location", "prefix"), [("global", ""), ("eu", "eu-")])
def test_pictures_are_worked_on_where_it_is_set(monkeypatch: pytest.MonkeyPatch, location: str, prefix: str) -> None:
    monkeypatch.setenv("VISION_LOCATION", location)
    monkeypatch.setattr(google_auth, "default", lambda *_, **__: (AnonymousCredentials(), "p"))
    hosts = list[str]()

    def asked(where: str) -> Client:
        hosts.append(clients.vision_client.__wrapped__(where).transport.host)
        return Client(types.AnnotateImageResponse())

    monkeypatch.setattr(vision, "vision_client", asked)
    detection.cache_clear()
    vision.VisionDetector().detect(IMAGE, DetectRequest((Kind.LOGO,), (), 0.5))
    detection.cache_clear()
    assert hosts == [f"{prefix}vision.googleapis.com:443"]


def test_a_location_that_cloud_vision_does_not_have_is_refused_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISION_LOCATION", "europe-west1")
    detection.cache_clear()
    with pytest.raises(ValueError, match="VISION_LOCATION='europe-west1': expected global, eu or us"):
        detection()
    detection.cache_clear()
