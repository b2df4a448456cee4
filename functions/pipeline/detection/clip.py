"""Provider `clip`: the container runner/clip, on this machine, on one with a GPU in the LAN, or on Cloud Run.

Requests carry the picture, so that a machine without rights in the bucket can look at it too.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping, Sequence
from typing import Any

import requests

from ..cloud import public_hosts
from ..domain.errors import BadRequest, Busy, MediaAnalyzerError, Poison, Unavailable
from ..domain.model import Analysis, Box, Brand, Detection, Kind
from ..domain.providers import Called, ProviderInfo
from .base import DetectRequest, Image
from .id_token import headers
from .settings import detection

_CONNECT_SECONDS = 5.0
_INFO_SECONDS = 3.0
_REFUSED = {400, 413, 415, 422}
_QUOTED_CHARACTERS = 200  # of an error of the service
_DIGEST_CHARACTERS = 64


class ClipDetector:
    """The service at the provider's endpoint, an HTTP address."""

    def __init__(self, provider: Called) -> None:
        self._provider, self._endpoint = provider, provider.endpoint
        self._session = _session(provider.endpoint)
        self._info = ProviderInfo("unknown")
        self._digest: str | None = None

    @property
    def info(self) -> ProviderInfo:
        """The model and its device, as of the last answer."""
        return self._info

    def detect(self, image: Image, request: DetectRequest) -> tuple[Analysis, ...]:
        """Makes one call; without a brand none. Raises as `Detector.detect`."""
        if not request.brands:
            return tuple(Analysis(kind, "clip", self._info.model, 0) for kind in request.kinds)
        threshold = min([request.threshold, *(b.threshold for b in request.brands if b.threshold is not None)])
        body = {
            "images": [{"content": base64.b64encode(image.data).decode()}],
            "brands": [_brand(brand) for brand in request.brands],
            "threshold": threshold,
        }
        answer = self._post("/v1/detect", body)
        try:
            [result] = answer["results"]
            found = tuple(_detection(one) for one in result["detections"])
            took_ms = round(float(result["took_ms"]))
            self._info = ProviderInfo(str(answer["model"]), str(answer["device"]))
            digest = answer.get("digest")
            self._digest = digest[:_DIGEST_CHARACTERS] if isinstance(digest, str) else None
        except (KeyError, TypeError, ValueError) as error:
            said = "the CLIP service's answer cannot be read"
            raise Unavailable(f"{said}: {type(error).__name__} {error}", public=said) from error
        if self._provider.model not in ("", self._info.model):
            raise Unavailable(f"{self._info.model} runs there, and the configuration wants {self._provider.model}")
        return tuple(
            Analysis(kind, "clip", self._info.model, took_ms, found, digest=self._digest) for kind in request.kinds
        )

    def _post(self, path: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        timeout = (_CONNECT_SECONDS, detection().timeout)
        try:
            response = self._session.post(
                f"{self._endpoint}{path}",
                json=body,
                timeout=timeout,
                headers=headers(self._endpoint, self._provider.key),
                allow_redirects=False,
            )
            if response.status_code != 200:
                raise _refusal(response)
            return response.json()
        except BadRequest as error:  # the guard of public hosts: its words name the address too
            raise Unavailable(str(error), public="the CLIP service's address is not public") from error
        except requests.RequestException as error:
            # Without the error's own words: they name the address, and browsers read them.
            raise Unavailable(f"the CLIP service did not answer: {type(error).__name__}") from error


def fetch_info(provider: Called) -> ProviderInfo:
    """Fetches the model, device and queue of the provider's service. Raises Unavailable."""
    endpoint = provider.endpoint
    try:
        with _session(endpoint) as session:
            response = session.get(
                f"{endpoint}/info",
                timeout=_INFO_SECONDS,
                headers=headers(endpoint, provider.key),
                allow_redirects=False,
            )
        response.raise_for_status()
        fields: Any = response.json()
        queue = fields.get("queue")
        return ProviderInfo(str(fields["model"]), str(fields["device"]), queue if isinstance(queue, int) else None)
    except (requests.RequestException, AttributeError, KeyError) as error:
        raise Unavailable(f"the CLIP service did not answer /info: {type(error).__name__}") from error


def _session(endpoint: str) -> requests.Session:
    """Requests to `endpoint`: an address that `places` names must be public, unless the settings allow others."""
    trusted = detection().places_private or endpoint == detection().endpoint("clip")
    return requests.Session() if trusted else public_hosts.session(endpoint)


def _brand(brand: Brand) -> Mapping[str, Any]:
    return {"id": brand.id, "name": brand.name, "prompts": list(brand.prompts)}


def _detection(fields: Mapping[str, Any]) -> Detection:
    box, confidence = fields["box"], float(fields["confidence"])
    sides = [float(box[side]) for side in ("x", "y", "width", "height")] if box else []
    if not all(math.isfinite(number) for number in (confidence, *sides)):
        raise ValueError("a number is not finite")
    return Detection(str(fields["label"]), round(confidence, 4), Kind.LOGO, _cut(sides) if box else None)


def _cut(sides: Sequence[float]) -> Box:
    """The box, cut at the frame's edges."""
    left, top, width, height = sides
    right, bottom = min(max(left + width, 0.0), 1.0), min(max(top + height, 0.0), 1.0)
    left, top = min(max(left, 0.0), 1.0), min(max(top, 0.0), 1.0)
    return Box(round(left, 5), round(top, 5), round(max(right - left, 0.0), 5), round(max(bottom - top, 0.0), 5))


def _refusal(response: requests.Response) -> MediaAnalyzerError:
    status, text = response.status_code, response.text[:_QUOTED_CHARACTERS]
    if status == 429:
        return Busy(f"the CLIP service's queue is full: try again in {response.headers.get('Retry-After', 'some')} s")
    if status in _REFUSED:
        return Poison(f"the CLIP service refuses ({status}): {text}", public=f"the CLIP service refuses ({status})")
    return Unavailable(
        f"the CLIP service answered {status}: {text}", public=f"the CLIP service did not answer ({status})"
    )
