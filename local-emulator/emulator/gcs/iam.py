"""IAM policies: kept and shown; they decide one thing only, whether an object counts as public for caches."""

from __future__ import annotations

from typing import Any

from .model import Bucket, StoredObject

_READERS = (
    "roles/storage.objectViewer",
    "roles/storage.legacyObjectReader",
    "roles/storage.objectUser",
    "roles/storage.objectAdmin",
    "roles/storage.admin",
)


def policy_of(bucket: Bucket) -> dict[str, Any]:
    """`storage#policy`."""
    return {
        "kind": "storage#policy",
        "resourceId": f"projects/_/buckets/{bucket.name}",
        "version": 1,
        "etag": bucket.etag,
        **(bucket.policy or {"bindings": _default_bindings(bucket.project)}),
    }


def is_public(bucket: Bucket, stored: StoredObject) -> bool:
    """Whether everybody may read the object, by the bucket's policy or the object's access list."""
    for binding in (bucket.policy or {}).get("bindings", []):
        if binding.get("role") in _READERS and "allUsers" in binding.get("members", ()):
            return True
    return any(entry.get("entity") == "allUsers" for entry in stored.fields.get("acl") or ())


def _default_bindings(project: str) -> list[dict[str, Any]]:
    owners = [f"projectEditor:{project}", f"projectOwner:{project}"]
    return [
        {"role": "roles/storage.legacyBucketOwner", "members": owners},
        {"role": "roles/storage.legacyBucketReader", "members": [f"projectViewer:{project}"]},
    ]
