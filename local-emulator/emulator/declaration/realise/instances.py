"""The instances of a service or a function: as many processes as this stack runs of it, each on a port of its own.

Cloud Run's front end (`emulator.emulators.cloud_run`) listens on the port of the workload itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ...emulators.cloud_run.workload import Workload
from ...processes.memory import parse
from ...processes.process import ProcessSpec
from ..graph import Resource
from .context import Context

FUNCTION, SERVICE = "gcp:cloudfunctionsv2/function:Function", "gcp:cloudrunv2/service:Service"
FRAMEWORK_PROBE = "/robots.txt"  # the functions framework answers it itself, without calling the function
_CONCURRENCY = {FUNCTION: 1, SERVICE: 80}  # Cloud Run's, where nothing is declared
_TIMEOUT = {FUNCTION: "60s", SERVICE: "300s"}
_MAX_INSTANCES = 100


@dataclass(frozen=True, slots=True)
class Place:
    """The place of one instance. One `on_demand` is started by its first request."""

    name: str
    port: int
    on_demand: bool


def spread(context: Context, workload: Resource, build: Callable[[Place], ProcessSpec]) -> list[ProcessSpec]:
    """The processes of a service or a function. Those over its least number start when they are needed."""
    least = _least(workload)
    ports = _ports(context, workload)
    names = [workload.name, *(f"{workload.name}-{number}" for number in range(2, len(ports) + 1))]
    return [
        build(Place(name, port, number >= least)) for number, (name, port) in enumerate(zip(names, ports, strict=True))
    ]


def workloads(context: Context) -> list[Workload]:
    """The workloads that the front end serves, with their declared limits."""
    return [_workload(context, resource) for kind in (FUNCTION, SERVICE) for resource in context.graph.of(kind)]


def memory(workload: Resource) -> int:
    """Bytes that an instance may hold."""
    if workload.type == FUNCTION:
        return parse(_scale(workload).get("availableMemory") or "256Mi")
    return memory_of(workload.inputs["template"]["containers"][0])


def memory_of(container: dict[str, Any]) -> int:
    """Bytes that a container of a service or a job may hold."""
    return parse(((container.get("resources") or {}).get("limits") or {}).get("memory") or "512Mi")


def probe(workload: Resource) -> str:
    """The path that says whether an instance is ready."""
    if workload.type == FUNCTION:
        return FRAMEWORK_PROBE
    container: dict[str, Any] = workload.inputs["template"]["containers"][0]
    return ((container.get("startupProbe") or {}).get("httpGet") or {}).get("path", "/")


def _workload(context: Context, resource: Resource) -> Workload:
    declared = _scale(resource)
    timeout = declared.get("timeoutSeconds") or str(declared.get("timeout") or _TIMEOUT[resource.type]).rstrip("s")
    return Workload(
        name=resource.name,
        service=str(resource.outputs["name"]),
        port=context.ports.port_for(resource.name),
        instances=tuple(_ports(context, resource)),
        concurrency=int(declared.get("maxInstanceRequestConcurrency") or _CONCURRENCY[resource.type]),
        max_instances=_most(resource),
        timeout=float(timeout),
        probe=probe(resource),
    )


def _ports(context: Context, workload: Resource) -> list[int]:
    count = min(context.instances, _most(workload))
    return [context.ports.port_for(f"{workload.name}/{number}") for number in range(1, count + 1)]


def _least(workload: Resource) -> int:
    return int(_scale(workload).get("minInstanceCount") or 0)


def _most(workload: Resource) -> int:
    return int(_scale(workload).get("maxInstanceCount") or _MAX_INSTANCES)


def _scale(workload: Resource) -> dict[str, Any]:
    """Concurrency, least and most instances, and timeout, under the names of a function or a service."""
    if workload.type == FUNCTION:
        return workload.inputs.get("serviceConfig") or {}
    template: dict[str, Any] = workload.inputs["template"]
    return {**template, **(template.get("scaling") or {})}
