"""Lints of who may do what: mistakes that let strangers in, or one workload do what another should."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ..model import Graph, Resource

BUCKET = "gcp:storage/bucket:Bucket"
DATABASE = "gcp:firestore/database:Database"
SERVICE = "gcp:cloudrunv2/service:Service"
JOB = "gcp:cloudrunv2/job:Job"
# What a workload, or what builds one, may be given: in the whole project, and in one resource.
IN_PROJECT = {
    "roles/artifactregistry.reader",
    "roles/datastore.user",
    "roles/datastore.viewer",
    "roles/logging.logWriter",
    "roles/speech.client",
    "roles/telemetry.metricsWriter",
    "roles/telemetry.tracesWriter",
}
IN_RESOURCE = {
    "roles/artifactregistry.writer",
    "roles/iam.serviceAccountTokenCreator",
    "roles/pubsub.publisher",
    "roles/pubsub.subscriber",
    "roles/run.invoker",
    "roles/run.jobsExecutorWithOverrides",
    "roles/run.viewer",
    "roles/secretmanager.secretAccessor",
    "roles/storage.objectCreator",
    "roles/storage.objectUser",
    "roles/storage.objectViewer",
}
WRITE = ("roles/storage.objectCreator", "roles/storage.objectUser")
WRITERS = {"media": {"front"}}  # who may write anywhere in a bucket; the others to the prefixes that they write
PUBLIC_SERVICES = ("front", "ingest")  # they check their callers' keys themselves


def uniform_access(graph: Graph) -> Iterator[str]:
    """Buckets are governed by IAM alone."""
    for bucket in graph.of(BUCKET):
        if bucket.inputs.get("uniformBucketLevelAccess") is not True:
            yield f"{bucket.label}: needs uniformBucketLevelAccess"


def public_access(graph: Graph) -> Iterator[str]:
    """Strangers may call the public services, and nothing else: organisations refuse grants to `allUsers`."""
    for service in graph.of(SERVICE):
        if service.inputs.get("invokerIamDisabled") and service.name not in PUBLIC_SERVICES:
            allowed = " and ".join(PUBLIC_SERVICES)
            yield f"{service.label}: invokerIamDisabled lets strangers in; only {allowed} may have it"
    for resource in graph.resources.values():
        members = {resource.inputs.get("member"), *(resource.inputs.get("members") or ())}
        if members & {"allUsers", "allAuthenticatedUsers"}:
            yield f"{resource.label}: lets strangers in as {resource.inputs.get('role')}: organisations refuse that"
    for bucket in graph.of(BUCKET):
        if bucket.inputs.get("publicAccessPrevention") != "enforced":
            yield f"{bucket.label}: needs publicAccessPrevention enforced: no bucket is public"


def own_accounts(graph: Graph) -> Iterator[str]:
    """Each workload has a declared service account of its own; so has each subscription that pushes to it."""
    accounts = {r.outputs["email"] for r in graph.of("Account")}
    users: dict[str, str] = {}
    for resource, email in accounts_used(graph):
        if email not in accounts:
            yield f"{resource.label}: runs as {email or 'the default account'}, which is not declared here"
        elif email in users:
            yield f"{resource.label}: shares {email} with {users[email]}"
        users[email] = resource.label


def narrow_grants(graph: Graph) -> Iterator[str]:
    """No role that is wider than those listed here, in the whole project or in one resource."""
    for grant in grants(graph):
        role, project = grant.inputs["role"], grant.type == "gcp:projects/iAMMember:IAMMember"
        if grant.inputs["member"] in ("allUsers", "allAuthenticatedUsers"):
            continue  # public_access judges these
        if project and role in IN_RESOURCE and grant.inputs.get("condition"):
            continue
        if role not in (IN_PROJECT if project else IN_RESOURCE):
            where = "in the whole project: grant it where it is needed" if project else "is on no list of access.py"
            yield f"{grant.label}: {role} {where}"


def one_database(graph: Graph) -> Iterator[str]:
    """A right in Firestore is one in a declared database, not in all that the project has."""
    paths = {f"projects/{d.outputs['project']}/databases/{d.outputs['name']}" for d in graph.of(DATABASE)}
    exact = {f'resource.name == "{path}"' for path in paths}
    for grant in graph.of("gcp:projects/iAMMember:IAMMember"):
        if not grant.inputs["role"].startswith("roles/datastore."):
            continue
        if (grant.inputs.get("condition") or {}).get("expression") not in exact:
            yield f"{grant.label}: {grant.inputs['role']} in every database: its condition must name a declared one"


def narrow_writes(graph: Graph) -> Iterator[str]:
    """In a bucket that many write to, each may write under its own prefixes."""
    buckets = {bucket.outputs["name"]: WRITERS[bucket.name] for bucket in graph.of(BUCKET) if bucket.name in WRITERS}
    names = {account.outputs["member"]: account.name for account in graph.of("Account")}
    for grant in graph.of("BucketIAMMember"):
        everywhere = buckets.get(grant.inputs["bucket"])
        if everywhere is None or grant.inputs["role"] not in WRITE:
            continue
        start = f'resource.name.startsWith("projects/_/buckets/{grant.inputs["bucket"]}/objects/'
        expression = (grant.inputs.get("condition") or {}).get("expression", "")
        if names.get(grant.inputs["member"]) not in everywhere and start not in expression:
            yield f"{grant.label}: may write anywhere in {grant.inputs['bucket']}: name the prefixes that it writes"


def grants(graph: Graph) -> list[Resource]:
    """Every resource that gives a member a role."""
    return [r for r in graph.resources.values() if r.type.endswith(("IAMMember", "IamMember"))]


def app_check(graph: Graph) -> Iterator[str]:
    """Where the page has App Check, the services that browsers call demand its tokens, and front checks them."""
    told = [json.loads(one.inputs["content"]) for one in graph.of("BucketObject") if one.name == "config.json"]
    key = told[0].get("appCheck") if told else None
    configs = graph.of("gcp:firebase/appCheckServiceConfig:AppCheckServiceConfig")
    enforced = {r.inputs["serviceId"] for r in configs if r.inputs.get("enforcementMode") == "ENFORCED"}
    wanted = {"firestore.googleapis.com", "identitytoolkit.googleapis.com"} if key else set[str]()
    for service in sorted(wanted ^ enforced):
        yield f"App Check: {service} must be ENFORCED exactly where config.json names a site key"
    for service in graph.of(SERVICE):
        given = {one["name"]: one.get("value") for one in service.inputs["template"]["containers"][0].get("envs") or []}
        if "SITE_BUCKET" in given and given.get("APP_CHECK_APP") != (key or {}).get("app"):
            yield f"{service.label}: needs the page's APP_CHECK_APP, so that tokens are checked"


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


def accounts_used(graph: Graph) -> Iterator[tuple[Resource, str]]:
    """Every resource with the account that it runs as or is called by."""
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
