"""OBJECT_LOCALIZATION and LABEL_DETECTION: COCO's 80 classes. Google knows thousands; what these are is right or wrong
in the same way."""

from __future__ import annotations

from typing import Any

from pipeline.detection.logos.model import Pixels
from pipeline.detection.recognisers.nanodet import NanoDet, labels

from .base import FeatureOptions, rectangle


class ObjectAnnotator:
    """Each object with its box in 0..1, as Google gives it. `mid` has no counterpart here and stays empty."""

    def __init__(self, detector: NanoDet) -> None:
        self._detector = detector

    def annotate(self, image: Pixels, options: FeatureOptions, response: Any) -> None:
        """Best first."""
        for found in self._detector.find(image)[: options.most]:
            added = response.localized_object_annotations.add(name=found.name, score=found.score)
            for x, y in rectangle(*found.box):
                added.bounding_poly.normalized_vertices.add(x=x, y=y)


class LabelAnnotator:
    """The kinds and categories of the objects in the picture."""

    def __init__(self, detector: NanoDet) -> None:
        self._detector = detector

    def annotate(self, image: Pixels, options: FeatureOptions, response: Any) -> None:
        """Best first."""
        for label, score in list(labels(self._detector.find(image)).items())[: options.most]:
            response.label_annotations.add(description=label, score=score, topicality=score)
