"""storage.objects.copy, .rewrite and .compose. Copies share their bytes with the source, which never change."""

from __future__ import annotations

import asyncio
from typing import Any

from ..api import Api
from ..errors import ApiError, bad_request, required
from ..fields import object_fields, predefined_acl
from ..model import Content, StoredObject
from ..resources import object_resource
from ..store.blobs import Reader, Writer, pieces
from ..transfer.checksums import Checksums
from ..transfer.http import Request, Response, json_response
from ..transfer.preconditions import NONE, Preconditions
from . import Path, access
from .inserts import DEFAULT_TYPE, incoming
from .objects import refuse_encryption

MOST_SOURCES = 32


async def copy(api: Api, request: Request, path: Path) -> Response:
    """storage.objects.copy"""
    stored = await _copy(api, request, path)
    return json_response(object_resource(stored, request.base))


async def rewrite(api: Api, request: Request, path: Path) -> Response:
    """storage.objects.rewrite: always done at once, whatever the size."""
    stored = await _copy(api, request, path)
    size = str(stored.content.size)
    return json_response(
        {
            "kind": "storage#rewriteResponse",
            "totalBytesRewritten": size,
            "objectSize": size,
            "done": True,
            "resource": object_resource(stored, request.base),
        }
    )


async def _copy(api: Api, request: Request, path: Path) -> StoredObject:
    refuse_encryption(request)
    resource = await request.json()
    who = access.caller(api, request)
    access.require(api, who, "storage.objects.get", path["bucket"], path["object"])
    access.require_write(api, who, path["bucket2"], path["object2"])
    source = api.storage.find(path["bucket"], path["object"], request.number("sourceGeneration"))
    Preconditions.of_query(request.query, "ifSource").check(source)
    conditions = Preconditions.of_query(request.query)
    api.storage.admit(path["bucket2"], path["object2"], conditions)
    declared = object_fields(resource)
    # A resource replaces the source's metadata; without one it is copied, its access list apart.
    kept = {name: value for name, value in source.fields.items() if name != "acl"}
    fields = {**(declared if declared else kept), **predefined_acl(request.query, "destinationPredefinedAcl")}
    fields.setdefault("contentType", source.fields.get("contentType", DEFAULT_TYPE))
    blob = api.blobs.share(source.content.blob)
    content = Content(blob, source.content.size, source.content.crc32c, source.content.md5, source.content.components)
    try:
        return api.storage.put(path["bucket2"], path["object2"], content, fields, conditions, base=request.base)
    except BaseException:
        api.blobs.delete(blob)
        raise


async def compose(api: Api, request: Request, path: Path) -> Response:
    """storage.objects.compose"""
    refuse_encryption(request)
    body = await request.json()
    conditions = Preconditions.of_query(request.query)
    who = access.caller(api, request)
    access.require_write(api, who, path["bucket"], path["object"])
    api.storage.admit(path["bucket"], path["object"], conditions)
    sources = _sources(api, path["bucket"], body.get("sourceObjects"))
    for source in sources:
        access.require(api, who, "storage.objects.get", path["bucket"], source.name)
    declared = object_fields(body.get("destination") or {})
    # Without a type in `destination` it has none, whatever its sources have: as with Google.
    fields = {**declared, **predefined_acl(request.query, "destinationPredefinedAcl")}
    components = sum(source.content.components or 1 for source in sources)
    readers = [(api.blobs.open(source.content.blob), source.content.size) for source in sources]
    with incoming(api.blobs) as writer:
        # In a thread: gigabytes may be copied. The readers hold the bytes even if their objects are deleted meanwhile.
        crc32c = await asyncio.to_thread(_concatenate, readers, writer)
        content = Content(writer.key, writer.size, crc32c, None, components)
        writer.commit()
        stored = api.storage.put(path["bucket"], path["object"], content, fields, conditions, base=request.base)
    return json_response(object_resource(stored, request.base))


def _sources(api: Api, bucket: str, listed: Any) -> list[StoredObject]:
    if not isinstance(listed, list) or not listed:
        raise required("sourceObjects")
    if len(listed) > MOST_SOURCES:
        raise ApiError(
            400,
            "invalid",
            f"The number of source components provided ({len(listed)}) exceeds the maximum ({MOST_SOURCES}).",
        )
    return [_source(api, bucket, item) for item in listed]


def _source(api: Api, bucket: str, item: dict[str, Any]) -> StoredObject:
    if not item.get("name"):
        raise bad_request("Each of sourceObjects needs a name.")
    generation = item.get("generation")
    source = api.storage.find(bucket, item["name"], None if generation is None else int(generation))
    wanted = (item.get("objectPreconditions") or {}).get("ifGenerationMatch")
    (NONE if wanted is None else Preconditions(generation_match=int(wanted))).check(source)
    return source


def _concatenate(readers: list[tuple[Reader, int]], writer: Writer) -> str:
    checksums = Checksums()
    for reader, size in readers:
        for piece in pieces(reader, 0, size):
            checksums.update(piece)
            writer.write(piece)
    return checksums.crc32c
