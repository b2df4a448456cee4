"""storage.objects.copy and .rewrite. Copies share their bytes with the source, which never change."""

from __future__ import annotations

from ..api import Api
from ..fields import object_fields, predefined_acl
from ..model import Content, StoredObject
from ..resources import object_resource
from ..transfer.http import Request, Response, json_response
from ..transfer.preconditions import Preconditions
from . import Path, access
from .inserts import DEFAULT_TYPE
from .objects import refuse_encryption


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
    content = Content(blob, source.content.size, source.content.crc32c, source.content.md5)
    try:
        return api.storage.put(path["bucket2"], path["object2"], content, fields, conditions, base=request.base)
    except BaseException:
        api.blobs.delete(blob)
        raise
