"""Lints of topics, subscriptions and notifications: mistakes that deploy cleanly and then lose messages in silence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..model import Graph

TOPIC_GRANT = "gcp:pubsub/topicIAMMember:TopicIAMMember"
INVOKER = "gcp:cloudrunv2/serviceIamMember:ServiceIamMember"
SERVICE = "gcp:cloudrunv2/service:Service"


def dead_letters(graph: Graph) -> Iterator[str]:
    """A subscription with dead letters has all four things that they need, and every push subscription has them, but
    those that take dead letters themselves."""
    grants = {(r.inputs["topic"], r.inputs["role"], r.inputs["member"]) for r in graph.of(TOPIC_GRANT)}
    subscribers = {
        (r.inputs["subscription"], r.inputs["role"], r.inputs["member"]) for r in graph.of("SubscriptionIAMMember")
    }
    agent = graph.named("ServiceIdentity", "pubsub").outputs["member"]
    read = {r.inputs["topic"] for r in graph.of("Subscription")}
    last = {(r.inputs.get("deadLetterPolicy") or {}).get("deadLetterTopic") for r in graph.of("Subscription")}
    for subscription in graph.of("Subscription"):
        policy = subscription.inputs.get("deadLetterPolicy")
        if not policy:
            if subscription.inputs.get("pushConfig") and subscription.inputs["topic"] not in last:
                yield f"{subscription.label}: no deadLetterPolicy: a poison message would be pushed for ever"
            continue
        dead = policy["deadLetterTopic"]
        if (dead, "roles/pubsub.publisher", agent) not in grants:
            yield f"{subscription.label}: {agent} may not publish to {dead}"
        if (subscription.id, "roles/pubsub.subscriber", agent) not in subscribers:
            yield f"{subscription.label}: {agent} may not acknowledge on it, so nothing would ever be forwarded"
        if dead not in read:
            yield f"{subscription.label}: {dead} has no subscription: dead letters would be dropped"


def notifications(graph: Graph) -> Iterator[str]:
    """Cloud Storage may publish each notification."""
    for notification in graph.of("Notification"):
        grants = [
            r
            for r in graph.of(TOPIC_GRANT)
            if r.inputs["topic"] == notification.inputs["topic"]
            and r.inputs["role"] == "roles/pubsub.publisher"
            and "gs-project-accounts" in r.inputs["member"]
        ]
        if not grants:
            yield f"{notification.label}: Cloud Storage may not publish to {notification.inputs['topic']}"


def push_identity(graph: Graph) -> Iterator[str]:
    """Every push carries a token for the very service it goes to, of an account that may call that service."""
    servers = {r.outputs["serviceConfig"]["uri"]: r for r in graph.of("Function")}
    servers |= {r.outputs["uri"]: r for r in graph.of(SERVICE)}
    callers = {
        (r.inputs["name"], r.inputs["member"]) for r in graph.of(INVOKER) if r.inputs["role"] == "roles/run.invoker"
    }
    for subscription in graph.of("Subscription"):
        push: dict[str, Any] = subscription.inputs.get("pushConfig") or {}
        if not push:
            continue
        uri = next((uri for uri in servers if push["pushEndpoint"].startswith(uri + "/")), None)
        token: dict[str, Any] = push.get("oidcToken") or {}
        if uri is None:
            yield f"{subscription.label}: pushes to {push['pushEndpoint']}, which nothing here serves"
        elif token.get("audience") != uri:
            yield f"{subscription.label}: needs an oidcToken with the audience {uri}"
        else:
            name = servers[uri].outputs["name"]
            if (name, f"serviceAccount:{token['serviceAccountEmail']}") not in callers:
                yield f"{subscription.label}: {token['serviceAccountEmail']} may not invoke {name}"


def push_path(graph: Graph) -> Iterator[str]:
    """A push ends in the topic's name, the only place where the functions framework finds it."""
    for subscription in graph.of("Subscription"):
        push: dict[str, Any] = subscription.inputs.get("pushConfig") or {}
        if push and not push["pushEndpoint"].endswith(f"/{subscription.inputs['topic']}"):
            yield f"{subscription.label}: must push to …/{subscription.inputs['topic']}"


def patience(graph: Graph) -> Iterator[str]:
    """A subscription waits longer than its handler may take, backs off, and does not vanish when idle."""
    timeouts = {
        r.outputs["serviceConfig"]["uri"]: int(r.inputs["serviceConfig"]["timeoutSeconds"])
        for r in graph.of("Function")
    }
    for subscription in graph.of("Subscription"):
        push: dict[str, Any] = subscription.inputs.get("pushConfig") or {}
        for uri, timeout in timeouts.items():
            if push and push["pushEndpoint"].startswith(uri + "/"):
                deadline = subscription.inputs.get("ackDeadlineSeconds", 10)
                if deadline < timeout:
                    yield f"{subscription.label}: waits {deadline} s for a function that may take {timeout} s"
        if push and not subscription.inputs.get("retryPolicy"):
            yield f"{subscription.label}: no retryPolicy: a refused message would be pushed again at once"
        if (subscription.inputs.get("expirationPolicy") or {}).get("ttl") != "":
            yield f"{subscription.label}: is deleted after 31 idle days without an expirationPolicy whose ttl is empty"
