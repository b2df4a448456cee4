"""Provider `vision`: Cloud Vision, in one call per frame for all kinds; it reads the frame from the bucket itself.

A laptop sends the frame to the real Cloud Vision, which cannot see the bucket of an emulator.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from google.api_core import exceptions as google
from google.cloud.vision_v1.types import (
    AnnotateImageRequest,
    AnnotateImageResponse,
    Feature,
    ImageContext,
    ImageSource,
    TextDetectionParams,
)
from google.cloud.vision_v1.types import Image as VisionImage

from ..cloud.clients import vision_client, vision_reads_bucket, who_answers
from ..cloud.google_errors import NOT_FOUND, meaning
from ..domain.errors import MediaAnalyzerError, Stale
from ..domain.model import Analysis, Box, Detection, Kind
from ..domain.providers import ProviderInfo
from .base import DetectRequest, Image
from .settings import detection
from .vision_text import lines

_LEAN = 0.01  # of the frame, by which a side is off from upright and level, so that corners tell more than a box
_MAX_RESULTS = 50  # per kind
# Without this Cloud Vision leaves the confidence out of TEXT_DETECTION, and every threshold keeps every line.
_TEXT_CONTEXT = ImageContext(text_detection_params=TextDetectionParams(enable_text_detection_confidence_score=True))


class VisionDetector:
    """Cloud Vision, or its emulator at VISION_EMULATOR_HOST."""

    @property
    def info(self) -> ProviderInfo:
        """Google chooses the model; the device is `Google` or `emulator`."""
        return ProviderInfo("builtin/stable", who_answers("VISION"))

    def detect(self, image: Image, request: DetectRequest) -> tuple[Analysis, ...]:
        """Makes one call for all kinds. Raises as `Detector.detect`."""
        kinds = request.kinds
        asked = AnnotateImageRequest(
            image=_image(image),
            features=[Feature(type_=_FEATURES[kind][0], max_results=_MAX_RESULTS) for kind in kinds],
            image_context=_TEXT_CONTEXT if Kind.TEXT in kinds else None,
        )
        started = time.monotonic()
        # The raw message: the client's wrappers cost a millisecond for each few symbols of text.
        response: Any = AnnotateImageResponse.pb(_call(asked))
        took_ms = round((time.monotonic() - started) * 1000)
        if response.error.code:
            raise _error(response.error.code, f"{image.uri}: {response.error.message}")
        return tuple(
            Analysis(kind, "vision", self.info.model, took_ms, tuple(_FEATURES[kind][1](response, image)))
            for kind in kinds
        )


def _image(image: Image) -> VisionImage:
    if vision_reads_bucket():
        return VisionImage(source=ImageSource(gcs_image_uri=image.uri))
    return VisionImage(content=image.data)


def _call(request: AnnotateImageRequest) -> AnnotateImageResponse:
    # Pub/Sub tries again later, so the client's own retries are off.
    timeout = detection().timeout
    try:
        client = vision_client(detection().vision_location)
        return client.batch_annotate_images(requests=[request], retry=None, timeout=timeout).responses[0]
    except google.GoogleAPICallError as error:
        code = error.grpc_status_code.value[0] if error.grpc_status_code else 0
        raise _error(code, error.message or type(error).__name__) from error


def _error(code: int, message: str) -> MediaAnalyzerError:
    """A google.rpc.Code as an error of the tree."""
    if code == NOT_FOUND:
        return Stale(f"Cloud Vision cannot find the object: {message}")
    return meaning(code, "Cloud Vision", message)


def _logos(response: Any, image: Image) -> Iterable[Detection]:
    for logo in response.logo_annotations:
        poly = logo.bounding_poly
        yield Detection(
            logo.description, round(logo.score, 4), Kind.LOGO, _box(poly, image), _corners(poly.vertices, image)
        )


def _text(response: Any, image: Image) -> Iterable[Detection]:
    for line in lines(response):
        if any(letter.isalnum() for letter in line.text):  # not a rule or a box that was read as a mark
            yield Detection(line.text, round(line.confidence, 4), Kind.TEXT, _around(line.corners, image))


def _objects(response: Any, image: Image) -> Iterable[Detection]:
    for found in response.localized_object_annotations:
        yield Detection(found.name, round(found.score, 4), Kind.OBJECT, _box(found.bounding_poly, image))


def _labels(response: Any, image: Image) -> Iterable[Detection]:
    for label in response.label_annotations:
        yield Detection(label.description, round(label.score, 4), Kind.LABEL)


def _faces(response: Any, image: Image) -> Iterable[Detection]:
    """Faces and their places. Nothing about identity or emotion is kept."""
    for face in response.face_annotations:
        yield Detection("Face", round(face.detection_confidence, 4), Kind.FACE, _box(face.bounding_poly, image))


def _safe_search(response: Any, image: Image) -> Iterable[Detection]:
    """Vision gives a likelihood by name: very unlikely becomes 0, very likely 1."""
    annotation = response.safe_search_annotation
    for label in ("adult", "spoof", "medical", "violence", "racy"):
        if likelihood := getattr(annotation, label):  # 0 is unknown
            yield Detection(label, (likelihood - 1) / 4, Kind.SAFE_SEARCH)


def _box(poly: Any, image: Image) -> Box | None:
    """The rectangle around a bounding poly, whose vertices are in pixels or, for objects, in 0..1."""
    if poly.normalized_vertices:
        return _around([(v.x * image.width, v.y * image.height) for v in poly.normalized_vertices], image)
    return _around([(v.x, v.y) for v in poly.vertices], image)


def _corners(vertices: Sequence[Any], image: Image) -> tuple[float, ...] | None:
    """Four vertices in pixels as x and y in 0..1, one after the other; None where they only say what the box says."""
    points = [(vertex.x / image.width, vertex.y / image.height) for vertex in vertices]
    if len(points) != 4:
        return None
    sides = zip(points, [*points[1:], points[0]], strict=True)
    if not any(min(abs(x - right), abs(y - below)) > _LEAN for (x, y), (right, below) in sides):
        return None
    return tuple(round(number, 5) for point in points for number in point)


def _around(corners: Sequence[tuple[float, float]], image: Image) -> Box | None:
    if not corners:
        return None
    xs = [min(max(x / image.width, 0.0), 1.0) for x, _ in corners]
    ys = [min(max(y / image.height, 0.0), 1.0) for _, y in corners]
    left, top = min(xs), min(ys)
    return Box(round(left, 5), round(top, 5), round(max(xs) - left, 5), round(max(ys) - top, 5))


_FEATURES: Mapping[Kind, tuple[Feature.Type, Callable[[Any, Image], Iterable[Detection]]]] = {
    Kind.LOGO: (Feature.Type.LOGO_DETECTION, _logos),
    Kind.TEXT: (Feature.Type.TEXT_DETECTION, _text),
    Kind.OBJECT: (Feature.Type.OBJECT_LOCALIZATION, _objects),
    Kind.LABEL: (Feature.Type.LABEL_DETECTION, _labels),
    Kind.FACE: (Feature.Type.FACE_DETECTION, _faces),
    Kind.SAFE_SEARCH: (Feature.Type.SAFE_SEARCH_DETECTION, _safe_search),
}
