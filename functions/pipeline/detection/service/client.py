"""Calls of the service that runs CLIP and OWLv2 (runner/clip), on this machine, on one with a GPU in the LAN, or on
Cloud Run."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import requests

from ...cloud import public_hosts
from ...domain.errors import BadRequest, Busy, MediaAnalyzerError, Poison, Unavailable
from ...domain.model import Box, Detection, Kind
from ...domain.providers import Called, ProviderInfo
from ..settings import detection
from .id_token import headers

_CONNECT_SECONDS = 5.0
_INFO_SECONDS = 3.0
_REFUSED = {400, 413, 415, 422}
_QUOTED_CHARACTERS = 200  # of an error of the service
_DIGEST_CHARACTERS = 64


class ServiceClient:
    """The service at the provider's endpoint, an HTTP address."""

    def __init__(self, provider: Called) -> None:
        self._provider, self._endpoint = provider, provider.endpoint
        self._session = _session(provider.endpoint)
        self.info = ProviderInfo("unknown")
        """The model and its device, as of the last answer."""
        self.digest: str | None = None
        """Of the model's weights, if the service says it."""

    def post(self, path: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """The answer. Raises Poison, Busy, Unavailable."""
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

    def result(self, answer: Mapping[str, Any]) -> Mapping[str, Any]:
        """The result for the one image that was asked about; its model is noted. Raises KeyError, TypeError or
        ValueError for an answer of another form, Unavailable if the configuration wants another model."""
        [result] = answer["results"]
        self.info = ProviderInfo(str(answer["model"]), str(answer["device"]))
        digest = answer.get("digest")
        self.digest = digest[:_DIGEST_CHARACTERS] if isinstance(digest, str) else None
        if self._provider.model not in ("", self.info.model):
            raise Unavailable(f"{self.info.model} runs there, and the configuration wants {self._provider.model}")
        return result


def unreadable(error: Exception) -> Unavailable:
    """The error of an answer that has not the form that it should have."""
    said = "the CLIP service's answer cannot be read"
    return Unavailable(f"{said}: {type(error).__name__} {error}", public=said)


def detected(fields: Mapping[str, Any], kind: Kind) -> Detection:
    """A detection as the service answers it. Raises KeyError, TypeError, ValueError."""
    box, confidence = fields.get("box"), float(fields["confidence"])
    sides = [float(box[side]) for side in ("x", "y", "width", "height")] if box else []
    if not all(math.isfinite(number) for number in (confidence, *sides)):
        raise ValueError("a number is not finite")
    return Detection(str(fields["label"]), round(confidence, 4), kind, _cut(sides) if box else None)


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
        model, queue = fields["owl" if provider.type == "owl" else "model"], fields.get("queue")
        device = str(fields["device"])
    except (requests.RequestException, AttributeError, KeyError) as error:
        raise Unavailable(f"the CLIP service did not answer /info: {type(error).__name__}") from error
    if model is None:
        raise Unavailable("no OWLv2 runs there: OWL_MODEL of that service names one")
    return ProviderInfo(str(model), device, queue if isinstance(queue, int) else None)


def _session(endpoint: str) -> requests.Session:
    """Requests to `endpoint`: an address that `places` names must be public, unless the settings allow others."""
    trusted = detection().places_private or endpoint == detection().endpoint("clip")
    return requests.Session() if trusted else public_hosts.session(endpoint)


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
