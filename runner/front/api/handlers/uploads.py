"""Uploads: signed addresses for files that become sessions of a stream."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from pipeline.cloud import resumable, signing
from pipeline.cloud.signing import SignedRequest
from pipeline.documents import streams as store
from pipeline.documents.control import quotas, upload_grants, upload_sessions
from pipeline.documents.control.upload_grants import UploadGrant
from pipeline.documents.control.upload_sessions import UploadSession
from pipeline.domain import names
from pipeline.domain.errors import BadRequest, UnsupportedMedia
from pipeline.imports.settings import uploads, uploads_bucket

from ...people.caller import Caller, of
from ..models.requests import NewUpload
from ..models.stream_answers import Upload, UploadAnswer
from ..requests import answer, json_fields

if TYPE_CHECKING:
    from werkzeug import Request, Response

_VALID = timedelta(minutes=15)  # to begin in; the upload itself may take a week
_UNKNOWN = "application/octet-stream"  # what browsers say of a file whose ending they do not know


def create(request: Request, stream: str) -> Response:
    """Begin the upload of a file that becomes a session of a stream, or go on with one that was interrupted.

    With a `fingerprint` the answer has `session`, to which the file is sent: it has begun already. The one who began
    gets the same again (200) for the same file, until it is whole; only they do.
    """
    tenant = store.get(names.check_stream(stream)).tenant
    given, caller = json_fields(request, NewUpload), of(request)
    size, content_type = _size(given.size), _type(given.content_type or "")
    name = given.name.strip()
    known = given.fingerprint and names.upload_session(stream, _sender(caller), name, size, given.fingerprint)
    begun = upload_sessions.find(known) if known else None
    if begun and not resumable.goes_on(begun.address, size):
        begun = None
    if begun:
        signed = _signed(begun.object, content_type, size)
        return answer(UploadAnswer(upload=_shown(begun.object, size, signed, begun.address)))
    quotas.check_upload(tenant, size, datetime.now(UTC))
    quotas.check_media(stream, tenant)
    object_name = names.upload_object(stream, name, datetime.now(UTC))
    signed = _signed(object_name, content_type, size)
    upload_grants.create(UploadGrant(object_name, stream, size, tenant))
    address = None
    if known:
        address = resumable.begin(signed, request.headers.get("Origin"))
        upload_sessions.keep(known, UploadSession(object_name, address))
    return answer(UploadAnswer(upload=_shown(object_name, size, signed, address)), 201)


def _signed(object_name: str, content_type: str, size: int) -> SignedRequest:
    return signing.resumable_upload(uploads_bucket().blob(object_name), content_type, size, _VALID)


def _shown(object_name: str, size: int, signed: SignedRequest, address: str | None) -> Upload:
    return Upload(
        object=object_name,
        size=size,
        method=signed.method,
        url=signed.url,
        headers=signed.headers,
        expires=signed.expires.isoformat(),
        session=address,
    )


def _sender(caller: Caller) -> str:
    return f"{caller.kind}:{caller.id}"


def _size(value: int) -> int:
    if value > uploads().largest:
        raise BadRequest(f"the file has {value} bytes; at most {uploads().largest} are accepted")
    return value


def _type(value: str) -> str:
    kind = value.strip().lower() or _UNKNOWN
    if not kind.startswith("video/") and kind not in (_UNKNOWN, "application/mp4", "application/mxf"):
        raise UnsupportedMedia(f"unsupported type {kind}: expected video/…, or {_UNKNOWN} if it is unknown")
    return kind
