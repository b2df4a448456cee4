"""From a request's image to pixels: inline bytes, or an object of Cloud Storage fetched through the GCS emulator."""

from __future__ import annotations

import http.client
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import Request, urlopen

import cv2
import numpy as np
from grpc import StatusCode

from pipeline.detection.logos.model import Pixels

from .errors import ImageError

MAX_PICTURE_BYTES = 20 * 1024 * 1024  # bytes of a picture, as Google's
_TIMEOUT = 10.0  # seconds
_CODES = {401: StatusCode.PERMISSION_DENIED, 403: StatusCode.PERMISSION_DENIED, 404: StatusCode.NOT_FOUND}


def read(image: Any, storage_endpoint: str, authorization: str = "") -> Pixels:
    """The pixels (H×W×3, BGR) of a google.cloud.vision.v1.Image, which the caller must be allowed to read.

    `authorization` is the call's header: Cloud Vision reads objects with the rights of its caller. Raises ImageError.
    """
    if image.content:
        return _decode(_fitting(image.content))
    uri: str = image.source.gcs_image_uri or image.source.image_uri
    if not uri:
        raise ImageError(StatusCode.INVALID_ARGUMENT, "Request must specify image and features.")
    if not uri.startswith("gs://"):
        message = "We're not allowed to access the URL on your behalf. Please download the content and pass it in."
        raise ImageError(StatusCode.PERMISSION_DENIED, message)
    return _decode(_fetch(uri, storage_endpoint, authorization))


def _fetch(uri: str, endpoint: str, authorization: str) -> bytes:
    bucket, _, name = uri.removeprefix("gs://").partition("/")
    if not bucket or not name:
        raise ImageError(StatusCode.INVALID_ARGUMENT, f"Invalid GCS path specified: {uri}")
    address = f"{endpoint}/download/storage/v1/b/{quote(bucket, safe='')}/o/{quote(name, safe='')}?alt=media"
    headers = {"Authorization": authorization} if authorization else {}
    try:
        with urlopen(Request(address, headers=headers), timeout=_TIMEOUT) as answer:
            return _fitting(answer.read(MAX_PICTURE_BYTES + 1))
    except HTTPError as error:
        error.close()
        code = _CODES.get(error.code, StatusCode.UNAVAILABLE)
        raise ImageError(code, f"Error opening file: {uri}.") from error
    except (URLError, OSError, http.client.HTTPException) as error:
        raise ImageError(StatusCode.UNAVAILABLE, f"Error opening file: {uri}.") from error


def _fitting(data: bytes) -> bytes:
    if len(data) > MAX_PICTURE_BYTES:
        raise ImageError(
            StatusCode.INVALID_ARGUMENT, f"Image is too large: at most {MAX_PICTURE_BYTES} bytes are taken."
        )
    return data


def _decode(data: bytes) -> Pixels:
    """Raises ImageError for bytes that are not a picture, and for more pixels than OPENCV_IO_MAX_IMAGE_PIXELS."""
    try:
        pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    except cv2.error:
        pixels = None
    if pixels is None:
        raise ImageError(StatusCode.INVALID_ARGUMENT, "Bad image data.")
    return np.asarray(pixels, np.uint8)
