"""storage.objects.*: list, get, patch, update, delete."""

from __future__ import annotations

from typing import Any

from ..api import Api
from ..errors import not_implemented
from ..fields import predefined_acl
from ..listing import MAX_RESULTS, Query, list_page
from ..model import StoredObject
from ..resources import object_resource
from ..transfer import media
from ..transfer.http import Request, Response, json_response
from ..transfer.preconditions import Preconditions
from . import Path
from .access import is_public


async def list_all(api: Api, request: Request, path: Path) -> Response:
    """storage.objects.list"""
    for parameter in ("matchGlob", "softDeleted", "filter"):
        if request.query.get(parameter, "false") != "false":
            raise not_implemented(f"storage.objects.list with {parameter}")
    bucket = api.buckets.get(path["bucket"]).name
    versions = request.flag("versions")
    limit = request.number("maxResults")
    asked = request.query
    query = Query(
        prefix=asked.get("prefix", ""),
        delimiter=asked.get("delimiter", ""),
        start=asked.get("startOffset", ""),
        end=asked.get("endOffset", ""),
        trailing=request.flag("includeTrailingDelimiter"),
        limit=MAX_RESULTS if limit is None else limit,
        token=asked.get("pageToken", ""),
    )
    page = list_page(lambda start: api.catalog.scan(bucket, start, versions=versions), query)
    found: dict[str, Any] = {"kind": "storage#objects"}
    if page.items:
        found["items"] = [object_resource(stored, request.base) for stored in page.items]
    if page.prefixes:
        found["prefixes"] = page.prefixes
    if page.token:
        found["nextPageToken"] = page.token
    return json_response(found)


async def get(api: Api, request: Request, path: Path) -> Response:
    """storage.objects.get: metadata, or with alt=media the bytes"""
    if request.query.get("alt") == "media":
        return await download(api, request, path)
    stored = find(api, request, path)
    Preconditions.of_query(request.query).check(stored, read=True)
    return json_response(object_resource(stored, request.base), headers=[("ETag", stored.etag)])


async def download(api: Api, request: Request, path: Path) -> Response:
    """storage.objects.get with alt=media"""
    stored = find(api, request, path)
    Preconditions.of_query(request.query).check(stored, read=True)
    public = is_public(api.buckets.get(stored.bucket), stored)
    return media.respond(api.blobs, request, stored, public=public, xml=False)


async def patch(api: Api, request: Request, path: Path) -> Response:
    """storage.objects.patch"""
    return await _change(api, request, path, whole=False)


async def update(api: Api, request: Request, path: Path) -> Response:
    """storage.objects.update"""
    return await _change(api, request, path, whole=True)


async def delete(api: Api, request: Request, path: Path) -> Response:
    """storage.objects.delete"""
    permanently = request.number("generation") is not None
    conditions = Preconditions.of_query(request.query)
    api.storage.delete(find(api, request, path), conditions, base=request.base, permanently=permanently)
    return Response(204)


def find(api: Api, request: Request, path: Path) -> StoredObject:
    """The version that `generation` names, else the live one. Refuses customer-supplied encryption keys."""
    refuse_encryption(request)
    return api.storage.find(path["bucket"], path["object"], request.number("generation"))


def refuse_encryption(request: Request) -> None:
    """Raises 400 for a customer-supplied or Cloud KMS key: nothing is encrypted here."""
    if "x-goog-encryption-algorithm" in request.headers or request.query.get("kmsKeyName"):
        raise not_implemented("Encryption with customer-supplied or Cloud KMS keys")


async def _change(api: Api, request: Request, path: Path, *, whole: bool) -> Response:
    resource = {**await request.json(), **predefined_acl(request.query)}
    stored = find(api, request, path)
    conditions = Preconditions.of_query(request.query)
    changed = api.storage.change(stored, resource, conditions, base=request.base, whole=whole)
    return json_response(object_resource(changed, request.base))
