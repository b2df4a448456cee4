"""IAM policies as the JSON API shows them. What they grant: `access`."""

from __future__ import annotations

from typing import Any

from ..model import Bucket


def policy_of(bucket: Bucket) -> dict[str, Any]:
    """`storage#policy`."""
    return {
        "kind": "storage#policy",
        "resourceId": f"projects/_/buckets/{bucket.name}",
        "version": 1,
        "etag": bucket.etag,
        **(bucket.policy or {"bindings": _default_bindings(bucket.project)}),
    }


def _default_bindings(project: str) -> list[dict[str, Any]]:
    owners = [f"projectEditor:{project}", f"projectOwner:{project}"]
    return [
        {"role": "roles/storage.legacyBucketOwner", "members": owners},
        {"role": "roles/storage.legacyBucketReader", "members": [f"projectViewer:{project}"]},
    ]
