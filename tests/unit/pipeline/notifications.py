"""Storage notifications as Pub/Sub pushes them."""

from __future__ import annotations

import base64
import json
from typing import Any

from cloudevents.http import CloudEvent

PAYLOAD = {
    "name": "segments/s/x/00000001.ts",
    "bucket": "media",
    "generation": "1700000000000001",
    "size": "1250000",
    "timeCreated": "2026-05-04T12:00:00.123Z",
    "metadata": {"media-time": "2.0"},
}
ATTRIBUTES = {
    "eventType": "OBJECT_FINALIZE",
    "payloadFormat": "JSON_API_V1",
    "bucketId": "media",
    "objectId": "segments/s/x/00000001.ts",
    "objectGeneration": "1700000000000001",
}


def event(message: Any) -> CloudEvent:
    return CloudEvent({"id": "7", "type": "google.cloud.pubsub.topic.v1.messagePublished", "source": "//p"}, message)


def message(payload: Any = PAYLOAD, attributes: Any = ATTRIBUTES) -> dict[str, Any]:
    data = base64.b64encode(json.dumps(payload).encode()).decode()
    return {"message": {"messageId": "42", "data": data, "attributes": attributes}}
