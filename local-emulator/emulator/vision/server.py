"""The calls that are answered."""

from __future__ import annotations

from google.cloud.vision_v1.types import BatchAnnotateImagesRequest

from ..rpc import Method, Server
from .service import ImageAnnotator


def serve(service: ImageAnnotator, host: str, port: int) -> Server:
    """The server of `service`, bound but not started."""
    annotate = Method(BatchAnnotateImagesRequest.pb(), service.batch_annotate_images)
    return Server({"/google.cloud.vision.v1.ImageAnnotator/BatchAnnotateImages": annotate}, host, port)
