"""Pictures as bytes, and requests about them."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np
from google.cloud import vision
from tests.unit.logos.drawn_marks import landscape, paste

LOGO = vision.Feature.Type.LOGO_DETECTION
TEXT = vision.Feature.Type.TEXT_DETECTION
PROPERTIES = vision.Feature.Type.IMAGE_PROPERTIES
OBJECTS = vision.Feature.Type.OBJECT_LOCALIZATION
LABELS = vision.Feature.Type.LABEL_DETECTION
FACES = vision.Feature.Type.FACE_DETECTION
SAFE_SEARCH = vision.Feature.Type.SAFE_SEARCH_DETECTION
WHITE, BLACK = (250, 250, 250), (20, 20, 20)


def encoded(image: np.ndarray, extension: str = ".png") -> bytes:
    """The picture as a file."""
    return cv2.imencode(extension, image)[1].tobytes()


def with_crown() -> tuple[bytes, tuple[int, int, int, int]]:
    """A frame with one mark, and the mark's box in pixels."""
    image = landscape(seed=21)
    box = paste(image, "Crown", (600, 300), 180, WHITE, BLACK)
    return encoded(image), box


def with_words() -> bytes:
    """A frame with two lines of text."""
    image = np.full((720, 1280, 3), 60, np.uint8)
    cv2.putText(image, "Hello World", (200, 250), cv2.FONT_HERSHEY_SIMPLEX, 3, WHITE, 6, cv2.LINE_AA)
    cv2.putText(image, "FINAL LAP 2026", (200, 500), cv2.FONT_HERSHEY_SIMPLEX, 3, WHITE, 6, cv2.LINE_AA)
    return encoded(image)


def photograph(name: str) -> np.ndarray:
    """One of scikit-image's, BGR: `astronaut` is a person, `chelsea` a cat, `motorcycle_left`, `brick` a wall."""
    found = find_spec("skimage")
    assert found is not None
    assert found.origin is not None
    image = cv2.imread(str(Path(found.origin).parent / "data" / f"{name}.png"))
    assert image is not None
    return image


def with_faces() -> tuple[bytes, list[tuple[int, int, int, int]]]:
    """A 720p frame with a person's face twice, 46 pixels wide, and where."""
    image = np.full((720, 1280, 3), 90, np.uint8)
    person = cv2.resize(photograph("astronaut"), (220, 220), interpolation=cv2.INTER_AREA)
    for x, y in ((300, 100), (900, 350)):
        image[y : y + 220, x : x + 220] = person
    return encoded(image), [(373, 129, 46, 46), (973, 379, 46, 46)]


def request(content: bytes, *types: vision.Feature.Type, most: int = 0) -> vision.AnnotateImageRequest:
    """A request about inline bytes."""
    return vision.AnnotateImageRequest(image=vision.Image(content=content), features=features(*types, most=most))


def features(*types: vision.Feature.Type, most: int = 0) -> list[vision.Feature]:
    """Features of these types."""
    return [vision.Feature(type_=kind, max_results=most) for kind in types]
