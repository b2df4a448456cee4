"""The calls that are answered."""

from __future__ import annotations

from collections.abc import Mapping

from google.cloud.vision_v1.types import BatchAnnotateImagesRequest

from ...rpc import Method
from .admin import SET_LIMITS, method
from .limits import Limits
from .service import ImageAnnotator


def methods(service: ImageAnnotator, limits: Limits) -> Mapping[str, Method]:
    """The calls of `service`, and the one that sets its limits, by full name."""
    annotate = Method(BatchAnnotateImagesRequest.pb(), service.batch_annotate_images)
    return {"/google.cloud.vision.v1.ImageAnnotator/BatchAnnotateImages": annotate, SET_LIMITS: method(limits)}
