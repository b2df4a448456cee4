"""Dead letters of a running stack: read, and left where they are."""

from __future__ import annotations

from ..rest import call
from ..state import Endpoints

_MOST = 100


def dead_letters(endpoints: Endpoints, stream: str) -> list[str]:
    """A line for each dead letter about an object of `stream`. Raises CallFailed."""
    path = f"/v1/projects/{endpoints.project}/subscriptions"
    subscriptions = call("GET", endpoints.pubsub, path).get("subscriptions", [])
    found: list[str] = []
    for subscription in subscriptions:
        if not subscription["topic"].endswith("-dead"):
            continue
        name, topic = subscription["name"], subscription["topic"].rsplit("/", 1)[1]
        pulled = call("POST", endpoints.pubsub, f"/v1/{name}:pull", {"maxMessages": _MOST, "returnImmediately": True})
        messages = pulled.get("receivedMessages", [])
        if messages:
            back = {"ackIds": [message["ackId"] for message in messages], "ackDeadlineSeconds": 0}
            call("POST", endpoints.pubsub, f"/v1/{name}:modifyAckDeadline", back)
        objects = {str(message["message"].get("attributes", {}).get("objectId", "")) for message in messages}
        found += [f"dead letter in {topic}: {object}" for object in sorted(objects) if f"/{stream}/" in object]
    return found
