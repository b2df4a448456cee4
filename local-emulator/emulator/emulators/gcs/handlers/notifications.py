"""storage.notifications.*"""

from __future__ import annotations

from ..api import Api
from ..transfer.http import Request, Response, json_response
from . import Path


async def insert(api: Api, request: Request, path: Path) -> Response:
    """storage.notifications.insert"""
    return json_response(api.buckets.add_notification(path["bucket"], await request.json(), request.base))


async def get(api: Api, request: Request, path: Path) -> Response:
    """storage.notifications.get"""
    return json_response(api.buckets.notification(path["bucket"], path["id"]))


async def list_all(api: Api, request: Request, path: Path) -> Response:
    """storage.notifications.list"""
    items = list(api.buckets.get(path["bucket"]).notifications)
    return json_response({"kind": "storage#notifications", **({"items": items} if items else {})})


async def delete(api: Api, request: Request, path: Path) -> Response:
    """storage.notifications.delete"""
    api.buckets.drop_notification(path["bucket"], path["id"])
    return Response(204)
