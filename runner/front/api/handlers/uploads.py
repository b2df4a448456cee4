"""Uploads: signed addresses for files that become sessions of a stream."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from pipeline.cloud import signing
from pipeline.documents import streams as store
from pipeline.documents.control import quotas, upload_grants
from pipeline.documents.control.upload_grants import UploadGrant
from pipeline.domain import names
from pipeline.domain.errors import BadRequest, UnsupportedMedia
from pipeline.imports.settings import uploads, uploads_bucket

from ..models.requests import NewUpload
from ..models.responses import Upload, UploadAnswer
from ..requests import answer, json_fields

if TYPE_CHECKING:
    from werkzeug import Request, Response

_VALID = timedelta(minutes=15)  # to begin in; the upload itself may take a week
_UNKNOWN = "application/octet-stream"  # what browsers say of a file whose ending they do not know


def create(request: Request, stream: str) -> Response:
    """Begin the upload of a file that becomes a session of a stream."""
    tenant = store.get(names.check_stream(stream)).tenant
    given = json_fields(request, NewUpload)
    size, content_type = _size(given.size), _type(given.content_type or "")
    quotas.check_upload(tenant, size, datetime.now(UTC))
    object_name = names.upload_object(stream, given.name.strip(), datetime.now(UTC))
    signed = signing.resumable_upload(uploads_bucket().blob(object_name), content_type, size, _VALID)
    upload_grants.create(UploadGrant(object_name, stream, size, tenant))
    upload = Upload(
        object=object_name,
        size=size,
        method=signed.method,
        url=signed.url,
        headers=signed.headers,
        expires=signed.expires.isoformat(),
    )
    return answer(UploadAnswer(upload=upload), 201)


def _size(value: int) -> int:
    if value > uploads().largest:
        raise BadRequest(f"the file has {value} bytes; at most {uploads().largest} are accepted")
    return value


def _type(value: str) -> str:
    kind = value.strip().lower() or _UNKNOWN
    if not kind.startswith("video/") and kind not in (_UNKNOWN, "application/mp4", "application/mxf"):
        raise UnsupportedMedia(f"unsupported type {kind}: expected video/…, or {_UNKNOWN} if it is unknown")
    return kind
