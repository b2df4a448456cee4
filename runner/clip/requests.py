"""Requests: pictures, classes to look for, a threshold. Each refusal names the field."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import cv2
import numpy as np
from google.api_core.exceptions import NotFound as GoogleNotFound
from msgspec import Meta, Struct
from numpy.typing import NDArray

from pipeline.cloud.clients import storage_client
from pipeline.cloud.ttl_cache import Cached
from pipeline.documents import brands as store
from pipeline.domain.errors import BadRequest, NotFound
from pipeline.domain.names import check_brand
from pipeline.domain.settings import Common, load
from pipeline.domain.shapes import must, read

from .classes import Named, brand
from .scenes import scene
from .settings import IMAGES

_MAX_PICTURE_BYTES = 20 << 20
MOST_CLASSES = 500
_MAX_CHARACTERS = 300
_TIMEOUT_SECONDS = 20  # of one read
_stored = Cached(store.get, 5.0)


Text = Annotated[str, Meta(min_length=1, max_length=_MAX_CHARACTERS)]
Texts = Annotated[
    list[Text],
    must(f"be a list of texts of 1 to {_MAX_CHARACTERS} characters", min_length=1, max_length=MOST_CLASSES),
]


class ImageBody(Struct, forbid_unknown_fields=True):
    """A picture: one of these."""

    content: str | None = None
    uri: str | None = None


class BrandBody(Struct, forbid_unknown_fields=True):
    """A brand that is described instead of stored."""

    id: Annotated[str, Meta(min_length=1)]
    name: Annotated[str, Meta(max_length=_MAX_CHARACTERS)] | None = None
    prompts: Annotated[list[Text], Meta(max_length=MOST_CLASSES)] | None = None  # empty: made from its name


class DetectBody(Struct, forbid_unknown_fields=True):
    """The body of /v1/detect."""

    images: Annotated[list[ImageBody], Meta(min_length=1, max_length=IMAGES)]
    brands: Annotated[list[str | BrandBody], Meta(min_length=1, max_length=MOST_CLASSES)] | None = None
    prompts: Texts | None = None
    scenes: Texts | None = None
    threshold: Annotated[float, Meta(ge=0, le=1)] | None = None


@dataclass(frozen=True, slots=True)
class DetectRequest:
    """A valid request. `images` are references: nothing has been fetched or decoded."""

    images: Sequence[ImageBody]
    wanted: tuple[Named, ...]
    scenes: tuple[Named, ...]
    threshold: float


def detect(body: Any, threshold: float) -> DetectRequest:
    """Reads the body of /v1/detect. `threshold` is the default. Raises BadRequest, NotFound (a brand)."""
    given = read(body, DetectBody)
    if (given.brands and given.prompts) or not (given.brands or given.prompts or given.scenes):
        raise BadRequest("say what to look for: 'brands' or 'prompts', 'scenes', or both")
    check_images(given.images)
    wanted = [Named(text, (text,)) for text in given.prompts or ()]
    wanted += [_brand(one, f"brands[{number}]") for number, one in enumerate(given.brands or ())]
    seen = tuple(scene(word) for word in given.scenes or ())
    return DetectRequest(given.images, tuple(wanted), seen, threshold if given.threshold is None else given.threshold)


def check_images(images: Sequence[ImageBody]) -> None:
    """Raises BadRequest unless each is sent or named."""
    for number, image in enumerate(images):
        if (image.content is None) == (image.uri is None):
            raise BadRequest(f"'images[{number}]' must have 'content' (base64) or 'uri' (gs://bucket/name)")


def picture(image: ImageBody, number: int) -> NDArray[np.uint8]:
    """Fetches and decodes a picture, BGR. Raises BadRequest, NotFound."""
    data = _object_bytes(image.uri or "", number) if image.content is None else _content(image.content, number)
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


def _brand(given: str | BrandBody, name: str) -> Named:
    """The class of a brand that the request describes, or that is stored under an id."""
    if isinstance(given, BrandBody):
        return brand(given.id, given.name or given.id, given.prompts or ())
    try:
        known = _stored.get(check_brand(given))
    except ValueError as error:  # a setting is missing
        raise BadRequest(f"'{name}': this service reads no database; send id, name and prompts") from error
    return brand(known.id, known.name, known.prompts)
