"""The realiser of each type, and their order."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ...errors import Unrealisable
from ...processes.process import ProcessSpec
from ..graph import Graph
from ..graph.kinds import REALISED, RECORDED
from . import auth, front_end, functions, jobs, machines, rules, schedules, services, storage, topics
from .context import Context, Present

Realiser = Callable[[Context], list[Present]]

# Types whose realiser is another's: a function reads its archive, a service its image, both their secrets.
BY_TYPE: dict[str, object] = {
    "gcp:storage/bucket:Bucket": storage.buckets,
    "gcp:storage/bucketObject:BucketObject": storage.objects,
    "gcp:storage/notification:Notification": storage.notifications,
    "gcp:storage/bucketIAMMember:BucketIAMMember": storage.policies,
    "gcp:storage/hmacKey:HmacKey": storage.hmac_keys,
    "gcp:pubsub/topic:Topic": topics.topics,
    "gcp:pubsub/subscription:Subscription": topics.subscriptions,
    "gcp:firestore/database:Database": rules.rules,
    "gcp:firebaserules/ruleset:Ruleset": rules.rules,
    "gcp:identityplatform/config:Config": auth.sign_in,
    "gcp:cloudfunctionsv2/function:Function": functions.functions,
    "gcp:cloudrunv2/service:Service": services.services,
    "gcp:cloudrunv2/job:Job": jobs.jobs,
    "gcp:cloudscheduler/job:Job": schedules.schedules,
    "gcp:compute/instance:Instance": machines.machines,
    "docker-build:index:Image": services.services,
    "gcp:secretmanager/secretVersion:SecretVersion": functions.functions,
    "random:index/randomPassword:RandomPassword": functions.functions,
}
_IN: dict[str, tuple[Realiser, ...]] = {
    "gcs": (storage.buckets, storage.policies, storage.hmac_keys, storage.objects),
    "pubsub": (topics.topics, topics.subscriptions),
    "firestore": (rules.rules,),
}


def check(graph: Graph) -> None:
    """Raises Unrealisable for a resource whose type is on no list."""
    for resource in graph.resources.values():
        if resource.type not in BY_TYPE and resource.type not in RECORDED and not resource.type.startswith("media:"):
            raise Unrealisable(f"{resource.label}: {resource.type} has no realiser, and is on no list of types without")
    if missing := REALISED.keys() - BY_TYPE.keys():
        raise Unrealisable(f"no realiser for {', '.join(sorted(missing))}")


def held_by(emulator: str, context: Context) -> list[Present]:
    """Creates what `emulator` (gcs, pubsub, firestore) holds. The three can be filled side by side."""
    return [present for realiser in _IN[emulator] for present in realiser(context)]


def wiring(context: Context, infra: Path) -> list[Present]:
    """Creates what joins them, once all are filled; jobs before the events that run them."""
    return jobs.jobs(context, infra) + storage.notifications(context)


def processes(context: Context, infra: Path) -> list[ProcessSpec]:
    """Everything that runs, once gcs is filled: functions come from their archives.

    The front end comes first: it is there before the first event.
    """
    front = [front_end.process(context)]
    return front + functions.functions(context) + services.services(context, infra) + machines.machines(context, infra)
