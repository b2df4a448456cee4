"""BatchAnnotateImages: what is checked, in which order, and how a failure of one picture is reported."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from google.cloud.vision_v1.types import AnnotateImageResponse, BatchAnnotateImagesResponse, Feature
from grpc import StatusCode

from ...rpc import CallError, authorization
from .annotators.base import Annotator, FeatureOptions
from .errors import ImageError
from .images import read
from .limits import Limits
from .workers import Workers

MAX_IMAGES = 16
_MODELS = ("", "builtin/stable", "builtin/latest")  # of a feature, as Google names them
# Raw messages: the client's wrappers cost milliseconds for each annotation.
_Response: Any = AnnotateImageResponse.pb()
_BatchResponse: Any = BatchAnnotateImagesResponse.pb()


class ImageAnnotator:
    """google.cloud.vision.v1.ImageAnnotator. Messages are raw protobuf."""

    def __init__(
        self, annotators: Mapping[int, Annotator], workers: Workers, limits: Limits, storage_endpoint: str
    ) -> None:
        self._annotators = annotators
        self._workers = workers
        self._limits = limits
        self._storage_endpoint = storage_endpoint

    def batch_annotate_images(self, request: Any) -> Any:
        """One response per request, in order. Raises CallError."""
        self._limits.take()
        if not request.requests:
            raise CallError(StatusCode.INVALID_ARGUMENT, "No images specified in the request.")
        if len(request.requests) > MAX_IMAGES:
            raise CallError(StatusCode.INVALID_ARGUMENT, f"Too many images per request: at most {MAX_IMAGES}.")
        caller = authorization.get()  # here: the workers are other threads
        answers = self._workers.map(lambda one: self._annotate(one, caller), list(request.requests))
        return _BatchResponse(responses=answers)

    def _annotate(self, request: Any, caller: str) -> Any:
        try:
            return self._annotated(request, caller)
        except ImageError as error:
            return _Response(error={"code": error.code.value[0], "message": str(error)})

    def _annotated(self, request: Any, caller: str) -> Any:
        context = request.image_context
        chosen = [
            (self._annotator(feature), FeatureOptions.of(feature, context)) for feature in _distinct(request.features)
        ]
        image = read(request.image, self._storage_endpoint, caller)

        def look(one: tuple[Annotator, FeatureOptions]) -> Any:
            seen = _Response()
            one[0].annotate(image, one[1], seen)
            return seen

        response = _Response()
        for part in self._workers.split(look, chosen):
            response.MergeFrom(part)
        return response

    def _annotator(self, feature: Any) -> Annotator:
        if feature.max_results < 0:
            raise ImageError(StatusCode.INVALID_ARGUMENT, "max_results must not be negative.")
        annotator = self._annotators.get(feature.type_)
        if annotator is None:
            known = ", ".join(Feature.Type(kind).name for kind in self._annotators)
            name = Feature.Type(feature.type_).name
            raise ImageError(StatusCode.UNIMPLEMENTED, f"{name} is not emulated; these are: {known}.")
        if feature.model not in _MODELS:
            raise ImageError(StatusCode.INVALID_ARGUMENT, f"Unsupported model: {feature.model!r}.")
        return annotator


def _distinct(features: Any) -> list[Any]:
    """The first feature of each type. Raises ImageError if the list is empty."""
    by_type: dict[int, Any] = {}
    for feature in features:
        by_type.setdefault(feature.type_, feature)
    if not by_type:
        raise ImageError(StatusCode.INVALID_ARGUMENT, "Request must specify image and features.")
    return list(by_type.values())
