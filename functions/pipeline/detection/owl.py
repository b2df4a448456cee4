"""Provider `owl`: OWLv2 of the service runner/clip, which finds objects by words and logos by their reference marks.

A request names the marks by digests of their files. The service asks for those that it does not know, once.
"""

from __future__ import annotations

import base64
import hashlib
import logging
from collections.abc import Mapping, Sequence
from threading import Lock
from typing import Any

import cv2
from google.api_core.exceptions import NotFound

from ..cloud.clients import media_bucket
from ..documents.references import picture
from ..domain.errors import Unavailable
from ..domain.model import Analysis, Brand, Detection, Kind
from ..domain.providers import Called, ProviderInfo
from . import mark_choice
from .base import DetectRequest, Image
from .service.client import ServiceClient, detected, unreadable

log = logging.getLogger(__name__)
_TIMEOUT = 20  # seconds
_SIDE = 512  # pixels of a mark's longer side
_DIGEST = 16  # hexadecimal digits of the SHA-256 of a mark's file
_TEMPLATES = ("the {} logo", "a sign with the {} logo")


class OwlDetector:
    """OWLv2 at the provider's endpoint."""

    def __init__(self, provider: Called) -> None:
        self._service = ServiceClient(provider)
        self._files: dict[str, bytes] = {}  # of marks that brands have, by the names of their objects
        self._reading = Lock()

    @property
    def info(self) -> ProviderInfo:
        """The model and its device, as of the last answer."""
        return self._service.info

    def detect(self, image: Image, request: DetectRequest) -> tuple[Analysis, ...]:
        """Makes one call for both kinds, and one more where the service lacks marks; without anything to look for none.
        Raises as `Detector.detect`."""
        body: dict[str, Any] = {"threshold": request.threshold}
        files: dict[str, bytes] = {}
        if Kind.OBJECT in request.kinds and request.words.get(Kind.OBJECT):
            body["words"] = list(request.words[Kind.OBJECT])
        if Kind.LOGO in request.kinds and request.brands:
            own = [brand.threshold for brand in request.brands if brand.threshold is not None]
            body["threshold"] = min([request.threshold, *own])
            marks = self._marks(request.brands)
            body["brands"] = [_brand(brand, marks[brand.id]) for brand in request.brands]
            files = {digest: data for own_marks in marks.values() for digest, data in own_marks.items()}
        if len(body) == 1:
            return tuple(Analysis(kind, "owl", self.info.model, 0) for kind in request.kinds)
        found, took_ms = self._find(image, body, files)
        model, device, digest = self.info.model, self.info.device, self._service.digest
        return tuple(
            Analysis(
                kind,
                "owl",
                model,
                took_ms,
                tuple(one for one in found if one.kind is kind),
                digest=digest,
                device=device,
            )
            for kind in request.kinds
        )

    def _find(
        self, image: Image, body: Mapping[str, Any], files: Mapping[str, bytes]
    ) -> tuple[Sequence[Detection], int]:
        asked = {"images": [{"content": base64.b64encode(image.data).decode()}], **body}
        answer = self._service.post("/v1/find", asked)
        if missing := answer.get("missing"):
            sent = {one: base64.b64encode(files[one]).decode() for one in missing if one in files}
            answer = self._service.post("/v1/find", {**asked, "marks": sent})
            if answer.get("missing"):  # another instance, or one that forgets at once
                raise Unavailable("the CLIP service does not keep the marks that it is sent: try again")
        try:
            result = self._service.result(answer)
            found = [detected(one, Kind(one["kind"])) for one in result["detections"]]
            return found, round(float(result["took_ms"]))
        except (KeyError, TypeError, ValueError) as error:
            raise unreadable(error) from error

    def _marks(self, brands: Sequence[Brand]) -> Mapping[str, Mapping[str, bytes]]:
        """The files of the marks that are looked for, by their digests, of each brand."""
        chosen = {brand.id: brand.references for brand in mark_choice.chosen(brands)}
        wanted = {name for names in chosen.values() for name in names}
        with self._reading:
            known = {name: self._files[name] if name in self._files else _file(name) for name in wanted}
            self._files = known
        return {
            brand.id: {_digest(known[name]): known[name] for name in chosen.get(brand.id, ()) if known[name]}
            for brand in brands
        }


def _brand(brand: Brand, marks: Mapping[str, bytes]) -> Mapping[str, Any]:
    """By its marks; without any by its prompts, or its name."""
    if marks:
        return {"id": brand.id, "marks": list(marks)}
    return {"id": brand.id, "prompts": list(brand.prompts) or [one.format(brand.name) for one in _TEMPLATES]}


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:_DIGEST]


def _file(name: str) -> bytes:
    """A mark as a small PNG, upright, with its transparency; empty where it is gone or no picture."""
    try:
        image = picture.decode(media_bucket().blob(name).download_as_bytes(timeout=_TIMEOUT))
    except NotFound:
        log.error("the reference mark %s no longer exists", name)
        return b""
    if image is None:
        log.error("the reference mark %s is not an 8-bit picture", name)
        return b""
    return cv2.imencode(".png", picture.within(image, _SIDE))[1].tobytes()
