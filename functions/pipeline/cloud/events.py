"""Storage notifications, as the Pub/Sub messages that carry them.

Attributes and payload are Google's: https://cloud.google.com/storage/docs/pubsub-notifications
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ..domain.errors import Poison, Unavailable
from .clients import publisher_client

if TYPE_CHECKING:
    from cloudevents.http import CloudEvent

FINALIZE = "OBJECT_FINALIZE"
_PUBLISH_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class ObjectEvent:
    """A change of one generation of one object. `size` in bytes; `finalized_at` is when it became durable, UTC."""

    message_id: str
    event_type: str
    bucket: str
    name: str
    generation: int
    size: int
    metadata: Mapping[str, str]
    finalized_at: datetime


def decode(event: CloudEvent) -> ObjectEvent:
    """The notification in `event`. Raises Poison, saying what is missing or malformed."""
    message = message_of(event)
    attributes: Mapping[str, str] = message.get("attributes") or {}
    payload = _payload(message)
    try:
        return ObjectEvent(
            message_id=message_id(event),
            event_type=attributes["eventType"],
            bucket=attributes["bucketId"],
            name=attributes["objectId"],
            generation=int(attributes["objectGeneration"]),
            size=int(payload["size"]),
            metadata=dict(payload.get("metadata") or {}),
            finalized_at=datetime.fromisoformat(payload["timeCreated"]),
        )
    except KeyError as error:
        raise Poison(f"the message is not a storage notification: it lacks {error}") from None
    except (TypeError, ValueError) as error:
        raise Poison(f"the message is not a storage notification: {error}") from None


def announce(topic: str, event: ObjectEvent) -> None:
    """Publishes `event` to `topic`, as Cloud Storage would. Raises Unavailable."""
    payload = {
        "name": event.name,
        "bucket": event.bucket,
        "generation": str(event.generation),
        "size": str(event.size),
        "timeCreated": event.finalized_at.isoformat(),
        "metadata": dict(event.metadata),
    }
    attributes = {
        "eventType": event.event_type,
        "payloadFormat": "JSON_API_V1",
        "bucketId": event.bucket,
        "objectId": event.name,
        "objectGeneration": str(event.generation),
    }
    send(topic, json.dumps(payload).encode(), attributes)


def send(topic: str, data: bytes, attributes: Mapping[str, str]) -> None:
    """Publishes a message to `topic`, as projects/PROJECT/topics/NAME. Raises Unavailable."""
    given: Any = dict(attributes)  # the client's own keywords are typed, and none of ours is called so
    sent = publisher_client().publish(topic, data, **given)
    try:
        sent.result(timeout=_PUBLISH_SECONDS)
    except TimeoutError:
        raise Unavailable("Pub/Sub did not answer") from None


def message_id(event: CloudEvent) -> str:
    """Pub/Sub's id of the message, the same at each delivery; for the logs."""
    return str(message_of(event).get("messageId") or event["id"])


def object_name(event: CloudEvent) -> str:
    """The object's name, or empty where the message has none; for the logs."""
    return str((message_of(event).get("attributes") or {}).get("objectId", ""))


def traceparent(event: CloudEvent) -> str | None:
    """The trace that the object's writer was in (tracing.py), where it says so."""
    try:
        found = (_payload(message_of(event)).get("metadata") or {}).get("traceparent")
    except Poison:  # `decode` says it to the handler
        return None
    return found if isinstance(found, str) else None


def topic(event: CloudEvent) -> str:
    """The topic that pushed it, as projects/PROJECT/topics/NAME; the framework knows it from the path of the push."""
    return str(event["source"]).removeprefix("//pubsub.googleapis.com/")


def message_of(event: CloudEvent) -> Mapping[str, Any]:
    """The Pub/Sub message; empty if the event carries no message."""
    data: Any = event.data
    message = data.get("message") if isinstance(data, Mapping) else None
    return message if isinstance(message, Mapping) else {}


def _payload(message: Mapping[str, Any]) -> Mapping[str, Any]:
    if not message.get("data"):
        raise Poison("the message carries no data: the notification needs payload format JSON_API_V1")
    try:
        payload: Any = json.loads(base64.b64decode(message["data"], validate=True))
    except (binascii.Error, ValueError, TypeError) as error:
        raise Poison(f"the message's data is not JSON in base64: {error}") from None
    if not isinstance(payload, Mapping):
        raise Poison(f"the message's data is a {type(payload).__name__}, not an object's metadata")
    return payload
