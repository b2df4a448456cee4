"""What clients may declare of a bucket or an object: taken over, merged, or refused where it would have no effect."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from . import lifecycle
from .clock import parse_rfc3339
from .errors import ApiError, bad_request, not_implemented

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
        "temporaryHold",
        "eventBasedHold",
        "acl",
        "contexts",
    }
)
BUCKET_FIELDS = frozenset(
    {
        "location",
        "locationType",
        "storageClass",
        "versioning",
        "lifecycle",
        "cors",
        "labels",
        "website",
        "logging",
        "iamConfiguration",
        "softDeletePolicy",
        "rpo",
        "acl",
        "defaultObjectAcl",
        "customPlacementConfig",
        "autoclass",
        "billing",
        "encryption",
    }
)
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
    """What a bucket keeps of `resource`. Raises 400, and 501 for what would silently have no effect."""
    _check_types(resource)
    nested = (("autoclass", "enabled"), ("billing", "requesterPays"), ("encryption", "defaultKmsKeyName"))
    refused = [f"{outer}.{inner}" for outer, inner in nested if (resource.get(outer) or {}).get(inner)]
    refused += [name for name in ("retentionPolicy", "ipFilter", "objectRetention") if resource.get(name)]
    if (resource.get("hierarchicalNamespace") or {}).get("enabled"):
        refused.append("hierarchicalNamespace.enabled")
    if refused:
        raise not_implemented(f"The bucket setting {', '.join(refused)}")
    lifecycle.check(resource.get("lifecycle") or {})
    for rule in resource.get("cors") or ():
        if not isinstance(rule, dict) or not all(isinstance(rule.get(name), list) for name in ("origin", "method")):
            raise bad_request("Invalid value for field cors: each rule needs lists of origin and method.")
    return {name: value for name, value in resource.items() if name in BUCKET_FIELDS}


def object_fields(resource: Mapping[str, Any]) -> dict[str, Any]:
    """What an object keeps of `resource`. Raises 400, and 501 for what would silently have no effect."""
    _check_types(resource)
    for name in ("retention", "kmsKeyName"):
        if resource.get(name):
            raise not_implemented(f"The object setting {name}")
    kept = {name: value for name, value in resource.items() if name in OBJECT_FIELDS}
    for key, value in (kept.get("metadata") or {}).items():
        if value is not None and not isinstance(value, str):
            raise bad_request(f"Invalid metadata value of {key!r}: it must be a string.")
    if kept.get("customTime") is not None:
        _check_time(kept["customTime"])
    return kept


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
    """What is declared in full (insert, update) says null for what is absent."""
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
