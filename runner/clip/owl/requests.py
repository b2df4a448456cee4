"""Requests of /v1/find: pictures, and what to look for, in words or by reference marks."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import cv2
import numpy as np
from msgspec import Meta, Struct
from numpy.typing import NDArray

from pipeline.documents.references import picture
from pipeline.domain.errors import BadRequest
from pipeline.domain.shapes import read

from ..requests import MOST_CLASSES, ImageBody, Text, Texts, check_images
from ..settings import IMAGES

DIGEST = 16
"""Hexadecimal digits of the SHA-256 of a mark's file, by which requests name it."""
_MOST_MARKS = 100  # as a gallery has
_Digest = Annotated[str, Meta(pattern=f"^[0-9a-f]{{{DIGEST}}}$")]


class MarkedBody(Struct, forbid_unknown_fields=True):
    """A brand: its marks, or words that describe it."""

    id: Text
    prompts: Texts | None = None
    marks: Annotated[list[_Digest], Meta(max_length=_MOST_MARKS)] | None = None


class FindBody(Struct, forbid_unknown_fields=True):
    """The body of /v1/find. `marks`: files of marks, by digest, that the service may not know yet."""

    images: Annotated[list[ImageBody], Meta(min_length=1, max_length=IMAGES)]
    words: Texts | None = None
    brands: Annotated[list[MarkedBody], Meta(max_length=MOST_CLASSES)] | None = None
    marks: dict[str, str] | None = None
    threshold: Annotated[float, Meta(ge=0, le=1)] | None = None


@dataclass(frozen=True, slots=True)
class Marked:
    """A brand: digests of its marks, and texts that describe it."""

    id: str
    prompts: tuple[str, ...]
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FindRequest:
    """A valid request. `images` are references, `sent` decoded marks by digest."""

    images: Sequence[ImageBody]
    words: tuple[str, ...]
    brands: tuple[Marked, ...]
    sent: Mapping[str, NDArray[np.uint8]]
    threshold: float


def find(body: Any, threshold: float) -> FindRequest:
    """Reads the body of /v1/find. `threshold` is the default. Raises BadRequest."""
    given = read(body, FindBody)
    check_images(given.images)
    if not (given.words or given.brands):
        raise BadRequest("say what to look for: 'words', 'brands' or both")
    brands = tuple(Marked(one.id, tuple(one.prompts or ()), tuple(one.marks or ())) for one in given.brands or ())
    for number, one in enumerate(brands):
        if not (one.prompts or one.marks):
            raise BadRequest(f"'brands[{number}]' must have 'marks' or 'prompts'")
    wanted = {digest for one in brands for digest in one.marks}
    if len(wanted) > _MOST_MARKS:
        raise BadRequest(f"'brands' name {len(wanted)} marks: expected {_MOST_MARKS} at most")
    sent = {digest: _mark(digest, text) for digest, text in (given.marks or {}).items() if digest in wanted}
    chosen = threshold if given.threshold is None else given.threshold
    return FindRequest(given.images, tuple(given.words or ()), brands, sent, chosen)


def _mark(digest: str, text: str) -> NDArray[np.uint8]:
    """Decodes a mark; its digest is checked, since later requests rely on it."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise BadRequest(f"invalid 'marks.{digest}': expected base64") from None
    if hashlib.sha256(data).hexdigest()[:DIGEST] != digest:
        raise BadRequest(f"invalid 'marks.{digest}': the file's SHA-256 begins otherwise")
    try:
        decoded = picture.decode(data)
    except cv2.error:  # too many pixels
        decoded = None
    if decoded is None or (decoded.ndim == 3 and decoded.shape[2] == 4 and not decoded[..., 3].any()):
        raise BadRequest(f"invalid 'marks.{digest}': expected a PNG, JPEG or WebP that shows something")
    return decoded
