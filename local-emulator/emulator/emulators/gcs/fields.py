"""The fields that clients may set of a bucket or an object: kept, merged, or refused if they would have no effect."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from . import lifecycle
from .clock import parse_rfc3339
from .errors import ApiError, bad_request, not_implemented
from .transfer.http import whole_number

OBJECT_FIELDS = frozenset(
    {
        "contentType",
        "contentEncoding",
        "contentDisposition",
        "contentLanguage",
        "cacheControl",
        "metadata",
        "customTime",
        "storageClass",
        "acl",
        "contexts",
    }
)
BUCKET_FIELDS = frozenset(
    {
        "location",
        "storageClass",
        "versioning",
        "lifecycle",
        "cors",
        "labels",
        "website",
        "iamConfiguration",
        "softDeletePolicy",
        "rpo",
        "acl",
        "defaultObjectAcl",
        "autoclass",
        "billing",
        "encryption",
    }
)
_SHOWN = frozenset({"kind", "id", "selfLink", "name", "generation", "metageneration", "etag", "timeCreated", "updated"})
_SHOWN_OF_OBJECTS = _SHOWN | {
    *("bucket", "mediaLink", "size", "md5Hash", "crc32c", "componentCount", "owner", "timeDeleted", "timeFinalized"),
    *("timeStorageClassUpdated", "softDeleteTime", "hardDeleteTime", "retentionExpirationTime", "restoreToken"),
    "customerEncryption",
}
_SHOWN_OF_BUCKETS = _SHOWN | {
    *("projectNumber", "owner", "locationType", "satisfiesPZS", "satisfiesPZI", "softDeleteTime", "hardDeleteTime"),
}
"""Fields that Google's service sets and clients send back with a change: they are ignored."""

_NOT_OF_OBJECTS = frozenset({"retention", "kmsKeyName", "temporaryHold", "eventBasedHold"})
_NOT_OF_BUCKETS = frozenset(
    {
        *("retentionPolicy", "ipFilter", "objectRetention", "defaultEventBasedHold", "customPlacementConfig"),
        *("hierarchicalNamespace", "logging"),
    }
)
_NOTHING: tuple[Any, ...] = (None, False, {}, {"enabled": False})
"""What Google's service does and this emulator does not; a value that asks for nothing is taken."""
_DUAL = frozenset({"ASIA1", "EUR4", "EUR5", "EUR7", "EUR8", "NAM4"})
_TYPES = {
    "cors": list,
    "labels": dict,
    "lifecycle": dict,
    "versioning": dict,
    "metadata": dict,
    "iamConfiguration": dict,
}
_BUCKET_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]")
_PREDEFINED = {
    "publicRead": [{"entity": "allUsers", "role": "READER"}],
    "publicReadWrite": [{"entity": "allUsers", "role": "WRITER"}],
    "authenticatedRead": [{"entity": "allAuthenticatedUsers", "role": "READER"}],
}


def check_bucket_name(name: str) -> str:
    """The name, if a bucket may have it. Raises 400."""
    if not _BUCKET_NAME.fullmatch(name) or name.startswith("goog"):
        raise bad_request(
            f"Invalid bucket name: '{name}'. Use 3 to 222 of a-z, 0-9, '-', '_' and '.', not beginning with 'goog'.",
            xml="InvalidBucketName",
        )
    return name


def check_object_name(name: str) -> str:
    """The name, if an object may have it: 1 to 1,024 bytes of UTF-8 without line breaks. Raises 400."""
    bad = {"\r", "\n", "\0"} & set(name) or name in (".", "..") or name.startswith(".well-known/acme-challenge/")
    try:
        length = len(name.encode())
    except UnicodeEncodeError:
        length = 0
    if bad or not 1 <= length <= 1024:
        raise bad_request(
            f"Invalid object name: {name!r}. Use 1 to 1024 bytes of UTF-8 without line breaks, not '.' or '..'.",
            xml="InvalidObjectName",
        )
    return name


def bucket_fields(resource: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of `resource` that a bucket keeps. Raises 400 for unknown fields and for those without effect."""
    check_names(resource, BUCKET_FIELDS | _SHOWN_OF_BUCKETS | _NOT_OF_BUCKETS, "bucket")
    _check_types(resource)
    nested = (("autoclass", "enabled"), ("billing", "requesterPays"), ("encryption", "defaultKmsKeyName"))
    refused = [f"{outer}.{inner}" for outer, inner in nested if (resource.get(outer) or {}).get(inner)]
    refused += sorted(name for name in _NOT_OF_BUCKETS if resource.get(name) not in _NOTHING)
    kept = (resource.get("softDeletePolicy") or {}).get("retentionDurationSeconds", 0)
    if whole_number("softDeletePolicy.retentionDurationSeconds", str(kept)):
        refused.append("softDeletePolicy.retentionDurationSeconds other than 0")
    if resource.get("rpo") not in (None, "DEFAULT"):
        refused.append(f"rpo {resource['rpo']}")
    if str(resource.get("location", "")).upper() in _DUAL:
        refused.append(f"location {resource['location']}, a dual-region")
    if refused:
        raise not_implemented(f"The bucket setting {', '.join(refused)}")
    lifecycle.check(resource.get("lifecycle") or {})
    for rule in resource.get("cors") or ():
        if not isinstance(rule, dict) or not all(isinstance(rule.get(name), list) for name in ("origin", "method")):
            raise bad_request("Invalid value for field cors: each rule needs lists of origin and method.")
    return {name: value for name, value in resource.items() if name in BUCKET_FIELDS}


def object_fields(resource: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of `resource` that an object keeps. Raises 400 for unknown fields and for those without effect."""
    check_names(resource, OBJECT_FIELDS | _SHOWN_OF_OBJECTS | _NOT_OF_OBJECTS, "object")
    _check_types(resource)
    for name in sorted(_NOT_OF_OBJECTS):
        if resource.get(name):
            raise not_implemented(f"The object setting {name}")
    kept = {name: value for name, value in resource.items() if name in OBJECT_FIELDS}
    for key, value in (kept.get("metadata") or {}).items():
        if value is not None and not isinstance(value, str):
            raise bad_request(f"Invalid metadata value of {key!r}: it must be a string.")
    if kept.get("customTime") is not None:
        _check_time(kept["customTime"])
    return kept


def check_names(resource: Mapping[str, Any], known: Collection[str], kind: str) -> None:
    """Raises 400 for a field that no `kind` has, as what it should say would be dropped."""
    for name in resource:
        if name not in known:
            raise bad_request(f'Invalid JSON payload received. Unknown name "{name}" in the {kind}: Cannot find field.')


def predefined_acl(query: Mapping[str, str], name: str = "predefinedAcl") -> dict[str, Any]:
    """The `acl` field that a predefined list stands for; empty where none is asked for or it grants nothing more."""
    acl = _PREDEFINED.get(query.get(name, ""))
    return {"acl": acl} if acl else {}


def merge(current: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """PATCH: null removes, objects merge, anything else replaces (RFC 7396)."""
    merged = dict(current)
    for name, value in changes.items():
        if value is None:
            merged.pop(name, None)
        elif isinstance(value, dict):
            before = merged.get(name)
            merged[name] = merge(before if isinstance(before, dict) else {}, value)
        else:
            merged[name] = value
    return merged


def without_nulls(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that are set: a resource in full (insert, update) says null for those that are absent."""
    return merge({}, fields)


def _check_types(resource: Mapping[str, Any]) -> None:
    for name, kind in _TYPES.items():
        value = resource.get(name)
        if value is not None and not isinstance(value, kind):
            raise bad_request(
                f"Invalid value for field {name}: it must be {'a list' if kind is list else 'an object'}."
            )


def _check_time(value: object) -> None:
    try:
        parse_rfc3339(str(value))
    except ValueError:
        raise ApiError(400, "invalid", f"Invalid customTime {value!r}: it must be an RFC 3339 time.") from None
