"""Cloud Functions: a functions-framework process each, run from the source archive in the sources bucket, with
the packages of the lock that the archive holds.

One with `minInstanceCount` 0 starts with its first request; unlike in the cloud, it stays from then on.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from ..environment import cloud_run, of_workload
from ..errors import Unrealisable
from ..graph import Resource
from ..packages.environments import Wanted
from ..process import ProcessSpec
from ..ready import http_answers
from .context import Context
from .secrets import secret_value
from .storage import read
from .trees import sync

_PACKAGES = "requirements.txt"  # what Cloud Build installs, and so does this


def functions(context: Context) -> list[ProcessSpec]:
    """What to run for each function; its tree is unpacked."""
    return [_spec(context, function) for function in context.graph.of("gcp:cloudfunctionsv2/function:Function")]


def _spec(context: Context, function: Resource) -> ProcessSpec:
    name, port = function.outputs["name"], context.ports.port_for(function.name)
    build = function.inputs["buildConfig"]
    target = build["entryPoint"]
    tree = context.tree(function.name)
    source = build.get("source", {}).get("storageSource")
    if not source:
        raise Unrealisable(f"{function.label}: its source is no object of a bucket")
    files = _unpacked(read(context, source["bucket"], source["object"]))
    sync(tree, files)
    packages = Wanted.of([files[_PACKAGES].decode()]) if _PACKAGES in files else Wanted("")
    programs, home = context.programs("functions", packages), context.home(function.name)
    signature = "cloudevent" if function.inputs.get("eventTrigger") else "http"
    platform = {
        **cloud_run(name, port),
        "FUNCTION_TARGET": target,
        "FUNCTION_SIGNATURE_TYPE": signature,
    }
    command = ("functions-framework", "--target", target, "--host", "127.0.0.1", "--port", str(port))
    on_demand = not (function.inputs.get("serviceConfig") or {}).get("minInstanceCount")
    return ProcessSpec(
        name=function.name,
        kind="function",
        command=command,
        env=of_workload(_declared(context, function), platform, context.addresses, tree, home, programs),
        cwd=tree,
        port=port,
        ready=http_answers(port, "/robots.txt"),  # the framework answers it itself, without calling the function
        gives_way=on_demand,  # nobody waits for what nobody keeps warm
        on_demand=on_demand,
    )


def _declared(context: Context, function: Resource) -> Mapping[str, str]:
    config = function.inputs.get("serviceConfig") or {}
    variables = dict(config.get("environmentVariables") or {})
    for secret in config.get("secretEnvironmentVariables") or []:
        variables[secret["key"]] = secret_value(context.graph, secret["secret"], function, secret["key"])
    return variables


def _unpacked(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return {name: packed.read(name) for name in packed.namelist() if not name.endswith("/")}
