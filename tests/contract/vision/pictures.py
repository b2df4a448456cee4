"""Pictures as bytes, and requests about them."""

from __future__ import annotations

import cv2
import numpy as np
from google.cloud import vision
from tests.unit.logos.drawn_marks import landscape, paste

LOGO = vision.Feature.Type.LOGO_DETECTION
TEXT = vision.Feature.Type.TEXT_DETECTION
PROPERTIES = vision.Feature.Type.IMAGE_PROPERTIES
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


def request(content: bytes, *types: vision.Feature.Type, most: int = 0) -> vision.AnnotateImageRequest:
    """A request about inline bytes."""
    return vision.AnnotateImageRequest(image=vision.Image(content=content), features=features(*types, most=most))


def features(*types: vision.Feature.Type, most: int = 0) -> list[vision.Feature]:
    """Features of these types."""
    return [vision.Feature(type_=kind, max_results=most) for kind in types]
