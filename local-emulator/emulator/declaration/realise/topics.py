"""Topics and subscriptions, in Google's Pub/Sub emulator.

Pulumi's input names are those of the REST API, and the emulator refuses a field or a value it does not know, so a
subscription goes over as it was declared.
"""

from __future__ import annotations

from typing import Any

from ...errors import Unrealisable
from ...rest import call
from ..graph import Resource
from .context import Context, Present

_PULUMI_ONLY = ("name", "project", "tags")


def topics(context: Context) -> list[Present]:
    """Creates each topic."""
    found: list[Present] = []
    for topic in context.graph.of("gcp:pubsub/topic:Topic"):
        call("PUT", context.addresses.pubsub, f"/v1/{topic.id}", _body(topic))
        found.append(Present(topic.name, "topic", topic.outputs["name"]))
    return found


def subscriptions(context: Context) -> list[Present]:
    """Creates each subscription, with its push endpoint, back-off and dead letters."""
    found: list[Present] = []
    for subscription in context.graph.of("gcp:pubsub/subscription:Subscription"):
        body = _body(subscription)
        if body.get("filter"):
            raise Unrealisable(f"{subscription.label}: the Pub/Sub emulator ignores filters, it would get everything")
        body["topic"] = _path(context, body["topic"])
        if not (body.get("expirationPolicy") or {}).get("ttl"):
            body.pop("expirationPolicy", None)  # "" is Pulumi's way to say never; the emulator never expires one
        call("PUT", context.addresses.pubsub, f"/v1/{subscription.id}", body)
        push = (body.get("pushConfig") or {}).get("pushEndpoint", "")
        found.append(
            Present(subscription.name, "subscription", push or f"pull from {body['topic'].rsplit('/', 1)[-1]}")
        )
    return found


_NOT_HERE = {
    *("tags", "kmsKeyName", "schemaSettings", "messageStoragePolicy", "ingestionDataSourceSettings"),
    *("messageTransforms", "bigqueryConfig", "cloudStorageConfig", "bigtableConfig", "enableExactlyOnceDelivery"),
}
"""What Google's emulator of Pub/Sub takes, and does nothing about."""


def _body(resource: Resource) -> dict[str, Any]:
    for name in _NOT_HERE & resource.inputs.keys():
        if resource.inputs[name]:
            raise Unrealisable(f"{resource.label}: its {name} is not brought up here, and would be missing unnoticed")
    return {key: value for key, value in resource.inputs.items() if key not in _PULUMI_ONLY and value is not None}


def _path(context: Context, topic: str) -> str:
    return topic if topic.startswith("projects/") else f"projects/{context.project}/topics/{topic}"
