"""Buckets and objects as the JSON API shows them. `base` is the client's `http://host:port` of the emulator."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from .clock import rfc3339
from .model import Bucket, StoredObject


def bucket_resource(bucket: Bucket, base: str) -> dict[str, Any]:
    """`storage#bucket`."""
    uniform = bucket.fields.get("iamConfiguration", {}).get("uniformBucketLevelAccess", {"enabled": False})
    location = str(bucket.fields.get("location", "US")).upper()
    prevention = bucket.fields.get("iamConfiguration", {}).get("publicAccessPrevention", "inherited")
    return {
        "kind": "storage#bucket",
        "id": bucket.name,
        "selfLink": f"{base}/storage/v1/b/{bucket.name}",
        "name": bucket.name,
        "projectNumber": "0",
        "metageneration": str(bucket.metageneration),
        "timeCreated": rfc3339(bucket.created),
        "updated": rfc3339(bucket.updated),
        "etag": bucket.etag,
        "location": "US",
        "storageClass": "STANDARD",
        "rpo": "DEFAULT",
        **bucket.fields,
        "locationType": "multi-region" if location in ("US", "EU", "ASIA") else "region",
        "softDeletePolicy": {"retentionDurationSeconds": "0", "effectiveTime": rfc3339(bucket.created)},
        "iamConfiguration": {
            "uniformBucketLevelAccess": uniform,
            "bucketPolicyOnly": uniform,
            "publicAccessPrevention": prevention,
        },
    }


def object_resource(stored: StoredObject, base: str) -> dict[str, Any]:
    """`storage#object`."""
    content = stored.content
    path = f"b/{stored.bucket}/o/{quote(stored.name, safe='')}"
    resource: dict[str, Any] = {
        "kind": "storage#object",
        "id": f"{stored.bucket}/{stored.name}/{stored.generation}",
        "selfLink": f"{base}/storage/v1/{path}",
        "mediaLink": f"{base}/download/storage/v1/{path}?generation={stored.generation}&alt=media",
        "name": stored.name,
        "bucket": stored.bucket,
        "generation": str(stored.generation),
        "metageneration": str(stored.metageneration),
        "storageClass": "STANDARD",
        "size": str(content.size),
        "crc32c": content.crc32c,
        "etag": stored.etag,
        "timeCreated": rfc3339(stored.created),
        "updated": rfc3339(stored.updated),
        "timeStorageClassUpdated": rfc3339(stored.created),
        "timeFinalized": rfc3339(stored.created),
        **stored.fields,
    }
    if content.md5 is not None:
        resource["md5Hash"] = content.md5
    if content.components is not None:
        resource["componentCount"] = content.components
    if stored.deleted is not None:
        resource["timeDeleted"] = rfc3339(stored.deleted)
    return resource
