"""Notification configurations, and the messages that changes of objects make: Google's attributes and payload."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .clock import rfc3339
from .errors import bad_request
from .fields import check_names
from .model import Bucket, StoredObject, etag
from .resources import object_resource

FINALIZE = "OBJECT_FINALIZE"
DELETE = "OBJECT_DELETE"
ARCHIVE = "OBJECT_ARCHIVE"
METADATA_UPDATE = "OBJECT_METADATA_UPDATE"
EVENT_TYPES = (FINALIZE, METADATA_UPDATE, DELETE, ARCHIVE)
PAYLOAD_FORMATS = ("JSON_API_V1", "NONE")
_TOPIC = re.compile(r"(?://pubsub\.googleapis\.com/)?(projects/[^/]+/topics/[A-Za-z][\w.~+%-]{2,254})")


@dataclass(frozen=True, slots=True)
class Event:
    """A change of one version of an object. `other` is the generation it overwrote, or was overwritten by."""

    type: str
    stored: StoredObject
    at: int
    other: int | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """A message to publish: `topic` as projects/P/topics/T."""

    topic: str
    data: bytes
    attributes: dict[str, str]


def configuration(resource: Mapping[str, Any], number: int, bucket: str, base: str) -> dict[str, Any]:
    """`storage#notification` from what a client asks for. Raises 400 saying what would be right."""
    check_names(resource, {"kind", "id", "selfLink", "etag", "topic", "payload_format", *_OPTIONAL}, "notification")
    topic = _TOPIC.fullmatch(str(resource.get("topic", "")))
    if not topic:
        raise bad_request(
            f"Invalid topic {resource.get('topic')!r}: use //pubsub.googleapis.com/projects/PROJECT/topics/TOPIC,"
            " where TOPIC is 3 to 255 letters, digits and -_.~+% and begins with a letter."
        )
    payload = resource.get("payload_format")
    if payload not in PAYLOAD_FORMATS:
        raise bad_request(f"Invalid payload_format {payload!r}: use one of {', '.join(PAYLOAD_FORMATS)}.")
    for event in resource.get("event_types") or ():
        if event not in EVENT_TYPES:
            raise bad_request(f"Invalid event_types entry {event!r}: use one of {', '.join(EVENT_TYPES)}.")
    optional = {name: resource[name] for name in _OPTIONAL if resource.get(name)}
    return {
        "kind": "storage#notification",
        "id": str(number),
        "selfLink": f"{base}/storage/v1/b/{bucket}/notificationConfigs/{number}",
        "etag": etag(number),
        "topic": f"//pubsub.googleapis.com/{topic[1]}",
        "payload_format": payload,
        **optional,
    }


_OPTIONAL = ("event_types", "custom_attributes", "object_name_prefix")


def messages(bucket: Bucket, event: Event, base: str) -> Iterator[Message]:
    """One message for each configuration of the bucket that asks for this event."""
    for config in bucket.notifications:
        types = config.get("event_types")
        if types and event.type not in types:
            continue
        if not event.stored.name.startswith(config.get("object_name_prefix", "")):
            continue
        yield _message(config, event, base)


def _message(config: Mapping[str, Any], event: Event, base: str) -> Message:
    stored = event.stored
    attributes = {
        **config.get("custom_attributes", {}),
        "notificationConfig": f"projects/_/buckets/{stored.bucket}/notificationConfigs/{config['id']}",
        "eventType": event.type,
        "payloadFormat": config["payload_format"],
        "bucketId": stored.bucket,
        "objectId": stored.name,
        "objectGeneration": str(stored.generation),
        "eventTime": rfc3339(event.at, digits=6),
    }
    if event.other is not None:
        name = "overwroteGeneration" if event.type == FINALIZE else "overwrittenByGeneration"
        attributes[name] = str(event.other)
    payload = config["payload_format"] == "JSON_API_V1"
    data = json.dumps(object_resource(stored, base), ensure_ascii=False).encode() if payload else b""
    return Message(config["topic"].removeprefix("//pubsub.googleapis.com/"), data, attributes)
