"""Routes: the call of each address. A call of Google's service that the emulator lacks is listed without a handler."""

from __future__ import annotations

import re
from functools import lru_cache

from .errors import not_implemented
from .handlers import Handler, Path, buckets, control, copies, iam, inserts, notifications, objects
from .transfer.http import decode

_JSON = "/storage/v1/"
_OBJECT = "b/{bucket}/o/{object}"
_TO = "b/{bucket2}/o/{object2}"

Route = tuple[str, str, str, Handler | None]

ROUTES: tuple[Route, ...] = (
    ("GET", "/", "emulator.ready", control.ready),
    ("HEAD", "/", "emulator.ready", control.ready),
    ("GET", "/_emulator", "emulator.state", control.state),
    ("POST", "/_emulator/clock", "emulator.clock", control.clock),
    ("POST", "/_emulator/hmacKeys", "emulator.hmacKeys", control.hmac_key),
    ("GET", "/_emulator/serviceAccount", "emulator.serviceAccount", control.service_account),
    ("GET", "/_emulator/certificates", "emulator.certificates", control.certificates),
    ("POST", "/_emulator/token", "emulator.token", control.token),
    *(  # gcloud begins a resumable upload under an address of its own
        (method, f"{prefix}/upload/storage/v1/b/{{bucket}}/o", call, handler)
        for prefix in ("", "/resumable")
        for method, call, handler in (
            ("POST", "storage.objects.insert", inserts.insert),
            ("PUT", "storage.objects.insert", inserts.insert),
            ("DELETE", "storage.objects.insert (cancel)", inserts.cancel),
        )
    ),
    ("GET", f"/download/storage/v1/{_OBJECT}", "storage.objects.get", objects.download),
    ("HEAD", f"/download/storage/v1/{_OBJECT}", "storage.objects.get", objects.download),
    ("GET", _JSON + "b", "storage.buckets.list", buckets.list_all),
    ("POST", _JSON + "b", "storage.buckets.insert", buckets.insert),
    ("GET", _JSON + "b/{bucket}", "storage.buckets.get", buckets.get),
    ("PATCH", _JSON + "b/{bucket}", "storage.buckets.patch", buckets.patch),
    ("PUT", _JSON + "b/{bucket}", "storage.buckets.update", buckets.update),
    ("DELETE", _JSON + "b/{bucket}", "storage.buckets.delete", buckets.delete),
    ("GET", _JSON + "b/{bucket}/storageLayout", "storage.buckets.getStorageLayout", buckets.layout),
    ("GET", _JSON + "b/{bucket}/iam", "storage.buckets.getIamPolicy", iam.get_policy),
    ("PUT", _JSON + "b/{bucket}/iam", "storage.buckets.setIamPolicy", iam.set_policy),
    ("GET", _JSON + "b/{bucket}/iam/testPermissions", "storage.buckets.testIamPermissions", iam.test_permissions),
    ("GET", _JSON + "b/{bucket}/notificationConfigs", "storage.notifications.list", notifications.list_all),
    ("POST", _JSON + "b/{bucket}/notificationConfigs", "storage.notifications.insert", notifications.insert),
    ("GET", _JSON + "b/{bucket}/notificationConfigs/{id}", "storage.notifications.get", notifications.get),
    ("DELETE", _JSON + "b/{bucket}/notificationConfigs/{id}", "storage.notifications.delete", notifications.delete),
    ("GET", _JSON + "b/{bucket}/o", "storage.objects.list", objects.list_all),
    ("GET", _JSON + _OBJECT, "storage.objects.get", objects.get),
    ("HEAD", _JSON + _OBJECT, "storage.objects.get", objects.get),
    ("PATCH", _JSON + _OBJECT, "storage.objects.patch", objects.patch),
    ("PUT", _JSON + _OBJECT, "storage.objects.update", objects.update),
    ("DELETE", _JSON + _OBJECT, "storage.objects.delete", objects.delete),
    ("POST", _JSON + f"{_OBJECT}/compose", "storage.objects.compose", copies.compose),
    ("POST", _JSON + f"{_OBJECT}/copyTo/{_TO}", "storage.objects.copy", copies.copy),
    ("POST", _JSON + f"{_OBJECT}/rewriteTo/{_TO}", "storage.objects.rewrite", copies.rewrite),
    ("GET", _JSON + "projects/{project}/serviceAccount", "storage.projects.serviceAccount.get", iam.service_account),
    ("POST", _JSON + "projects/{project}/hmacKeys", "storage.projects.hmacKeys.create", iam.create_hmac),
    ("GET", _JSON + "projects/{project}/hmacKeys", "storage.projects.hmacKeys.list", None),
    ("*", _JSON + "projects/{project}/hmacKeys/{id}", "storage.projects.hmacKeys", None),
    ("POST", "/batch/storage/v1", "a batch of calls", None),
    ("POST", _JSON + "b/{bucket}/lockRetentionPolicy", "storage.buckets.lockRetentionPolicy", None),
    ("POST", _JSON + "b/{bucket}/relocate", "storage.buckets.relocate", None),
    ("POST", _JSON + "b/{bucket}/restore", "storage.buckets.restore", None),
    ("POST", _JSON + "b/{bucket}/o/watch", "storage.objects.watchAll", None),
    ("POST", _JSON + "b/{bucket}/o/bulkRestore", "storage.objects.bulkRestore", None),
    ("POST", _JSON + f"{_OBJECT}/restore", "storage.objects.restore", None),
    ("POST", _JSON + f"{_OBJECT}/moveTo/o/{{object2}}", "storage.objects.move", None),
    ("*", _JSON + f"{_OBJECT}/acl", "storage.objectAccessControls", None),
    ("*", _JSON + f"{_OBJECT}/acl/{{entity}}", "storage.objectAccessControls", None),
    ("*", _JSON + "b/{bucket}/acl", "storage.bucketAccessControls", None),
    ("*", _JSON + "b/{bucket}/acl/{entity}", "storage.bucketAccessControls", None),
    ("*", _JSON + "b/{bucket}/defaultObjectAcl", "storage.defaultObjectAccessControls", None),
    ("*", _JSON + "b/{bucket}/folders", "storage.folders", None),
    ("*", _JSON + "b/{bucket}/managedFolders", "storage.managedFolders", None),
    ("*", _JSON + "b/{bucket}/anywhereCaches", "storage.anywhereCaches", None),
    ("*", _JSON + "b/{bucket}/operations", "storage.buckets.operations", None),
)


PERMISSIONS: dict[str, str] = {
    "storage.buckets.list": "storage.buckets.list",
    "storage.buckets.insert": "storage.buckets.create",
    "storage.buckets.get": "storage.buckets.get",
    "storage.buckets.patch": "storage.buckets.update",
    "storage.buckets.update": "storage.buckets.update",
    "storage.buckets.delete": "storage.buckets.delete",
    "storage.buckets.getIamPolicy": "storage.buckets.getIamPolicy",
    "storage.buckets.setIamPolicy": "storage.buckets.setIamPolicy",
    "storage.notifications.list": "storage.buckets.get",
    "storage.notifications.get": "storage.buckets.get",
    "storage.notifications.insert": "storage.buckets.update",
    "storage.notifications.delete": "storage.buckets.update",
    "storage.buckets.getStorageLayout": "storage.objects.list",
    "storage.objects.list": "storage.objects.list",
    "storage.objects.get": "storage.objects.get",
    "storage.objects.patch": "storage.objects.update",
    "storage.objects.update": "storage.objects.update",
    "storage.objects.delete": "storage.objects.delete",
    "storage.projects.serviceAccount.get": "resourcemanager.projects.get",
    "storage.projects.hmacKeys.create": "storage.hmacKeys.create",
    "emulator.hmacKeys": "storage.hmacKeys.create",
}
"""What a call needs in the bucket, or on the object, that its address names."""

OPEN = frozenset(
    {
        # Their handlers ask: what is written, and read, is in the body too.
        *("storage.objects.insert", "storage.objects.compose", "storage.objects.copy", "storage.objects.rewrite"),
        # The address of a session is the right to use it.
        "storage.objects.insert (cancel)",
        "storage.buckets.testIamPermissions",
        *(
            "emulator.ready",
            "emulator.certificates",
            "emulator.state",
            "emulator.clock",
            "emulator.serviceAccount",
            "emulator.token",
        ),
    }
)
"""Calls that need no permission of their own."""


def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(template)) + "/?")


_COMPILED = tuple((method, _pattern(template), call, handler) for method, template, call, handler in ROUTES)


def is_json(path: str) -> bool:
    """Whether the path is one of the JSON API's (or the emulator's own): the rest is the XML API's."""
    return path == "/" or _JSON_API.match(path) is not None


def find(method: str, path: str) -> tuple[Handler, Path, str | None]:
    """The handler of a JSON call, the pieces of its path, decoded, and the permission that it needs.

    Raises 400 with the call's name.
    """
    index, groups = _match(method, path)
    call, handler = _COMPILED[index][2:] if index is not None else (f"{method} {path}", None)
    if handler is None:
        raise not_implemented(call)
    return handler, {name: decode(value) for name, value in groups}, PERMISSIONS.get(call)


@lru_cache(maxsize=1024)
def _match(method: str, path: str) -> tuple[int | None, tuple[tuple[str, str], ...]]:
    for index, (verb, pattern, _, _) in enumerate(_COMPILED):
        if verb in (method, "*") and (found := pattern.fullmatch(path)):
            return index, tuple(found.groupdict().items())
    return None, ()


def bucket_of(path: str) -> str | None:
    """The bucket that a request is about, for its cross-origin rules."""
    found = _BUCKET.match(path)
    return decode(found[1] or found[2]) if found else None


_JSON_API = re.compile(r"/(?:(?:upload/|resumable/upload/|download/|batch/)?storage/v1|_emulator|_metadata)(?:/|$)")
_BUCKET = re.compile(rf"/(?:upload/|resumable/upload/|download/)?storage/v1/b/([^/]+)|(?!{_JSON_API.pattern})/([^/]+)")
