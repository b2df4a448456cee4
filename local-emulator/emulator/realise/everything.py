"""Which realiser takes which type, and their order."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ..errors import Unrealisable
from ..graph import Graph
from ..graph.kinds import REALISED, RECORDED
from ..process import ProcessSpec
from . import functions, rules, services, storage, topics
from .context import Context, Present

Realiser = Callable[[Context], list[Present]]

# Types whose realiser is another's: a function reads its archive, a service its image, both their secrets.
BY_TYPE: dict[str, object] = {
    "gcp:storage/bucket:Bucket": storage.buckets,
    "gcp:storage/bucketObject:BucketObject": storage.objects,
    "gcp:storage/notification:Notification": storage.notifications,
    "gcp:storage/bucketIAMMember:BucketIAMMember": storage.policies,
    "gcp:pubsub/topic:Topic": topics.topics,
    "gcp:pubsub/subscription:Subscription": topics.subscriptions,
    "gcp:firestore/database:Database": rules.rules,
    "gcp:firebaserules/ruleset:Ruleset": rules.rules,
    "gcp:cloudfunctionsv2/function:Function": functions.functions,
    "gcp:cloudrunv2/service:Service": services.services,
    "docker-build:index:Image": services.services,
    "gcp:secretmanager/secretVersion:SecretVersion": functions.functions,
    "random:index/randomPassword:RandomPassword": functions.functions,
}
_STORAGE: tuple[Realiser, ...] = (storage.buckets, storage.policies, storage.objects)
_PUBSUB: tuple[Realiser, ...] = (topics.topics, topics.subscriptions)
_FIRESTORE: tuple[Realiser, ...] = (rules.rules,)


def check(graph: Graph) -> None:
    """Raises Unrealisable for a resource whose type nobody decided on."""
    for resource in graph.resources.values():
        if resource.type not in BY_TYPE and resource.type not in RECORDED and not resource.type.startswith("media:"):
            raise Unrealisable(f"{resource.label}: {resource.type} has no realiser, and is on no list of types without")
    if missing := REALISED.keys() - BY_TYPE.keys():
        raise Unrealisable(f"no realiser for {', '.join(sorted(missing))}")


def prepare(context: Context) -> list[Present]:
    """Everything that an emulator holds. The three emulators are filled side by side, each in order."""

    def all_of(realisers: tuple[Realiser, ...]) -> list[Present]:
        return [present for realiser in realisers for present in realiser(context)]

    with ThreadPoolExecutor() as pool:
        found = [present for part in pool.map(all_of, (_STORAGE, _PUBSUB, _FIRESTORE)) for present in part]
    return found + storage.notifications(context)


def processes(context: Context, infra: Path) -> list[ProcessSpec]:
    """Everything that runs."""
    return functions.functions(context) + services.services(context, infra)
