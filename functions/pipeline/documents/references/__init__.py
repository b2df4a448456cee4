"""Reference marks: pictures of a brand's mark, checked and kept as objects `brands/{brand}/{digest}.{ending}`.

The name derives from the content, so that an object never changes and sending it twice changes nothing.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress

from google.api_core.exceptions import NotFound as GoogleNotFound

from ...cloud import objects
from ...cloud.clients import media_bucket
from ...domain import names
from ...domain.errors import BadRequest, NotFound, UnsupportedMedia
from ...domain.model import Brand
from .. import brands
from . import picture

MAX_BYTES = 8 << 20
"""Of a picture."""
_MIN_SIDE = 16  # pixels
_MAX_MARKS = 20  # of a brand
_MAGIC = ((b"\x89PNG\r\n\x1a\n", 0, "png"), (b"\xff\xd8\xff", 0, "jpeg"), (b"WEBP", 8, "webp"))
_TIMEOUT = 20  # seconds


def add(brand: Brand, data: bytes, *, noted: bool = True) -> str:
    """Stores a picture among a brand's marks. Returns its object's name.

    `noted`: running streams notice it within seconds (documents.brands). Raises UnsupportedMedia, BadRequest, NotFound,
    Busy.
    """
    with picture.alone():
        kind = _checked(data)
    name = names.reference_object(brand.id, f"{hashlib.sha256(data).hexdigest()[:16]}.{kind}")
    objects.write_new(name, data, f"image/{kind}", {})
    try:
        brands.add_reference(brand.id, name, _MAX_MARKS, noted=noted)
    except BadRequest:  # one too many: its picture is none of the brand's
        _delete(name)
        raise
    return name


def remove(brand: Brand, file: str) -> None:
    """Removes a mark from a brand and deletes its object. Raises NotFound."""
    name = names.reference_object(brand.id, file)
    if name not in brand.references:
        raise NotFound(f"brand {brand.id!r} has no reference mark {file[:100]!r}")
    brands.remove_reference(brand.id, name)
    _delete(name)


def _delete(name: str) -> None:
    with suppress(GoogleNotFound):  # an earlier try deleted it
        media_bucket().blob(name).delete(timeout=_TIMEOUT)


def delete_all(brand: str) -> None:
    """Deletes every mark of a brand."""
    while objects.delete_some(f"{names.BRANDS}{brand}/", 1000):
        pass


def _checked(data: bytes) -> str:
    """The type of a picture, `png`, `jpeg` or `webp`, once it is known to be readable and to show a mark."""
    kind = next((kind for magic, at, kind in _MAGIC if data[at : at + len(magic)] == magic), None)
    if kind is None:
        raise UnsupportedMedia("unsupported image type: expected a PNG, JPEG or WebP picture")
    import cv2
    import numpy as np

    millions = picture.MAX_PIXELS // 1_000_000
    try:
        pixels = picture.decode(data)
    except cv2.error:  # more pixels than that
        raise BadRequest(f"the picture has more than {millions} million pixels") from None
    if pixels is None:
        raise BadRequest("the picture cannot be read: expected 8 bits a channel (not 16 bits), and no damaged file")
    height, width = pixels.shape[:2]
    if min(height, width) < _MIN_SIDE or height * width > picture.MAX_PIXELS:
        raise BadRequest(
            f"the picture has {width}x{height} pixels: expected at least {_MIN_SIDE}x{_MIN_SIDE} and at most"
            f" {millions} million"
        )
    if pixels.ndim == 3 and pixels.shape[2] == 4 and not pixels[..., 3].any():
        raise BadRequest("the picture shows nothing: it is transparent everywhere")
    if int(pixels.min()) == int(pixels.max()) or (pixels.ndim == 3 and not np.ptp(pixels, axis=(0, 1)).any()):
        raise BadRequest("the picture shows nothing: it has one colour only")
    return kind
