"""Cloud Functions: functions-framework processes, run from the source archive in the sources bucket, with the packages
of the lock that the archive holds.

One with `minInstanceCount` 0 starts with its first request; unlike in the cloud, it stays from then on. Those, and
those with the label `gives-way`, leave the processor to the others.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from ...errors import Unrealisable
from ...processes.process import ProcessSpec
from ...processes.ready import http_answers
from ..environment import cloud_run, of_workload
from ..graph import Graph, Resource
from ..packages.environments import Wanted
from .accounts import identity
from .context import Context
from .instances import FRAMEWORK_PROBE, FUNCTION, Place, memory, spread
from .secrets import secret_value
from .storage import read
from .trees import sync

_PACKAGES = "requirements.txt"  # what Cloud Build installs, and so does this


def functions(context: Context) -> list[ProcessSpec]:
    """The processes of each function, whose archive is unpacked."""
    return [spec for function in context.graph.of(FUNCTION) for spec in _instances(context, function)]


def _instances(context: Context, function: Resource) -> list[ProcessSpec]:
    build = function.inputs["buildConfig"]
    target = build["entryPoint"]
    tree = context.tree(function.name)
    source = _source(function)
    files = _unpacked(read(context, source["bucket"], source["object"]))
    sync(tree, files)
    packages = Wanted.of([files[_PACKAGES].decode()]) if _PACKAGES in files else Wanted("")
    programs, home = context.programs("functions", packages), context.home(function.name)
    signature = "cloudevent" if function.inputs.get("eventTrigger") else "http"
    declared = _declared(context, function)
    warm = bool((function.inputs.get("serviceConfig") or {}).get("minInstanceCount"))
    last = (function.inputs.get("labels") or {}).get("gives-way") == "true"

    def instance(place: Place) -> ProcessSpec:
        platform = {
            **cloud_run(function.outputs["name"], place.port),
            **identity(context, function),
            "FUNCTION_TARGET": target,
            "FUNCTION_SIGNATURE_TYPE": signature,
        }
        return ProcessSpec(
            name=place.name,
            kind="function",
            command=("functions-framework", "--target", target, "--host", "127.0.0.1", "--port", str(place.port)),
            env=of_workload(declared, platform, context.addresses, tree, home, programs),
            cwd=tree,
            port=place.port,
            ready=http_answers(place.port, FRAMEWORK_PROBE),
            gives_way=last or not warm,  # nothing on the way of a live stream is left cold
            on_demand=place.on_demand,
            memory=memory(function),
        )

    return spread(context, function, instance)


def archive(graph: Graph, function: Resource) -> Resource:
    """The declared object that holds the source of `function`. Raises Unrealisable where none does."""
    source = _source(function)
    for declared in graph.of("gcp:storage/bucketObject:BucketObject"):
        if (declared.inputs["bucket"], declared.outputs["name"]) == (source["bucket"], source["object"]):
            return declared
    raise Unrealisable(f"{function.label}: no declared object is {source['bucket']}/{source['object']}, its source")


def _source(function: Resource) -> dict[str, str]:
    """Bucket and object."""
    source = function.inputs["buildConfig"].get("source", {}).get("storageSource")
    if not source:
        raise Unrealisable(f"{function.label}: its source is not an object of a bucket")
    return source


def _declared(context: Context, function: Resource) -> Mapping[str, str]:
    config = function.inputs.get("serviceConfig") or {}
    variables = dict(config.get("environmentVariables") or {})
    for secret in config.get("secretEnvironmentVariables") or []:
        variables[secret["key"]] = secret_value(context.graph, secret["secret"], function, secret["key"])
    return variables


def _unpacked(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return {name: packed.read(name) for name in packed.namelist() if not name.endswith("/")}
