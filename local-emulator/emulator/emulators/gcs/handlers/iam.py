"""storage.buckets.getIamPolicy, .setIamPolicy, .testIamPermissions, and the project's service account and HMAC keys."""

from __future__ import annotations

from typing import Any

from ..api import Api
from ..clock import rfc3339
from ..errors import bad_request, precondition_failed, required
from ..identity.iam import policy_of
from ..transfer.http import Request, Response, json_response
from . import Path, access


async def get_policy(api: Api, request: Request, path: Path) -> Response:
    """storage.buckets.getIamPolicy"""
    return json_response(policy_of(api.buckets.get(path["bucket"])))


async def set_policy(api: Api, request: Request, path: Path) -> Response:
    """storage.buckets.setIamPolicy"""
    policy = await request.json()
    bindings: Any = policy.get("bindings", [])
    if not isinstance(bindings, list):
        raise bad_request("Invalid policy: bindings must be a list.")
    bucket = api.buckets.get(path["bucket"])
    current = policy_of(bucket)
    if policy.get("etag") not in (None, "", current["etag"]):
        raise precondition_failed()
    version: Any = policy.get("version", 1)
    access.check_policy(bucket, bindings, version)
    kept = {"bindings": bindings, "version": version}
    return json_response(policy_of(api.buckets.set_policy(path["bucket"], kept)))


async def test_permissions(api: Api, request: Request, path: Path) -> Response:
    """storage.buckets.testIamPermissions: which of the permissions asked for the caller has."""
    bucket, who = api.buckets.get(path["bucket"]), access.caller(api, request)
    asked = [value for name, value in request.pairs if name == "permissions"]
    has = [permission for permission in asked if access.allowed(bucket, who, permission)]
    return json_response({"kind": "storage#testIamPermissionsResponse", "permissions": has})


async def service_account(api: Api, request: Request, path: Path) -> Response:
    """storage.projects.serviceAccount.get"""
    email = "service-0@gs-project-accounts.iam.gserviceaccount.com"
    return json_response({"kind": "storage#serviceAccount", "email_address": email})


async def create_hmac(api: Api, request: Request, path: Path) -> Response:
    """storage.projects.hmacKeys.create"""
    email = request.query.get("serviceAccountEmail")
    if not email:
        raise required("serviceAccountEmail")
    access_id, secret = api.keys.create_hmac(email)
    now = rfc3339(api.clock.now())
    metadata = {
        "kind": "storage#hmacKeyMetadata",
        "id": f"{path['project']}/{access_id}",
        "accessId": access_id,
        "projectId": path["project"],
        "serviceAccountEmail": email,
        "state": "ACTIVE",
        "timeCreated": now,
        "updated": now,
    }
    return json_response({"kind": "storage#hmacKey", "secret": secret, "metadata": metadata})
