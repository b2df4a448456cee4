"""OBJECT_LOCALIZATION and LABEL_DETECTION: COCO's 80 classes. Google knows thousands; what these are is right or wrong
in the same way."""

from __future__ import annotations

from typing import Any

from pipeline.detection.logos.model import Pixels

from ..coco import CATEGORIES, NAMES
from ..nanodet import NanoDet
from .base import FeatureOptions, rectangle


class ObjectAnnotator:
    """Each object with its box in 0..1, as Google gives it. `mid` has no counterpart here and stays empty."""

    def __init__(self, detector: NanoDet) -> None:
        self._detector = detector

    def annotate(self, image: Pixels, options: FeatureOptions, response: Any) -> None:
        """Best first."""
        for found in self._detector.find(image)[: options.most]:
            added = response.localized_object_annotations.add(name=NAMES[found.kind], score=found.score)
            for x, y in rectangle(*found.box):
                added.bounding_poly.normalized_vertices.add(x=x, y=y)


class LabelAnnotator:
    """The kinds and categories of the objects in the picture: a cat is a "Cat" and an "Animal"."""

    def __init__(self, detector: NanoDet) -> None:
        self._detector = detector

    def annotate(self, image: Pixels, options: FeatureOptions, response: Any) -> None:
        """Best first; as sure as of the best object of its kind."""
        scores: dict[str, float] = {}
        for found in self._detector.find(image):
            for label in filter(None, (NAMES[found.kind], CATEGORIES[found.kind])):
                scores.setdefault(label, found.score)
        for label, score in list(scores.items())[: options.most]:
            response.label_annotations.add(description=label, score=score, topicality=score)
