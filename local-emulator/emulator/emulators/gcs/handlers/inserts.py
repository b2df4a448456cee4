"""storage.objects.insert: simple, multipart and resumable upload."""

from __future__ import annotations

from collections.abc import AsyncIterator, Generator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

from ..api import Api
from ..errors import bad_request, required
from ..fields import object_fields, predefined_acl
from ..model import Content, StoredObject
from ..resources import object_resource
from ..resumable import Session
from ..store.blobs import Blobs, Writer
from ..transfer.checksums import Checksums, Expected
from ..transfer.chunks import Chunk
from ..transfer.http import Request, Response, json_response
from ..transfer.preconditions import Preconditions
from ..transfer.related import Related, boundary
from . import Path, access
from .objects import refuse_encryption

DEFAULT_TYPE = "application/octet-stream"


async def insert(api: Api, request: Request, path: Path) -> Response:
    """storage.objects.insert"""
    refuse_encryption(request)
    if upload_id := request.query.get("upload_id"):
        return await resume(api, request, upload_id)
    kind = request.query.get("uploadType")
    if kind == "media":
        return await _simple(api, request, path["bucket"])
    if kind == "multipart":
        return await _multipart(api, request, path["bucket"])
    if kind == "resumable":
        return await _start(api, request, path["bucket"])
    raise bad_request(f"Invalid uploadType {kind!r}: use media, multipart or resumable.")


async def resume(api: Api, request: Request, upload_id: str) -> Response:
    """A chunk of a resumable upload, or the question how far it got."""
    session = api.uploads.get(upload_id)
    stored = await take_chunk(api, request, session)
    if stored is None:
        return incomplete(api, session)
    return json_response(object_resource(stored, request.base))


async def cancel(api: Api, request: Request, path: Path) -> Response:
    """DELETE of a resumable upload."""
    upload_id = request.query.get("upload_id")
    if not upload_id:
        raise required("upload_id")
    api.uploads.cancel(api.uploads.get(upload_id))
    return Response(499, [("Content-Length", "0")])


async def take_chunk(api: Api, request: Request, session: Session) -> StoredObject | None:
    """Hands the request's body to the session; the object once it is complete."""
    chunk = Chunk.of(request.headers.get("content-range"))
    expected = Expected.of(request.headers, {})
    return await api.uploads.receive(session, chunk, request.chunks(), expected, request.base)


def incomplete(api: Api, session: Session) -> Response:
    """308, and how far it got."""
    offset = api.uploads.offset(session)
    headers = [("Content-Length", "0")]
    if offset:
        headers.append(("Range", f"bytes=0-{offset - 1}"))
    return Response(308, headers)


async def write(writer: Writer, body: AsyncIterator[bytes]) -> Content:
    """Streams `body` into `writer`."""
    checksums = Checksums()
    async for piece in body:
        checksums.update(piece)
        writer.write(piece)
    return Content(writer.key, writer.size, checksums.crc32c, checksums.md5)


@contextmanager
def incoming(blobs: Blobs) -> Generator[Writer]:
    """A blob that is forgotten if anything fails before an object owns it."""
    writer = blobs.create()
    try:
        yield writer
    except BaseException:
        writer.discard()
        blobs.delete(writer.key)
        raise


async def _simple(api: Api, request: Request, bucket: str) -> Response:
    name = _name(request, {})
    conditions = Preconditions.of_query(request.query)
    access.require_write(api, access.caller(api, request), bucket, name)
    api.storage.admit(bucket, name, conditions)
    expected = Expected.of(request.headers, {})
    fields = _fields(request, {}, request.headers.get("content-type"))
    with incoming(api.blobs) as writer:
        content = await write(writer, request.chunks())
        expected.verify(content)
        writer.commit()
        stored = api.storage.put(bucket, name, content, fields, conditions, base=request.base)
    return json_response(object_resource(stored, request.base))


async def _multipart(api: Api, request: Request, bucket: str) -> Response:
    parser = Related(boundary(request.headers.get("content-type", "")))
    conditions = Preconditions.of_query(request.query)
    who = access.caller(api, request)
    if early := request.query.get("name"):
        access.require_write(api, who, bucket, early)
        api.storage.admit(bucket, early, conditions)
    with incoming(api.blobs) as writer:
        content = await write(writer, _media(parser, request))
        resource = parser.resource or {}
        Expected.of(request.headers, resource).verify(content)
        fields = _fields(request, resource, parser.content_type)
        writer.commit()
        name = _name(request, resource)
        access.require_write(api, who, bucket, name)
        stored = api.storage.put(bucket, name, content, fields, conditions, base=request.base)
    return json_response(object_resource(stored, request.base))


async def _media(parser: Related, request: Request) -> AsyncIterator[bytes]:
    async for piece in request.chunks():
        if data := parser.feed(piece):
            yield data
    if data := parser.finish():
        yield data


async def _start(api: Api, request: Request, bucket: str) -> Response:
    resource = await request.json()
    name = _name(request, resource)
    access.require_write(api, access.caller(api, request), bucket, name)
    session = api.uploads.start(
        bucket,
        name,
        _fields(request, resource, request.headers.get("x-upload-content-type")),
        Preconditions.of_query(request.query),
        Expected.of(request.headers, resource),
    )
    address = f"/upload/storage/v1/b/{bucket}/o?uploadType=resumable&name={quote(name, safe='')}&upload_id={session.id}"
    headers = [("Location", request.base + address), ("Content-Length", "0"), ("X-GUploader-UploadID", session.id)]
    return Response(200, headers)


def _name(request: Request, resource: dict[str, Any]) -> str:
    name = request.query.get("name") or resource.get("name")
    if not isinstance(name, str) or not name:
        raise required("name")
    return name


def _fields(request: Request, resource: dict[str, Any], content_type: str | None) -> dict[str, Any]:
    fields = {"contentType": content_type or DEFAULT_TYPE, **object_fields(resource), **predefined_acl(request.query)}
    if encoding := request.query.get("contentEncoding"):
        fields["contentEncoding"] = encoding
    return fields
