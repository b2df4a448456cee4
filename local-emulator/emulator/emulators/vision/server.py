"""The calls that are answered."""

from __future__ import annotations

from google.cloud.vision_v1.types import BatchAnnotateImagesRequest

from ...rpc import Method, Server
from .admin import SET_LIMITS, method
from .limits import Limits
from .service import ImageAnnotator


def serve(service: ImageAnnotator, limits: Limits, host: str, port: int) -> Server:
    """The server of `service`, bound but not started."""
    annotate = Method(BatchAnnotateImagesRequest.pb(), service.batch_annotate_images)
    name = "/google.cloud.vision.v1.ImageAnnotator/BatchAnnotateImages"
    return Server({name: annotate, SET_LIMITS: method(limits)}, host, port)
