"""Lints of the order in which things are made: what the first deployment into a new project would fail by.

Google answers before all its servers know: between what was granted or enabled and what needs it stands a wait.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..model import Graph, Resource
from . import access, apis

SLEEP = "time:index/sleep:Sleep"
FUNCTION = "gcp:cloudfunctionsv2/function:Function"
PUBLISHER = "roles/pubsub.publisher"
TOKENS = "roles/iam.serviceAccountTokenCreator"
LEAST = 60  # seconds of a wait


def apis_first(graph: Graph) -> Iterator[str]:
    """Resources that call an API are made a while after the API was enabled."""
    services = {r.inputs["service"].removesuffix(".googleapis.com"): r for r in graph.of(apis.SERVICE)}
    for resource in graph.resources.values():
        for api in apis.of_type(resource) or ():
            if api in services and not _settled(graph, services[api], resource):
                yield f"{resource.label}: must wait {LEAST} s after {services[api].label}"


def agents_first(graph: Graph) -> Iterator[str]:
    """Google's own accounts are there before they are granted something."""
    agents = {r.outputs["email"]: r for r in graph.of("ServiceIdentity")}
    for grant in access.grants(graph):
        account = grant.inputs["member"].rpartition(":")[2]
        if "@gcp-sa-" not in account:
            continue
        if account not in agents:
            yield f"{grant.label}: {account} may not be there yet: declare its ServiceIdentity"
        elif agents[account].urn not in graph.before(grant):
            yield f"{grant.label}: must depend on {agents[account].label}"


def grants_first(graph: Graph) -> Iterator[str]:
    """What runs, is called or is built as an account is made a while after all that the account was granted; so is what
    Google's own accounts do for it."""
    for resource, grant in _needed(graph):
        if resource.urn not in graph.before(grant) and not _settled(graph, grant, resource):
            yield f"{resource.label}: must wait {LEAST} s after {grant.label}"


def functions_in_turn(graph: Graph) -> Iterator[str]:
    """One function is built before all others, and into a registry of ours: that of Google is made on the way."""
    functions = graph.of(FUNCTION)
    firsts = [f for f in functions if all(f.urn in graph.before(other) for other in functions if other is not f)]
    if functions and not firsts:
        yield f"{functions[0].label}: must be made before all other functions"
    for function in functions:
        if not function.inputs["buildConfig"].get("dockerRepository"):
            yield f"{function.label}: needs a dockerRepository"


def _needed(graph: Graph) -> Iterator[tuple[Resource, Resource]]:
    """Each resource with each grant that it cannot do without."""
    grants = access.grants(graph)
    for resource, email in _users(graph):
        yield from ((resource, grant) for grant in grants if grant.inputs["member"] == f"serviceAccount:{email}")
    for notification in graph.of("Notification"):
        yield from ((notification, g) for g in grants if _of_agent(g, PUBLISHER, "topic", notification.inputs["topic"]))
    for subscription in graph.of("Subscription"):
        dead = (subscription.inputs.get("deadLetterPolicy") or {}).get("deadLetterTopic")
        pusher = _pusher(subscription)
        for grant in grants:
            tokens = str(grant.inputs.get("serviceAccountId", "")).endswith(f"/{pusher}")
            if _of_agent(grant, PUBLISHER, "topic", dead) or (tokens and grant.inputs["role"] == TOKENS):
                yield subscription, grant


def _users(graph: Graph) -> Iterator[tuple[Resource, str]]:
    """Every resource with each account that it runs as, is called by or is built by."""
    yield from access.accounts_used(graph)
    for function in graph.of(FUNCTION):
        yield function, str(function.inputs["buildConfig"].get("serviceAccount", "")).rpartition("/")[2]
    for subscription in graph.of("Subscription"):
        yield subscription, _pusher(subscription)


def _pusher(subscription: Resource) -> str:
    push: dict[str, Any] = subscription.inputs.get("pushConfig") or {}
    return (push.get("oidcToken") or {}).get("serviceAccountEmail", "-")


def _of_agent(grant: Resource, role: str, key: str, value: str | None) -> bool:
    """Whether `grant` gives an account of Google's `role` in what its input `key` names."""
    google = "@gcp-sa-" in grant.inputs["member"] or "@gs-project-accounts" in grant.inputs["member"]
    return google and grant.inputs["role"] == role and value is not None and grant.inputs.get(key) == value


def _settled(graph: Graph, first: Resource, then: Resource) -> bool:
    """Whether a wait stands between the two."""
    before = graph.before(then)
    waits = (wait for wait in graph.of(SLEEP) if wait.urn in before and _seconds(wait, "createDuration") >= LEAST)
    return any(first.urn in graph.before(wait) for wait in waits)


def _seconds(wait: Resource, key: str) -> int:
    text = str(wait.inputs.get(key, "0s"))
    return int(text.removesuffix("s")) if text.endswith("s") else 0
