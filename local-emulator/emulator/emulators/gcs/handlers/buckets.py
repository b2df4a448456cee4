"""storage.buckets.*"""

from __future__ import annotations

from ..api import Api
from ..errors import bad_request, not_implemented, required
from ..fields import predefined_acl
from ..resources import bucket_resource
from ..transfer.http import Request, Response, json_response
from ..transfer.preconditions import Preconditions
from . import Path


async def insert(api: Api, request: Request, path: Path) -> Response:
    """storage.buckets.insert"""
    resource = await request.json()
    name = resource.get("name")
    if not isinstance(name, str) or not name:
        raise required("name")
    if request.flag("enableObjectRetention"):
        raise not_implemented("A bucket with object retention")
    project = request.query.get("project", api.project)
    bucket = api.buckets.create(name, project, {**predefined_acl(request.query), **resource})
    return json_response(bucket_resource(bucket, request.base))


async def get(api: Api, request: Request, path: Path) -> Response:
    """storage.buckets.get"""
    bucket = api.buckets.get(path["bucket"], Preconditions.of_query(request.query))
    return json_response(bucket_resource(bucket, request.base), headers=[("ETag", bucket.etag)])


async def layout(api: Api, request: Request, path: Path) -> Response:
    """storage.buckets.getStorageLayout: the bucket's place, and that it has no folders. gcloud asks before it moves."""
    shown = bucket_resource(api.buckets.get(path["bucket"]), request.base)
    flat = {"hierarchicalNamespace": {"enabled": False}}
    return json_response(
        {
            "kind": "storage#storageLayout",
            "bucket": shown["name"],
            "location": shown["location"],
            "locationType": shown["locationType"],
            **flat,
        }
    )


async def list_all(api: Api, request: Request, path: Path) -> Response:
    """storage.buckets.list"""
    buckets = api.buckets.list(request.query.get("prefix", ""))
    after = request.query.get("pageToken", "")
    left = [bucket for bucket in buckets if bucket.name > after]
    limit = request.number("maxResults") or 1000
    if limit < 1:
        raise bad_request("Invalid value for parameter maxResults: it must be at least 1.")
    shown = left[:limit]
    page = {"kind": "storage#buckets", "items": [bucket_resource(bucket, request.base) for bucket in shown]}
    if len(left) > limit:
        page["nextPageToken"] = shown[-1].name
    return json_response(page)


async def patch(api: Api, request: Request, path: Path) -> Response:
    """storage.buckets.patch"""
    return await _change(api, request, path, whole=False)


async def update(api: Api, request: Request, path: Path) -> Response:
    """storage.buckets.update"""
    return await _change(api, request, path, whole=True)


async def delete(api: Api, request: Request, path: Path) -> Response:
    """storage.buckets.delete"""
    api.buckets.delete(path["bucket"], Preconditions.of_query(request.query))
    return Response(204)


async def _change(api: Api, request: Request, path: Path, *, whole: bool) -> Response:
    resource = await request.json()
    conditions = Preconditions.of_query(request.query)
    bucket = api.buckets.change(path["bucket"], resource, conditions, whole=whole)
    return json_response(bucket_resource(bucket, request.base))
