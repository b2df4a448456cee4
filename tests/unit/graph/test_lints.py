"""The program keeps every rule, and each rule catches a program that does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from emulator.declaration.graph import Graph, lints
from emulator.declaration.graph.lints import access, labels, lifecycle, messages, order, running

BUCKET = "gcp:storage/bucket:Bucket"
SERVICE = "gcp:cloudrunv2/service:Service"
PUBLIC = "gcp:storage/bucketIAMMember:BucketIAMMember"

Case = tuple[Callable[..., Any], str, str, dict[str, Any], str]
CASES: list[Case] = [
    (labels.cost_labels, "gcp", "gcp", {"inputs": {"defaultLabels": None}}, "Bucket media: needs the labels"),
    (
        labels.cost_labels,
        "gcp:monitoring/uptimeCheckConfig:UptimeCheckConfig",
        "ingest",
        {"inputs": {"userLabels": None}},
        "UptimeCheckConfig ingest: needs the labels",
    ),
    (
        messages.dead_letters,
        "TopicIAMMember",
        "frames-dead",
        {"remove": True},
        "detect: serviceAccount:service-* may not publish",
    ),
    (messages.dead_letters, "SubscriptionIAMMember", "detect-dead", {"remove": True}, "may not acknowledge"),
    (messages.dead_letters, "Subscription", "frames-dead", {"remove": True}, "dead letters would be dropped"),
    (messages.dead_letters, "Subscription", "detect", {"inputs": {"deadLetterPolicy": None}}, "for ever"),
    (
        messages.notifications,
        "TopicIAMMember",
        "frames-storage",
        {"remove": True},
        "Notification frames: Cloud Storage",
    ),
    (
        messages.push_identity,
        "Subscription",
        "sample",
        {"inputs": {"pushConfig.oidcToken": None}},
        "needs an oidcToken",
    ),
    (messages.push_identity, "Subscription", "sample", {"inputs": {"pushConfig.oidcToken.audience": "x"}}, "audience"),
    (messages.push_identity, "Subscription", "sample", {"inputs": {"pushConfig.pushEndpoint": "http://x/"}}, "nothing"),
    (messages.push_identity, "ServiceIamMember", "sample-push", {"remove": True}, "may not invoke dev-sample"),
    (messages.push_path, "Subscription", "sample", {"inputs": {"topic": "projects/p/topics/t"}}, "must push to"),
    (messages.patience, "Subscription", "sample", {"inputs": {"ackDeadlineSeconds": 20}}, "waits 20 s for a function"),
    (messages.patience, "Subscription", "sample", {"inputs": {"retryPolicy": None}}, "no retryPolicy"),
    (messages.patience, "Subscription", "sample", {"inputs": {"expirationPolicy": None}}, "31 idle days"),
    (
        access.one_database,
        "gcp:projects/iAMMember:IAMMember",
        "sample-user",
        {"inputs": {"condition": None}},
        "IAMMember sample-user: roles/datastore.user in every database",
    ),
    (access.uniform_access, BUCKET, "media", {"inputs": {"uniformBucketLevelAccess": False}}, "Bucket media: needs"),
    (access.public_access, PUBLIC, "front-site-objectViewer", {"inputs": {"member": "allUsers"}}, "lets strangers in"),
    (
        access.public_access,
        "ServiceIamMember",
        "sample-push",
        {"inputs": {"member": "allUsers"}},
        "lets strangers in as",
    ),
    (
        access.public_access,
        "SecretIamMember",
        "front-admin-key",
        {"inputs": {"member": "allUsers"}},
        "lets strangers in",
    ),
    (access.public_access, "ServiceIamMember", "housekeep-timer", {"inputs": {"member": "allUsers"}}, "lets strangers"),
    (access.public_access, BUCKET, "uploads", {"inputs": {"publicAccessPrevention": "inherited"}}, "Bucket uploads"),
    (
        access.own_accounts,
        "Function",
        "detect",
        {"inputs": {"serviceConfig.serviceAccountEmail": "dev-sample@acme-video.iam.gserviceaccount.com"}},
        "shares dev-sample@",
    ),
    (
        access.own_accounts,
        "Subscription",
        "frames-dead",
        {"inputs": {"pushConfig.oidcToken.serviceAccountEmail": "dev-detect-push@acme-video.iam.gserviceaccount.com"}},
        "shares dev-detect-push@",
    ),
    (access.own_accounts, SERVICE, "ingest", {"inputs": {"template.serviceAccount": None}}, "the default account"),
    (
        access.narrow_grants,
        "gcp:projects/iAMMember:IAMMember",
        "front-user",
        {"inputs": {"role": "roles/editor"}},
        "editor",
    ),
    (
        access.narrow_grants,
        "gcp:projects/iAMMember:IAMMember",
        "build-logWriter",
        {"inputs": {"role": "roles/cloudbuild.builds.builder"}},
        "builds.builder in the whole project",
    ),
    (
        access.narrow_grants,
        "gcp:projects/iAMMember:IAMMember",
        "functions-build-copies",
        {"inputs": {"condition": None}},
        "storage.objectViewer in the whole project",
    ),
    (
        access.narrow_grants,
        "BucketIAMMember",
        "detect-media-objectViewer",
        {"inputs": {"role": "roles/storage.admin"}},
        "roles/storage.admin is on no list",
    ),
    (
        access.narrow_writes,
        "BucketIAMMember",
        "ingest-media-objectUser",
        {"inputs": {"condition": None}},
        "may write anywhere in acme-video-dev-media",
    ),
    (
        order.apis_first,
        "Sleep",
        "apis",
        {"inputs": {"createDuration": "5s"}},
        "Bucket media: must wait 60 s after Service",
    ),
    (order.apis_first, "gcp", "gcp", {"depends": ()}, "Topic frames: must wait 60 s after Service pubsub"),
    (order.agents_first, "ServiceIdentity", "pubsub", {"remove": True}, "declare its ServiceIdentity"),
    (order.agents_first, "TopicIAMMember", "frames-dead", {"depends": ()}, "must depend on ServiceIdentity pubsub"),
    (
        order.grants_first,
        "Notification",
        "frames",
        {"depends": ()},
        "frames: must wait 60 s after TopicIAMMember frames-st",
    ),
    (
        order.grants_first,
        "Subscription",
        "sample",
        {"depends": ()},
        "must wait 60 s after ServiceIamMember sample-push",
    ),
    (
        order.grants_first,
        "Subscription",
        "sample",
        {"depends": ()},
        "must wait 60 s after TopicIAMMember segments-dead",
    ),
    (order.grants_first, "Subscription", "sample", {"depends": ()}, "must wait 60 s after IAMMember sample-push-token"),
    (order.grants_first, "Function", "bury", {"depends": ()}, "bury: must wait 60 s after IAMMember bury-user"),
    (
        order.grants_first,
        "Function",
        "bury",
        {"depends": ()},
        "must wait 60 s after RepositoryIamMember functions-build",
    ),
    (
        order.grants_first,
        SERVICE,
        "ingest",
        {"depends": ()},
        "must wait 60 s after BucketIAMMember ingest-media-objectU",
    ),
    (
        order.grants_first,
        "gcp:cloudscheduler/job:Job",
        "housekeep",
        {"depends": ()},
        "must wait 60 s after ServiceIamMember housekeep-timer",
    ),
    (
        order.grants_first,
        "gcp:cloudrunv2/job:Job",
        "importer",
        {"depends": ()},
        "must wait 60 s after BucketIAMMember importer-media",
    ),
    (order.functions_in_turn, "Function", "detect", {"depends": ()}, "must be made before all other functions"),
    (
        order.functions_in_turn,
        "Function",
        "detect",
        {"inputs": {"buildConfig.dockerRepository": None}},
        "Function detect: needs a dockerRepository",
    ),
    (
        lifecycle.destroyable,
        BUCKET,
        "media",
        {"inputs": {"forceDestroy": False}},
        "Bucket media: `pulumi destroy` stops",
    ),
    (
        lifecycle.destroyable,
        "Database",
        "database",
        {"inputs": {"deleteProtectionState": "DELETE_PROTECTION_ENABLED"}},
        "Database database: is protected",
    ),
    (lifecycle.destroyable, "ApiKey", "browser", {"inputs": {"deletionPolicy": None}}, "ApiKey browser: once used"),
    (lifecycle.destroyable, "Ruleset", "firestore", {"inputs": {"deletionPolicy": None}}, "its release stays"),
    (
        lifecycle.destroyable,
        SERVICE,
        "ingest",
        {"inputs": {"deletionProtection": None}},
        "Service ingest: deletionProtec",
    ),
    (lifecycle.comes_again, "ApiKey", "browser", {"inputs": {"name": "dev-browser"}}, "stays taken for 30 days"),
    (lifecycle.comes_again, "Database", "database", {"depends": ()}, "its id is refused for 300 s after its end"),
    (running.idle_costs, "Function", "sample", {"inputs": {"serviceConfig.minInstanceCount": 1}}, "must be 0"),
    (running.idle_costs, SERVICE, "ingest", {"inputs": {"template.scaling.minInstanceCount": 1}}, "must be 0"),
    (running.idle_costs, SERVICE, "ingest", {"inputs": {"template.containers.0.resources.cpuIdle": False}}, "cpuIdle"),
    (
        running.sizes,
        "Function",
        "imports",
        {"inputs": {"serviceConfig.maxInstanceRequestConcurrency": 4}},
        "imports: takes 4 requests at once with 0.333 vCPU",
    ),
    (
        running.sizes,
        SERVICE,
        "ingest",
        {"inputs": {"template.containers.0.resources.limits.memory": "8Gi"}},
        "has 8 GiB with 1 vCPU: 0.125 to 4",
    ),
    (
        running.sizes,
        "gcp:cloudrunv2/job:Job",
        "importer",
        {"inputs": {"template.template.containers.0.resources.limits.cpu": "3"}},
        "has 3 vCPU: 1, 2, 4",
    ),
    (
        access.app_check,
        "BucketObject",
        "config.json",
        {"inputs": {"content": '{"appCheck": {"app": "1:2:web:3", "siteKey": "k"}}'}},
        "App Check: firestore.googleapis.com must be ENFORCED",
    ),
    (running.retention, BUCKET, "media", {"inputs": {"lifecycleRules": None}}, "grows for ever"),
]


def test_the_program_keeps_every_rule(graph: Graph, root: Path) -> None:
    assert lints.check(graph, root) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0].__name__}: {case[4]}")
def test_a_broken_graph_is_caught(broken: Callable[..., Graph], case: Case) -> None:
    lint, type, name, damage, complaint = case
    complaints = list(lint(broken(type, name, **damage)))
    assert complaints
    start, _, end = complaint.partition("*")
    assert any(start in line and end in line for line in complaints), complaints


def test_every_rule_has_a_broken_graph_that_it_catches() -> None:
    assert {case[0] for case in CASES} | {access.secrets} == set(lints.LINTS)


def test_a_service_that_strangers_may_call_and_are_not_meant_to_is_caught(graph: Graph) -> None:
    front = graph.named(SERVICE, "front")
    damaged = replace(graph, resources={**graph.resources, front.urn: replace(front, name="clip")})
    assert [line.split(";")[0] for line in access.public_access(damaged)] == [
        "Service clip: invokerIamDisabled lets strangers in"
    ]


def test_a_secret_in_an_environment_is_caught(broken: Callable[..., Graph], graph: Graph) -> None:
    key = graph.exports["adminKey"]
    path = "serviceConfig.environmentVariables.ADMIN_KEY"
    assert list(access.secrets(broken("Function", "sample", inputs={path: key}))) == [
        "Function sample: holds a secret in the clear: use Secret Manager"
    ]


def test_a_secret_in_the_page_s_config_is_caught(broken: Callable[..., Graph], graph: Graph) -> None:
    content = f'{{"adminKey": "{graph.exports["adminKey"]}"}}'
    damaged = broken("BucketObject", "config.json", inputs={"content": content})
    assert [line.split(":")[0] for line in access.secrets(damaged)] == ["BucketObject config.json"]


def test_a_variable_that_nobody_reads_is_caught(broken: Callable[..., Graph], root: Path) -> None:
    damaged = broken("Function", "sample", inputs={"serviceConfig.environmentVariables.INGEST_URL": "x"})
    assert list(running.environment(damaged, root)) == [
        "Function sample: is given INGEST_URL, which its source does not read"
    ]


def test_a_required_variable_that_is_not_set_is_caught(broken: Callable[..., Graph], root: Path) -> None:
    damaged = broken("Function", "sample", inputs={"serviceConfig.environmentVariables.MEDIA_BUCKET": None})
    assert list(running.environment(damaged, root)) == [
        "Function sample: MEDIA_BUCKET is not set, and its source requires it"
    ]


def test_a_graph_without_exports_has_no_secret_to_betray(graph: Graph) -> None:
    assert list(access.secrets(replace(graph, exports={}, secret_exports=()))) == []
