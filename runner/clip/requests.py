"""What a request asks for: pictures, things to look for, a threshold. Each refusal names the field."""

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

MOST_BYTES = 20 * 2**20  # of a picture
_MOST_NAMED = 500
_LONGEST = 300  # characters
_TIMEOUT = 20  # seconds
_stored = Cached(store.get, 5.0)


@dataclass(frozen=True, slots=True)
class Asked:
    """`images` are references: nothing has been fetched or decoded."""

    images: Sequence[Mapping[str, Any]]
    wanted: tuple[Named, ...]
    threshold: float


def detect(body: Any, threshold: float) -> Asked:
    """The body of /v1/detect. `threshold` holds where it says none. Raises BadRequest, NotFound (a brand)."""
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
    return Asked(images(fields.get("images")), wanted, float(least))


def images(value: Any) -> Sequence[Mapping[str, Any]]:
    """References to pictures, each with `content` or `uri`. Raises BadRequest."""
    listed = _list(value, "images", IMAGES)
    for number, one in enumerate(listed):
        fields = _object(one, f"images[{number}]", ("content", "uri"))
        if len(fields) != 1 or not isinstance(next(iter(fields.values())), str):
            raise BadRequest(f"'images[{number}]' must have 'content' (base64) or 'uri' (gs://bucket/name)")
    return listed


def texts(value: Any, name: str) -> tuple[str, ...]:
    """A list of texts. Raises BadRequest."""
    listed = _list(value, name)
    if any(not isinstance(text, str) or not 0 < len(text) <= _LONGEST for text in listed):
        raise BadRequest(f"'{name}' must be a list of texts of 1 to {_LONGEST} characters")
    return tuple(listed)


def picture(image: Mapping[str, Any], number: int) -> NDArray[np.uint8]:
    """The picture, BGR. Raises BadRequest, NotFound."""
    data = _content(image["content"], number) if "content" in image else _object_bytes(image["uri"], number)
    try:
        decoded = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR) if data else None
    except cv2.error:  # larger than OPENCV_IO_MAX_IMAGE_PIXELS
        decoded = None
    if decoded is None:
        raise BadRequest(f"images[{number}] is no picture that can be read, or it is too large")
    return np.asarray(decoded, np.uint8)


def _content(text: str, number: int) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise BadRequest(f"'images[{number}].content' is not base64") from None


def _object_bytes(uri: str, number: int) -> bytes:
    """Only of the media bucket: whoever may call this service may see those, and no other."""
    bucket, _, name = uri.removeprefix("gs://").partition("/")
    try:
        allowed = load(Common).media_bucket
    except ValueError as error:
        raise BadRequest(f"'images[{number}].uri': this service reads no bucket; send 'content'") from error
    if not uri.startswith("gs://") or bucket != allowed or not name:
        raise BadRequest(f"'images[{number}].uri' must be gs://{allowed}/NAME")
    try:
        return storage_client().bucket(bucket).blob(name).download_as_bytes(end=MOST_BYTES, timeout=_TIMEOUT)
    except GoogleNotFound:
        raise NotFound(f"'images[{number}].uri': there is no {uri[:200]}") from None


def _brand(value: Any, name: str) -> Named:
    """A brand as it is described here, or the one that is stored under an id."""
    if isinstance(value, str):
        try:
            known = _stored.get(check_brand(value))
        except ValueError as error:  # a setting is missing
            raise BadRequest(f"'{name}': this service reads no database; send id, name and prompts") from error
        return brand(known.id, known.name, known.prompts)
    fields = _object(value, name, ("id", "name", "prompts"))
    id, called = fields.get("id"), fields.get("name") or fields.get("id")
    if not isinstance(id, str) or not isinstance(called, str) or not id or len(called) > _LONGEST:
        raise BadRequest(f"'{name}' must have an 'id' and may have a 'name' and 'prompts'")
    prompts = fields.get("prompts") or []
    return brand(id, called, texts(prompts, f"{name}.prompts") if prompts else ())


def _list(value: Any, name: str, most: int = _MOST_NAMED) -> list[Any]:
    if not isinstance(value, list) or not 0 < len(value) <= most:
        raise BadRequest(f"'{name}' must be a list of 1 to {most}")
    return value


def _object(value: Any, name: str, known: Sequence[str]) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise BadRequest(f"{name} must be a JSON object")
    if unknown := [field for field in value if field not in known]:
        raise BadRequest(f"unknown field {str(unknown[0])[:80]!r} in {name}: expected {', '.join(known)}")
    return {field: given for field, given in value.items() if given is not None}
