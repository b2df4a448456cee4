"""The XML API on objects: GET, HEAD, PUT, DELETE and resumable upload, each also by signed URL."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from ..api import Api
from ..errors import not_implemented
from ..identity import signing
from ..model import StoredObject
from ..resumable import Session
from ..transfer import length_range, media
from ..transfer.checksums import Expected
from ..transfer.http import Headers, Request, Response
from ..transfer.preconditions import Preconditions
from . import Path, access
from .access import is_public
from .inserts import DEFAULT_TYPE, incoming, incomplete, take_chunk, write
from .objects import find

_FIELDS = {
    "content-type": "contentType",
    "content-encoding": "contentEncoding",
    "content-disposition": "contentDisposition",
    "content-language": "contentLanguage",
    "cache-control": "cacheControl",
    "x-goog-custom-time": "customTime",
    "x-goog-storage-class": "storageClass",
}
_ACLS = {"public-read": "allUsers", "public-read-write": "allUsers", "authenticated-read": "allAuthenticatedUsers"}
_SUBRESOURCES = ("acl", "tagging", "uploads", "uploadId", "retention", "legal-hold", "compose", "attributes")


async def handle(api: Api, request: Request, path: Path) -> Response:
    """Any request to /BUCKET/OBJECT."""
    if upload_id := request.query.get("upload_id"):  # who knows a session's address may use it
        return await _session(api, request, path, upload_id)
    signed = signing.verify(request, api.keys, api.clock.now())
    who = access.signer(api, signed) if signed else access.caller(api, request)
    for name in _SUBRESOURCES:
        if name in request.query:
            raise not_implemented(f"XML API {request.method} object with ?{name}")
    bucket, name = path["bucket"], path["object"]
    if request.method in ("GET", "HEAD"):
        access.require(api, who, "storage.objects.get", bucket, name)
        return _download(api, request, path)
    if request.method == "PUT":
        access.require_write(api, who, bucket, name)
        return await _put(api, request, path)
    if request.method == "POST" and request.headers.get("x-goog-resumable") == "start":
        access.require_write(api, who, bucket, name)
        return _start(api, request, path)
    if request.method == "DELETE":
        access.require(api, who, "storage.objects.delete", bucket, name)
        return _delete(api, request, path)
    raise not_implemented(f"XML API {request.method} object")


def _download(api: Api, request: Request, path: Path) -> Response:
    stored = find(api, request, path)
    Preconditions.of_headers(request.headers).check(stored, read=True)
    public = is_public(api.buckets.get(stored.bucket), stored)
    response = media.respond(api.blobs, request, stored, public=public, xml=True)
    overrides = {"response-content-type": "Content-Type", "response-content-disposition": "Content-Disposition"}
    for parameter, header in overrides.items():
        if value := request.query.get(parameter):
            response.headers = [pair for pair in response.headers if pair[0] != header] + [(header, value)]
    return response


async def _put(api: Api, request: Request, path: Path) -> Response:
    if "x-goog-copy-source" in request.headers:
        raise not_implemented("XML API PUT object with x-goog-copy-source")
    conditions = Preconditions.of_headers(request.headers)
    api.storage.admit(path["bucket"], path["object"], conditions)
    expected = Expected.of(request.headers, {})
    demanded = _length_range(request)
    if demanded:
        demanded.check(int(request.headers.get("content-length") or 0))
    with incoming(api.blobs) as writer:
        content = await write(writer, request.chunks())
        expected.verify(content)
        if demanded:
            demanded.check(content.size)
        writer.commit()
        stored = api.storage.put(
            path["bucket"], path["object"], content, _declared(request), conditions, base=request.base
        )
    return Response(200, _written(stored))


def _delete(api: Api, request: Request, path: Path) -> Response:
    permanently = request.number("generation") is not None
    conditions = Preconditions.of_headers(request.headers)
    api.storage.delete(find(api, request, path), conditions, base=request.base, permanently=permanently)
    return Response(204)


def _start(api: Api, request: Request, path: Path) -> Response:
    bucket, name = path["bucket"], path["object"]
    conditions = Preconditions.of_headers(request.headers)
    _length_range(request)  # a malformed one is refused now
    length, expected = request.headers.get(length_range.HEADER), Expected.of(request.headers, {})
    session = api.uploads.start(bucket, name, _declared(request), conditions, expected, length)
    location = f"{request.base}/{bucket}/{quote(name, safe='/~')}?upload_id={session.id}"
    return Response(201, [("Location", location), ("Content-Length", "0"), ("X-GUploader-UploadID", session.id)])


async def _session(api: Api, request: Request, path: Path, upload_id: str) -> Response:
    session: Session = api.uploads.get(upload_id)
    if request.method == "DELETE":
        api.uploads.cancel(session)
        return Response(499, [("Content-Length", "0")])
    if request.method != "PUT":
        raise not_implemented(f"XML API {request.method} of a resumable upload")
    stored = await take_chunk(api, request, session)
    return incomplete(api, session) if stored is None else Response(200, _written(stored))


def _written(stored: StoredObject) -> Headers:
    content = stored.content
    return [
        ("Content-Length", "0"),
        ("ETag", media.xml_etag(stored)),
        ("x-goog-generation", str(stored.generation)),
        ("x-goog-metageneration", str(stored.metageneration)),
        ("x-goog-hash", f"crc32c={content.crc32c}" + (f",md5={content.md5}" if content.md5 else "")),
        ("x-goog-stored-content-length", str(content.size)),
        ("x-goog-stored-content-encoding", stored.fields.get("contentEncoding", "identity")),
    ]


def _declared(request: Request) -> dict[str, Any]:
    fields: dict[str, Any] = {"contentType": DEFAULT_TYPE}
    fields.update({field: request.headers[name] for name, field in _FIELDS.items() if request.headers.get(name)})
    prefix = "x-goog-meta-"
    metadata = {name[len(prefix) :]: text for name, text in request.headers.items() if name.startswith(prefix)}
    if metadata:
        fields["metadata"] = metadata
    if entity := _ACLS.get(request.headers.get("x-goog-acl", "")):
        fields["acl"] = [{"entity": entity, "role": "READER"}]
    return fields


def _length_range(request: Request) -> length_range.LengthRange | None:
    text = request.headers.get(length_range.HEADER)
    return length_range.LengthRange.of(text) if text is not None else None
