"""Provider `clip`: logos by prompts, and labels of scenes by words, from the service runner/clip.

Requests carry the picture, so that a machine without rights in the bucket can look at it too.
"""

from __future__ import annotations

import base64
from typing import Any

from ..domain.model import Analysis, Detection, Kind
from ..domain.providers import Called, ProviderInfo
from .base import DetectRequest, Image
from .service.client import ServiceClient, detected, unreadable


class ClipDetector:
    """CLIP at the provider's endpoint."""

    def __init__(self, provider: Called) -> None:
        self._service = ServiceClient(provider)

    @property
    def info(self) -> ProviderInfo:
        """The model and its device, as of the last answer."""
        return self._service.info

    def detect(self, image: Image, request: DetectRequest) -> tuple[Analysis, ...]:
        """Makes one call for all kinds; without anything to look for none. Raises as `Detector.detect`."""
        body: dict[str, Any] = {"threshold": request.threshold}
        if Kind.LOGO in request.kinds and request.brands:
            own = [brand.threshold for brand in request.brands if brand.threshold is not None]
            body["threshold"] = min([request.threshold, *own])
            body["brands"] = [{"id": b.id, "name": b.name, "prompts": list(b.prompts)} for b in request.brands]
        if Kind.LABEL in request.kinds and request.words.get(Kind.LABEL):
            body["scenes"] = list(request.words[Kind.LABEL])
        if len(body) == 1:
            return tuple(Analysis(kind, "clip", self.info.model, 0) for kind in request.kinds)
        answer = self._service.post(
            "/v1/detect", {"images": [{"content": base64.b64encode(image.data).decode()}], **body}
        )
        try:
            result = self._service.result(answer)
            found: dict[Kind, tuple[Detection, ...]] = {
                Kind.LOGO: tuple(detected(one, Kind.LOGO) for one in result["detections"]),
                Kind.LABEL: tuple(detected(one, Kind.LABEL) for one in result.get("labels", ())),
            }
            took_ms = round(float(result["took_ms"]))
        except (KeyError, TypeError, ValueError) as error:
            raise unreadable(error) from error
        model, device, digest = self.info.model, self.info.device, self._service.digest
        return tuple(
            Analysis(kind, "clip", model, took_ms, found[kind], digest=digest, device=device) for kind in request.kinds
        )
