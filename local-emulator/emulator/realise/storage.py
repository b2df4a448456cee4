"""Buckets, their objects, notifications and IAM policies, in the GCS emulator."""

from __future__ import annotations

import io
import json
import mimetypes
import zipfile
from collections import defaultdict
from typing import Any
from urllib.parse import quote

from ..errors import Unrealisable
from ..graph import Archive, FileAsset, Resource, StringAsset
from ..rest import call, fetch, send
from .context import Context, Present

_BOUNDARY = "media-analyzer-part"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # zip's own: the same files give the same archive


def buckets(context: Context) -> list[Present]:
    """Creates each bucket with its CORS, lifecycle and access settings."""
    found: list[Present] = []
    for bucket in context.graph.of("gcp:storage/bucket:Bucket"):
        name, address = bucket.outputs["name"], context.addresses.storage
        call("POST", address, f"/storage/v1/b?project={context.project}", {"name": name, **_settings(bucket.inputs)})
        found.append(Present(bucket.name, "bucket", name, f"http://{address}/storage/v1/b/{name}/o"))
    return found


def _settings(inputs: dict[str, Any]) -> dict[str, Any]:
    """Pulumi's names in the JSON API's."""
    body: dict[str, Any] = {"location": inputs.get("location", "US")}
    if inputs.get("cors"):
        names = {"origins": "origin", "methods": "method", "responseHeaders": "responseHeader"}
        body["cors"] = [{names.get(key, key): value for key, value in rule.items()} for rule in inputs["cors"]]
    if inputs.get("lifecycleRules"):
        names = {"matchesPrefixes": "matchesPrefix", "matchesSuffixes": "matchesSuffix"}
        body["lifecycle"] = {
            "rule": [
                {"action": r["action"], "condition": {names.get(k, k): v for k, v in r["condition"].items()}}
                for r in inputs["lifecycleRules"]
            ]
        }
    body["iamConfiguration"] = {
        "uniformBucketLevelAccess": {"enabled": bool(inputs.get("uniformBucketLevelAccess"))},
        "publicAccessPrevention": inputs.get("publicAccessPrevention", "inherited"),
    }
    if inputs.get("versioning"):
        body["versioning"] = inputs["versioning"]
    return body


def policies(context: Context) -> list[Present]:
    """Sets each bucket's IAM policy to the bindings of its declared members."""
    bindings: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for member in context.graph.of("gcp:storage/bucketIAMMember:BucketIAMMember"):
        condition = {"condition": member.inputs["condition"]} if member.inputs.get("condition") else {}
        binding = {"role": member.inputs["role"], "members": [member.inputs["member"]], **condition}
        bindings[member.inputs["bucket"]].append(binding)
    for bucket, bound in bindings.items():
        # Version 3 is the one that knows conditions.
        call("PUT", context.addresses.storage, f"/storage/v1/b/{bucket}/iam", {"version": 3, "bindings": bound})
    return []


def hmac_keys(context: Context) -> list[Present]:
    """Hands each declared HMAC key to the emulator: in the cloud it is Cloud Storage that makes it."""
    for key in context.graph.of("gcp:storage/hmacKey:HmacKey"):
        known = {
            "accessId": key.outputs["accessId"],
            "secret": key.outputs["secret"],
            "serviceAccountEmail": key.inputs["serviceAccountEmail"],
        }
        call("POST", context.addresses.storage, "/_emulator/hmacKeys", known)
    return []


def notifications(context: Context) -> list[Present]:
    """Creates each notificationConfig; its topic is there already."""
    found: list[Present] = []
    for notification in context.graph.of("gcp:storage/notification:Notification"):
        inputs = notification.inputs
        topic = inputs["topic"].removeprefix("//pubsub.googleapis.com/")
        body = {
            "topic": f"//pubsub.googleapis.com/{topic}",
            "payload_format": inputs["payloadFormat"],
            "event_types": inputs.get("eventTypes"),
            "object_name_prefix": inputs.get("objectNamePrefix"),
            "custom_attributes": inputs.get("customAttributes"),
        }
        wanted = {key: value for key, value in body.items() if value}
        call("POST", context.addresses.storage, f"/storage/v1/b/{inputs['bucket']}/notificationConfigs", wanted)
        what = f"{inputs['bucket']}/{inputs.get('objectNamePrefix', '')}* → {topic.rsplit('/', 1)[-1]}"
        found.append(Present(notification.name, "notification", what))
    return found


def objects(context: Context) -> list[Present]:
    """Uploads each object: a file, a text, or a tree of files as a zip."""
    for resource in context.graph.of("gcp:storage/bucketObject:BucketObject"):
        inputs, name = resource.inputs, resource.outputs["name"]
        metadata = {
            "name": name,
            "contentType": inputs.get("contentType") or mimetypes.guess_type(name)[0] or "application/octet-stream",
            "cacheControl": inputs.get("cacheControl"),
            "metadata": inputs.get("metadata"),
        }
        described = json.dumps({key: value for key, value in metadata.items() if value})
        parts = f"--{_BOUNDARY}\r\nContent-Type: application/json\r\n\r\n{described}\r\n--{_BOUNDARY}\r\n"
        kind = f"Content-Type: {metadata['contentType']}\r\n\r\n"
        data = f"{parts}{kind}".encode() + _content(resource) + f"\r\n--{_BOUNDARY}--\r\n".encode()
        path = f"/upload/storage/v1/b/{inputs['bucket']}/o?uploadType=multipart"
        headers = {"Content-Type": f"multipart/related; boundary={_BOUNDARY}"}
        send("POST", context.addresses.storage, path, data, headers)
    return []


def read(context: Context, bucket: str, name: str) -> bytes:
    """The contents of an object. Raises CallFailed."""
    return fetch("GET", context.addresses.storage, f"/storage/v1/b/{bucket}/o/{quote(name, safe='')}?alt=media")


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
