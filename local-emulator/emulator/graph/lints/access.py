"""Lints of who may do what: mistakes that let strangers in, or one workload do what another should."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..model import Graph, Resource

BUCKET = "gcp:storage/bucket:Bucket"
SERVICE = "gcp:cloudrunv2/service:Service"
JOB = "gcp:cloudrunv2/job:Job"
PUBLIC_BUCKETS = {"media", "site"}
PUBLIC_SERVICES = ("front", "ingest")  # they check their callers' keys themselves


def uniform_access(graph: Graph) -> Iterator[str]:
    """Buckets are governed by IAM alone."""
    for bucket in graph.of(BUCKET):
        if bucket.inputs.get("uniformBucketLevelAccess") is not True:
            yield f"{bucket.label}: needs uniformBucketLevelAccess"


def public_access(graph: Graph) -> Iterator[str]:
    """Strangers read single objects of the public buckets and call the public services; nothing else."""
    meant = {b.outputs["name"]: b for b in graph.of(BUCKET) if b.name in PUBLIC_BUCKETS}
    for service in graph.of(SERVICE):
        if service.inputs.get("invokerIamDisabled") and service.name not in PUBLIC_SERVICES:
            allowed = " and ".join(PUBLIC_SERVICES)
            yield f"{service.label}: invokerIamDisabled lets strangers in; only {allowed} may have it"
    for resource in graph.resources.values():
        if resource.inputs.get("member") not in ("allUsers", "allAuthenticatedUsers"):
            continue
        role = resource.inputs["role"]
        if resource.type.endswith(":BucketIAMMember"):
            if resource.inputs["bucket"] not in meant or role != "roles/storage.legacyObjectReader":
                yield f"{resource.label}: lets strangers into {resource.inputs['bucket']} as {role}"
        else:
            yield f"{resource.label}: lets strangers in as {role}"
    for bucket in graph.of(BUCKET):
        if bucket.name not in PUBLIC_BUCKETS and bucket.inputs.get("publicAccessPrevention") != "enforced":
            yield f"{bucket.label}: is not meant to be public: needs publicAccessPrevention enforced"


def own_accounts(graph: Graph) -> Iterator[str]:
    """Each workload has a service account of its own, and a declared one; so has whoever pushes to it."""
    accounts = {r.outputs["email"] for r in graph.of("Account")}
    users: dict[str, str] = {}
    for resource, email in _accounts_used(graph):
        if email not in accounts:
            yield f"{resource.label}: runs as {email or 'the default account'}, which is not declared here"
        elif email in users:
            yield f"{resource.label}: shares {email} with {users[email]}"
        users[email] = resource.label


def narrow_grants(graph: Graph) -> Iterator[str]:
    """No role in the whole project that is meant for a bucket, and none of the basic ones."""
    for grant in graph.of("gcp:projects/iAMMember:IAMMember"):
        role = grant.inputs["role"]
        if role in ("roles/owner", "roles/editor", "roles/viewer") or role.startswith("roles/storage."):
            yield f"{grant.label}: {role} in the whole project: grant it where it is needed"


def secrets(graph: Graph) -> Iterator[str]:
    """No secret value stands in an environment or in an object of the site."""
    values = {str(_at(r.inputs, path)) for r in graph.resources.values() for path in r.secrets if not _is_object(r)}
    values |= {str(graph.exports[name]) for name in graph.secret_exports}
    for resource in [*graph.of("Function"), *graph.of(SERVICE), *graph.of(JOB), *graph.of("BucketObject")]:
        text = str(resource.inputs)
        if any(value in text for value in values if value):
            yield f"{resource.label}: holds a secret in the clear: use Secret Manager"


def _is_object(resource: Resource) -> bool:
    return resource.type.endswith(":BucketObject")  # the SDK marks every object's content as secret


def _accounts_used(graph: Graph) -> Iterator[tuple[Resource, str]]:
    for function in graph.of("Function"):
        yield function, function.inputs["serviceConfig"].get("serviceAccountEmail", "")
    for service in graph.of(SERVICE):
        yield service, service.inputs["template"].get("serviceAccount", "")
    for job in graph.of(JOB):
        yield job, job.inputs["template"]["template"].get("serviceAccount", "")
    for machine in graph.of("gcp:compute/instance:Instance"):
        yield machine, (machine.inputs.get("serviceAccount") or {}).get("email", "")
    for timer in graph.of("gcp:cloudscheduler/job:Job"):
        yield timer, ((timer.inputs.get("httpTarget") or {}).get("oidcToken") or {}).get("serviceAccountEmail", "")
    pushers: dict[tuple[str, str], Resource] = {}  # of one service there may be one for several subscriptions
    for subscription in graph.of("Subscription"):
        token = (subscription.inputs.get("pushConfig") or {}).get("oidcToken")
        if token:
            pushers.setdefault((token["serviceAccountEmail"], token.get("audience", "")), subscription)
    for (email, _), subscription in pushers.items():
        yield subscription, email


def _at(inputs: Any, path: str) -> Any:
    for part in path.replace("]", "").replace("[", ".").split("."):
        inputs = inputs[int(part)] if isinstance(inputs, list) else inputs[part]
    return inputs
