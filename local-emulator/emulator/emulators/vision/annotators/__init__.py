"""The annotator of each feature. A new one is a file beside these and a line here."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from google.cloud.vision_v1.types import AnnotateImageResponse, Feature

from pipeline.detection.logos import Mark
from pipeline.detection.recognisers.nanodet import NanoDet

from .base import Annotator, FeatureOptions
from .faces import FaceAnnotator
from .logos import LogoAnnotator
from .objects import LabelAnnotator, ObjectAnnotator
from .properties import PropertiesAnnotator
from .text import TextAnnotator

_Response: Any = AnnotateImageResponse.pb()


def annotators(marks: Sequence[Mark]) -> Mapping[int, Annotator]:
    """Every feature that is served, by its number."""
    coco = NanoDet()
    return {
        int(Feature.Type.LOGO_DETECTION): LogoAnnotator(marks),
        int(Feature.Type.TEXT_DETECTION): TextAnnotator(),
        int(Feature.Type.OBJECT_LOCALIZATION): ObjectAnnotator(coco),
        int(Feature.Type.LABEL_DETECTION): LabelAnnotator(coco),
        int(Feature.Type.FACE_DETECTION): FaceAnnotator(),
        int(Feature.Type.IMAGE_PROPERTIES): PropertiesAnnotator(),
    }


def warm(offered: Mapping[int, Annotator], stopped: threading.Event) -> None:
    """Shows each a picture, in the background, so that its model is loaded: the emulator is ready at once.

    No daemon: Python ends once it has, for a library that is being loaded then aborts the process.
    """

    def show() -> None:
        noise = np.random.default_rng(0).integers(0, 255, (720, 1280, 3), np.uint8)
        for annotator in offered.values():
            if not stopped.is_set():
                annotator.annotate(noise, FeatureOptions(), _Response())

    threading.Thread(target=show, name="warm").start()
