"""Buckets, their objects, notifications and IAM policies, in the GCS emulator."""

from __future__ import annotations

import io
import json
import mimetypes
import zipfile
from collections import defaultdict
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from ...accounts import owner_headers
from ...errors import Unrealisable
from ...rest import call, fetch, send
from ..graph import Archive, FileAsset, Resource, StringAsset
from .context import Context, Present

_BOUNDARY = "media-analyzer-part"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # zip's own: the same files give the same archive


def buckets(context: Context) -> list[Present]:
    """Creates each bucket with all its settings. Raises Unrealisable for one that is not known here."""
    found: list[Present] = []
    owner = owner_headers(context.addresses.storage)
    for bucket in context.graph.of("gcp:storage/bucket:Bucket"):
        name, address = bucket.outputs["name"], context.addresses.storage
        settings = _settings(bucket)
        retention = "&enableObjectRetention=true" if settings.pop("enableObjectRetention", False) else ""
        path = f"/storage/v1/b?project={context.project}{retention}"
        call("POST", address, path, {"name": name, **settings}, owner)
        found.append(Present(bucket.name, "bucket", name, f"/buckets/{name}"))
    return found


_OF_DEPLOYMENT = {"name", "project", "forceDestroy", "deletionPolicy"}
_AS_DECLARED = {
    *("location", "storageClass", "labels", "website", "versioning", "logging", "rpo", "autoclass", "encryption"),
    *("defaultEventBasedHold", "retentionPolicy", "customPlacementConfig", "hierarchicalNamespace", "ipFilter"),
    *("enableObjectRetention", "softDeletePolicy"),
}
"""Inputs that the JSON API knows by the same name. What the emulator does not do, it refuses itself."""


def _settings(bucket: Resource) -> dict[str, Any]:
    """Pulumi's names in the JSON API's."""
    inputs = _given(bucket)
    body: dict[str, Any] = {"location": "US"}
    access: dict[str, Any] = {}
    for name, value in inputs.items():
        if name in _AS_DECLARED:
            body[name] = value
        elif name == "cors":
            body[name] = [_renamed(rule, _CORS) for rule in value]
        elif name == "lifecycleRules":
            body["lifecycle"] = {"rule": [_rule(rule) for rule in value]}
        elif name == "requesterPays":
            body["billing"] = {"requesterPays": value}
        elif name == "uniformBucketLevelAccess":
            access[name] = {"enabled": value}
        elif name == "publicAccessPrevention":
            access[name] = value
        elif name not in _OF_DEPLOYMENT:
            raise _unknown(bucket, name)
    return {**body, **({"iamConfiguration": access} if access else {})}


_CORS = {"origins": "origin", "methods": "method", "responseHeaders": "responseHeader"}
_CONDITION = {
    "matchesPrefixes": "matchesPrefix",
    "matchesSuffixes": "matchesSuffix",
    "matchesStorageClasses": "matchesStorageClass",
}


def _rule(rule: dict[str, Any]) -> dict[str, Any]:
    return {"action": rule["action"], "condition": _renamed(rule["condition"], _CONDITION)}


def _renamed(values: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    return {names.get(name, name): value for name, value in values.items()}


def _given(resource: Resource) -> dict[str, Any]:
    return {name: value for name, value in resource.inputs.items() if value is not None}


def _unknown(resource: Resource, name: str) -> Unrealisable:
    return Unrealisable(f"{resource.label}: its {name} is not brought up here, and would be missing unnoticed")


def policies(context: Context) -> list[Present]:
    """Sets each bucket's IAM policy to the bindings of its declared members."""
    bindings: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for member in context.graph.of("gcp:storage/bucketIAMMember:BucketIAMMember"):
        inputs = _given(member)
        for name in inputs.keys() - {"bucket", "role", "member", "condition", "deletionPolicy"}:
            raise _unknown(member, name)
        condition = {"condition": inputs["condition"]} if inputs.get("condition") else {}
        bindings[inputs["bucket"]].append({"role": inputs["role"], "members": [inputs["member"]], **condition})
    owner = owner_headers(context.addresses.storage) if bindings else {}
    for bucket, bound in bindings.items():
        # Version 3 is the one that knows conditions.
        call("PUT", context.addresses.storage, f"/storage/v1/b/{bucket}/iam", {"version": 3, "bindings": bound}, owner)
    return []


def hmac_keys(context: Context) -> list[Present]:
    """Hands each declared HMAC key to the emulator: in the cloud it is Cloud Storage that makes it."""
    declared = context.graph.of("gcp:storage/hmacKey:HmacKey")
    owner = owner_headers(context.addresses.storage) if declared else {}
    for key in declared:
        known = {
            "accessId": key.outputs["accessId"],
            "secret": key.outputs["secret"],
            "serviceAccountEmail": key.inputs["serviceAccountEmail"],
        }
        call("POST", context.addresses.storage, "/_emulator/hmacKeys", known, owner)
    return []


_NOTIFICATION = {
    "payloadFormat": "payload_format",
    "eventTypes": "event_types",
    "objectNamePrefix": "object_name_prefix",
    "customAttributes": "custom_attributes",
}


def notifications(context: Context) -> list[Present]:
    """Creates each notificationConfig; its topic is there already."""
    found: list[Present] = []
    declared = context.graph.of("gcp:storage/notification:Notification")
    owner = owner_headers(context.addresses.storage) if declared else {}
    for notification in declared:
        inputs = _given(notification)
        for name in inputs.keys() - {"bucket", "topic", "deletionPolicy", *_NOTIFICATION}:
            raise _unknown(notification, name)
        topic = inputs["topic"].removeprefix("//pubsub.googleapis.com/")
        body = {"topic": f"//pubsub.googleapis.com/{topic}"}
        body |= {_NOTIFICATION[name]: value for name, value in inputs.items() if name in _NOTIFICATION}
        call("POST", context.addresses.storage, f"/storage/v1/b/{inputs['bucket']}/notificationConfigs", body, owner)
        what = f"{inputs['bucket']}/{inputs.get('objectNamePrefix', '')}* → {topic.rsplit('/', 1)[-1]}"
        found.append(Present(notification.name, "notification", what))
    return found


_OBJECT = {
    *("contentType", "contentEncoding", "contentDisposition", "contentLanguage", "cacheControl", "metadata"),
    *("storageClass", "customTime", "temporaryHold", "eventBasedHold", "contexts", "retention", "kmsKeyName"),
}
_CONTENT = {"bucket", "name", "source", "content", "detectMd5hash", "sourceMd5hash", "deletionPolicy"}


def objects(context: Context) -> list[Present]:
    """Uploads each object: a file, a text, or a tree of files as a zip."""
    declared = context.graph.of("gcp:storage/bucketObject:BucketObject")
    owner = owner_headers(context.addresses.storage) if declared else {}
    for resource in declared:
        _upload(context, resource, owner)
    return []


def upload(context: Context, resource: Resource) -> None:
    """Uploads one object."""
    _upload(context, resource, owner_headers(context.addresses.storage))


def _upload(context: Context, resource: Resource, owner: Mapping[str, str]) -> None:
    inputs, name = _given(resource), resource.outputs["name"]
    for unknown in inputs.keys() - _OBJECT - _CONTENT:
        raise _unknown(resource, unknown)
    metadata: dict[str, Any] = {
        "name": name,
        "contentType": mimetypes.guess_type(name)[0] or "application/octet-stream",
        **{key: value for key, value in inputs.items() if key in _OBJECT},
    }
    described = json.dumps(metadata)
    parts = f"--{_BOUNDARY}\r\nContent-Type: application/json\r\n\r\n{described}\r\n--{_BOUNDARY}\r\n"
    kind = f"Content-Type: {metadata['contentType']}\r\n\r\n"
    data = f"{parts}{kind}".encode() + _content(resource) + f"\r\n--{_BOUNDARY}--\r\n".encode()
    path = f"/upload/storage/v1/b/{inputs['bucket']}/o?uploadType=multipart"
    headers = {"Content-Type": f"multipart/related; boundary={_BOUNDARY}", **owner}
    send("POST", context.addresses.storage, path, data, headers)


def read(context: Context, bucket: str, name: str) -> bytes:
    """The contents of an object. Raises CallFailed."""
    address, path = context.addresses.storage, f"/storage/v1/b/{bucket}/o/{quote(name, safe='')}?alt=media"
    return fetch("GET", address, path, headers=owner_headers(address))


def _content(resource: Resource) -> bytes:
    source = resource.inputs.get("source")
    if isinstance(source, Archive):
        return _zip(source)
    if isinstance(source, FileAsset | StringAsset):
        return _bytes(source)
    if isinstance(content := resource.inputs.get("content"), str):
        return content.encode()
    raise Unrealisable(f"{resource.label}: it has neither a source nor content")


def _zip(archive: Archive) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as out:
        for name in sorted(archive.entries):
            out.writestr(zipfile.ZipInfo(name, _EPOCH), _bytes(archive.entries[name]))
    return packed.getvalue()


def _bytes(asset: FileAsset | StringAsset) -> bytes:
    return asset.path.read_bytes() if isinstance(asset, FileAsset) else asset.text.encode()
