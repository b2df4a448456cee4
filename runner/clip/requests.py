"""Requests: pictures, classes to look for, a threshold. Each refusal names the field."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from google.api_core.exceptions import NotFound as GoogleNotFound
from numpy.typing import NDArray

from pipeline.cloud.clients import storage_client
from pipeline.cloud.ttl_cache import Cached
from pipeline.documents import brands as store
from pipeline.domain.errors import BadRequest, NotFound
from pipeline.domain.names import check_brand
from pipeline.domain.settings import Common, load

from .classes import Named, brand
from .settings import IMAGES

_MAX_PICTURE_BYTES = 20 << 20
_MAX_CLASSES = 500
_MAX_CHARACTERS = 300
_TIMEOUT_SECONDS = 20  # of one read
_stored = Cached(store.get, 5.0)


@dataclass(frozen=True, slots=True)
class DetectRequest:
    """A valid request. `images` are references: nothing has been fetched or decoded."""

    images: Sequence[Mapping[str, Any]]
    wanted: tuple[Named, ...]
    threshold: float


def detect(body: Any, threshold: float) -> DetectRequest:
    """Reads the body of /v1/detect. `threshold` is the default. Raises BadRequest, NotFound (a brand)."""
    fields = _object(body, "the body", ("images", "brands", "prompts", "threshold"))
    least = fields.get("threshold", threshold)
    if isinstance(least, bool) or not isinstance(least, (int, float)) or not 0 <= least <= 1:
        raise BadRequest("'threshold' must be a number from 0 to 1")
    if ("brands" in fields) == ("prompts" in fields):
        raise BadRequest("say what to look for: either 'brands' or 'prompts'")
    if "prompts" in fields:
        wanted = tuple(Named(text, (text,)) for text in texts(fields["prompts"], "prompts"))
    else:
        wanted = tuple(_brand(one, f"brands[{i}]") for i, one in enumerate(_list(fields["brands"], "brands")))
    return DetectRequest(images(fields.get("images")), wanted, float(least))


def images(value: Any) -> Sequence[Mapping[str, Any]]:
    """Checks references to pictures, each with `content` or `uri`. Raises BadRequest."""
    listed = _list(value, "images", IMAGES)
    for number, one in enumerate(listed):
        fields = _object(one, f"images[{number}]", ("content", "uri"))
        if len(fields) != 1 or not isinstance(next(iter(fields.values())), str):
            raise BadRequest(f"'images[{number}]' must have 'content' (base64) or 'uri' (gs://bucket/name)")
    return listed


def texts(value: Any, name: str) -> tuple[str, ...]:
    """Checks a list of texts. Raises BadRequest."""
    listed = _list(value, name)
    if any(not isinstance(text, str) or not 0 < len(text) <= _MAX_CHARACTERS for text in listed):
        raise BadRequest(f"'{name}' must be a list of texts of 1 to {_MAX_CHARACTERS} characters")
    return tuple(listed)


def picture(image: Mapping[str, Any], number: int) -> NDArray[np.uint8]:
    """Fetches and decodes a picture, BGR. Raises BadRequest, NotFound."""
    data = _content(image["content"], number) if "content" in image else _object_bytes(image["uri"], number)
    try:
        decoded = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR) if data else None
    except cv2.error:  # larger than OPENCV_IO_MAX_IMAGE_PIXELS
        decoded = None
    if decoded is None:
        raise BadRequest(f"invalid picture 'images[{number}]': expected a PNG, JPEG or WebP that is not too large")
    return np.asarray(decoded, np.uint8)


def _content(text: str, number: int) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise BadRequest(f"invalid 'images[{number}].content': expected base64") from None


def _object_bytes(uri: str, number: int) -> bytes:
    """Reads an object of the media bucket: a caller of this service may see these objects, and no others."""
    bucket, _, name = uri.removeprefix("gs://").partition("/")
    try:
        allowed = load(Common).media_bucket
    except ValueError as error:
        raise BadRequest(f"'images[{number}].uri': this service reads no bucket; send 'content'") from error
    if not uri.startswith("gs://") or bucket != allowed or not name:
        raise BadRequest(f"'images[{number}].uri' must be gs://{allowed}/NAME")
    try:
        return (
            storage_client()
            .bucket(bucket)
            .blob(name)
            .download_as_bytes(end=_MAX_PICTURE_BYTES, timeout=_TIMEOUT_SECONDS)
        )
    except GoogleNotFound:
        raise NotFound(f"'images[{number}].uri': {uri[:200]} does not exist") from None


def _brand(value: Any, name: str) -> Named:
    """The class of a brand that the request describes, or that is stored under an id."""
    if isinstance(value, str):
        try:
            known = _stored.get(check_brand(value))
        except ValueError as error:  # a setting is missing
            raise BadRequest(f"'{name}': this service reads no database; send id, name and prompts") from error
        return brand(known.id, known.name, known.prompts)
    fields = _object(value, name, ("id", "name", "prompts"))
    id, called = fields.get("id"), fields.get("name") or fields.get("id")
    if not isinstance(id, str) or not isinstance(called, str) or not id or len(called) > _MAX_CHARACTERS:
        raise BadRequest(f"'{name}' must have an 'id' and may have a 'name' and 'prompts'")
    prompts = fields.get("prompts") or []
    return brand(id, called, texts(prompts, f"{name}.prompts") if prompts else ())


def _list(value: Any, name: str, most: int = _MAX_CLASSES) -> list[Any]:
    if not isinstance(value, list) or not 0 < len(value) <= most:
        raise BadRequest(f"'{name}' must be a list of 1 to {most}")
    return value


def _object(value: Any, name: str, known: Sequence[str]) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise BadRequest(f"{name} must be a JSON object")
    if unknown := [field for field in value if field not in known]:
        raise BadRequest(f"unknown field {str(unknown[0])[:80]!r} in {name}: expected {', '.join(known)}")
    return {field: given for field, given in value.items() if given is not None}
