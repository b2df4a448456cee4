"""Reference marks: pictures of a brand's mark, checked and kept as objects `brands/{brand}/{digest}.{ending}`.

The name derives from the content, so that an object never changes and sending it twice changes nothing.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress

from google.api_core.exceptions import NotFound as GoogleNotFound

from ..cloud import objects
from ..cloud.clients import media_bucket
from ..domain import names
from ..domain.errors import BadRequest, NotFound, UnsupportedMedia
from ..domain.model import Brand
from . import brands

MAX_BYTES = 8 << 20
"""Of a picture."""
_MIN_SIDE = 16  # pixels
_MAX_PIXELS = 16_000_000
_MAX_MARKS = 20  # of a brand
_MAGIC = ((b"\x89PNG\r\n\x1a\n", 0, "png"), (b"\xff\xd8\xff", 0, "jpeg"), (b"WEBP", 8, "webp"))
_TIMEOUT = 20  # seconds
# Read by OpenCV when it is loaded, which is later: nothing needs it at the start of this process.
os.environ.setdefault("OPENCV_IO_MAX_IMAGE_PIXELS", str(_MAX_PIXELS))


def add(brand: Brand, data: bytes, *, noted: bool = True) -> str:
    """Stores a picture among a brand's marks. Returns its object's name.

    `noted`: running streams notice it within seconds (documents.brands). Raises UnsupportedMedia, BadRequest, NotFound.
    """
    kind = _checked(data)
    name = names.reference_object(brand.id, f"{hashlib.sha256(data).hexdigest()[:16]}.{kind}")
    if name not in brand.references and len(brand.references) >= _MAX_MARKS:
        raise BadRequest(
            f"brand {brand.id!r} has {_MAX_MARKS} reference marks, and no more are taken: delete one first"
        )
    objects.write_new(name, data, f"image/{kind}", {})
    brands.add_reference(brand.id, name, noted=noted)
    return name


def remove(brand: Brand, file: str) -> None:
    """Removes a mark from a brand and deletes its object. Raises NotFound."""
    name = names.reference_object(brand.id, file)
    if name not in brand.references:
        raise NotFound(f"brand {brand.id!r} has no reference mark {file[:100]!r}")
    brands.remove_reference(brand.id, name)
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

    try:
        picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    except cv2.error:  # more pixels than that
        raise BadRequest(f"the picture has more than {_MAX_PIXELS // 1_000_000} million pixels") from None
    if picture is None:
        raise BadRequest("the picture is damaged: it cannot be read")
    height, width = picture.shape[:2]
    if min(height, width) < _MIN_SIDE or height * width > _MAX_PIXELS or picture.dtype != np.uint8:
        raise BadRequest(
            f"the picture has {width}x{height} pixels of {picture.dtype.itemsize * 8} bits: expected at least "
            f"{_MIN_SIDE}x{_MIN_SIDE} and at most {_MAX_PIXELS // 1_000_000} million, of 8 bits"
        )
    if int(picture.min()) == int(picture.max()) or (picture.ndim == 3 and not np.ptp(picture, axis=(0, 1)).any()):
        raise BadRequest("the picture shows nothing: it has one colour only")
    return kind
