"""FACE_DETECTION: that there is a face, and where. Landmarks, angles and likelihoods of feelings stay unset."""

from __future__ import annotations

from typing import Any

from pipeline.detection.logos.model import Pixels
from pipeline.detection.recognisers.blazeface import BlazeFace

from .base import FeatureOptions, add_vertices, rectangle


class FaceAnnotator:
    """The same box for the head and for the skin: the model tells but one."""

    def __init__(self) -> None:
        self._detector = BlazeFace()

    def annotate(self, image: Pixels, options: FeatureOptions, response: Any) -> None:
        """Best first."""
        for face in self._detector.find(image)[: options.most]:
            added = response.face_annotations.add(detection_confidence=face.score)
            for poly in (added.bounding_poly, added.fd_bounding_poly):
                add_vertices(poly, rectangle(*face.box))
