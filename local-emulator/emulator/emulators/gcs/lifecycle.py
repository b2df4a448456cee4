"""Lifecycle rules: their check, and the versions that they say are due for deletion. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .clock import DAY, parse_rfc3339
from .errors import bad_request, not_implemented
from .model import Content, StoredObject

# Each takes the condition's value, the version, the time and how many newer versions there are.
_Condition = Callable[[Any, StoredObject, int, int], bool]


def _since(field: Callable[[StoredObject], int | None]) -> _Condition:
    def met(days: Any, stored: StoredObject, now: int, newer: int) -> bool:
        start = field(stored)
        return start is not None and start + int(days) * DAY <= now

    return met


def _before(field: Callable[[StoredObject], int | None]) -> _Condition:
    def met(date: Any, stored: StoredObject, now: int, newer: int) -> bool:
        start = field(stored)
        return start is not None and start < parse_rfc3339(str(date))

    return met


def _custom_time(stored: StoredObject) -> int | None:
    text = stored.fields.get("customTime")
    return parse_rfc3339(text) if text else None


CONDITIONS: dict[str, _Condition] = {
    "age": _since(lambda stored: stored.created),
    "createdBefore": _before(lambda stored: stored.created),
    "customTimeBefore": _before(_custom_time),
    "daysSinceCustomTime": _since(_custom_time),
    "daysSinceNoncurrentTime": _since(lambda stored: stored.deleted),
    "noncurrentTimeBefore": _before(lambda stored: stored.deleted),
    "isLive": lambda wanted, stored, now, newer: stored.live is bool(wanted),
    "numNewerVersions": lambda least, stored, now, newer: newer >= int(least),
    "matchesPrefix": lambda prefixes, stored, now, newer: stored.name.startswith(tuple(prefixes)),
    "matchesSuffix": lambda suffixes, stored, now, newer: stored.name.endswith(tuple(suffixes)),
    "matchesStorageClass": lambda kinds, stored, now, newer: stored.fields.get("storageClass", "STANDARD") in kinds,
}


# Everything that a condition can ask about, to try a condition's value on.
_PROBE = StoredObject("b", "n", 1, 1, Content("", 0, "", ""), 0, 0, {"customTime": "1970-01-01T00:00:00Z"}, 0)


def check(lifecycle: Mapping[str, Any]) -> None:
    """Raises 400 for rules that make no sense, and for actions that would silently have no effect."""
    for rule in lifecycle.get("rule") or ():
        action = (rule.get("action") or {}).get("type")
        # There are no XML multipart uploads here, so none that could be incomplete.
        if action not in ("Delete", "AbortIncompleteMultipartUpload"):
            raise not_implemented(f"The lifecycle action {action!r}")
        for name, value in (rule.get("condition") or {}).items():
            _check_condition(name, value)


def _check_condition(name: str, value: Any) -> None:
    if name not in CONDITIONS:
        raise bad_request(f"Invalid lifecycle condition {name!r}: use one of {', '.join(CONDITIONS)}.")
    try:
        CONDITIONS[name](value, _PROBE, 0, 0)
    except (TypeError, ValueError):
        raise bad_request(f"Invalid value for lifecycle condition {name}: {value!r}.") from None


def due(rules: list[Mapping[str, Any]], stored: StoredObject, now: int, newer: int) -> bool:
    """Whether a Delete rule applies: all of its conditions hold. `newer` counts newer versions of the name."""
    return any(_applies(rule.get("condition") or {}, stored, now, newer) for rule in rules)


def _applies(conditions: Mapping[str, Any], stored: StoredObject, now: int, newer: int) -> bool:
    return bool(conditions) and all(CONDITIONS[name](value, stored, now, newer) for name, value in conditions.items())


def delete_rules(bucket_fields: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The rules that delete."""
    rules = (bucket_fields.get("lifecycle") or {}).get("rule") or []
    return [rule for rule in rules if (rule.get("action") or {}).get("type") == "Delete"]
