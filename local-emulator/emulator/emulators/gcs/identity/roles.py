"""Cloud Storage's roles: which permissions each one grants in a bucket.

https://cloud.google.com/storage/docs/access-control/iam-roles; permissions that no call here needs are left out.
"""

from __future__ import annotations

_READ = frozenset({"storage.objects.get", "storage.objects.list"})
_WRITE = frozenset({"storage.objects.create", "storage.objects.delete", "storage.objects.update"})
_OBJECT_POLICY = frozenset({"storage.objects.getIamPolicy", "storage.objects.setIamPolicy"})
_BUCKET = frozenset(
    {
        "storage.buckets.get",
        "storage.buckets.update",
        "storage.buckets.delete",
        "storage.buckets.getIamPolicy",
        "storage.buckets.setIamPolicy",
    }
)
_LEGACY_READ = frozenset({"storage.buckets.get", "storage.objects.list"})
_LEGACY_WRITE = _LEGACY_READ | {"storage.objects.create", "storage.objects.delete"}

ROLES: dict[str, frozenset[str]] = {
    "roles/storage.objectViewer": _READ,
    "roles/storage.objectCreator": frozenset({"storage.objects.create"}),
    "roles/storage.objectUser": _READ | _WRITE,
    "roles/storage.objectAdmin": _READ | _WRITE | _OBJECT_POLICY,
    "roles/storage.admin": _READ | _WRITE | _OBJECT_POLICY | _BUCKET,
    "roles/storage.bucketViewer": frozenset({"storage.buckets.get"}),
    "roles/storage.legacyObjectReader": frozenset({"storage.objects.get"}),
    "roles/storage.legacyObjectOwner": frozenset({"storage.objects.get", "storage.objects.update"}) | _OBJECT_POLICY,
    "roles/storage.legacyBucketReader": _LEGACY_READ,
    "roles/storage.legacyBucketWriter": _LEGACY_WRITE,
    "roles/storage.legacyBucketOwner": _LEGACY_WRITE
    | {"storage.buckets.update", "storage.buckets.getIamPolicy", "storage.buckets.setIamPolicy"},
}
