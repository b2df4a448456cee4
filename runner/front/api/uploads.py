"""Uploads: where a browser may put a file, so that it becomes a session of the stream."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from pipeline.cloud import signing
from pipeline.documents import streams as store
from pipeline.domain import names
from pipeline.domain.errors import BadRequest, UnsupportedMedia
from pipeline.imports.settings import uploads, uploads_bucket

from . import requests as body

if TYPE_CHECKING:
    from werkzeug import Request, Response

_VALID = timedelta(minutes=15)  # to begin in; the upload itself may take a week
_UNKNOWN = "application/octet-stream"  # what browsers say of a file whose ending they do not know


def create(request: Request, stream: str) -> Response:
    """POST /streams/{stream}/uploads {"name", "size", "content_type"}: 201 with the request that begins the upload."""
    store.get(names.check_stream(stream))
    given = body.fields(request, "name", "size", "content_type")
    name, size, content_type = _name(given.get("name")), _size(given.get("size")), _type(given.get("content_type"))
    object_name = names.upload_object(stream, name, datetime.now(UTC))
    signed = signing.resumable_upload(uploads_bucket().blob(object_name), content_type, _VALID)
    upload = {
        "object": object_name,
        "size": size,
        "method": signed.method,
        "url": signed.url,
        "headers": dict(signed.headers),
        "expires": signed.expires.isoformat(),
    }
    return body.answer({"upload": upload}, 201)


def _name(value: Any) -> str:
    if not isinstance(value, str) or not 1 <= len(value.strip()) <= 1000:
        raise BadRequest("'name' must be the file's name, 1 to 1000 characters")
    return value.strip()


def _size(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise BadRequest("'size' must be the file's size in bytes, a whole number from 1")
    if value > uploads().largest:
        raise BadRequest(f"the file has {value} bytes; at most {uploads().largest} are accepted")
    return value


def _type(value: Any) -> str:
    if value in (None, ""):
        return _UNKNOWN
    if not isinstance(value, str) or not value.isascii() or not value.isprintable():
        raise BadRequest("'content_type' must be a media type, such as video/mp4")
    kind = value.strip().lower()
    if not kind.startswith("video/") and kind not in (_UNKNOWN, "application/mp4", "application/mxf"):
        raise UnsupportedMedia(f"{kind} is no video: a file to import is video/…, or {_UNKNOWN} where that is unknown")
    return kind
